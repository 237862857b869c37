import type { Container, JSONObject, OperationInput } from "@azure/cosmos";
import type { DocumentName, InsightDocument } from "../../domain/documents.ts";
import { notNewerThan } from "../../domain/fences.ts";
import type { CosmosContainers } from "./client.ts";
import type {
  DocumentWrite,
  Store,
  StoredDocument,
  WriteAnswer,
} from "./index.ts";

/** The SDK's bulk helper waits a second for more before it sends a batch that is not full. */
const BULK_FROM = 50;
/** A request of the bulk helper holds about 220 KB of operations: a document near that is written by itself. */
const BULK_MOST_BYTES = 100_000;
/** Single writes at once. */
const SINGLES = 50;

/** The SDK would give a document without an id a random one. */
const AS_NAMED = { disableAutomaticIdGeneration: true };

const PAGE_QUERY =
  "SELECT TOP @limit * FROM c WHERE c.partition = @partition AND c.id > @after AND STARTSWITH(c.id, @prefix) " +
  "AND (NOT IS_DEFINED(c.deleted) OR c.deleted = false) ORDER BY c.id";

/** Over all partitions. Each document that it finds is written over then, and is not found again. */
const OLDER_QUERY =
  "SELECT c.id, c.partition FROM c WHERE c.fence < @fence AND c.deleted = false";

export function storeOver(containers: CosmosContainers): Store {
  return {
    async read(container, partition, id, etag) {
      const item = (await containers(container)).item(id, partition);
      const { resource, statusCode } =
        etag === undefined
          ? await item.read<StoredDocument>()
          : await item.read<StoredDocument>({
              accessCondition: { type: "IfNoneMatch", condition: etag },
            });
      return statusCode === 304 ? "unchanged" : resource;
    },

    async page(container, { partition, idPrefix, after, limit }) {
      const { items } = await containers(container);
      const query = items.query<StoredDocument>(
        {
          query: PAGE_QUERY,
          parameters: [
            { name: "@limit", value: limit },
            { name: "@partition", value: partition },
            { name: "@after", value: after },
            { name: "@prefix", value: idPrefix },
          ],
        },
        { partitionKey: partition, maxItemCount: limit },
      );
      return (await query.fetchAll()).resources;
    },

    async write(name, writes) {
      const container = await containers(name);
      const answers = new Array<WriteAnswer>(writes.length);
      const small = [...writes.keys()].filter(
        (at) => writes[at] !== undefined && isForBulk(writes[at]),
      );
      const many = small.length < BULK_FROM ? [] : small;
      const inBulk = new Set(many);
      const bulk = await writeMany(container, pick(writes, many));
      many.forEach((at, index) => (answers[at] = bulk[index] ?? NO_ANSWER));
      const alone = [...writes.keys()].filter((at) => !inBulk.has(at));
      for (let from = 0; from < alone.length; from += SINGLES) {
        const group = alone.slice(from, from + SINGLES);
        const singles = await Promise.all(
          pick(writes, group).map((write) => writeOne(container, write)),
        );
        group.forEach(
          (at, index) => (answers[at] = singles[index] ?? NO_ANSWER),
        );
      }
      return answers;
    },

    async findContainer(name) {
      try {
        const { resource } = await (await containers(name)).read();
        return resource?._rid;
      } catch (error) {
        if (answerOf(error).status === 404) return undefined;
        throw error;
      }
    },

    async findOlder(name, fence, limit) {
      const { items } = await containers(name);
      const query = items.query<DocumentName>(
        {
          query: OLDER_QUERY,
          parameters: [{ name: "@fence", value: fence }],
        },
        { maxItemCount: limit },
      );
      const found: DocumentName[] = [];
      while (found.length === 0 && query.hasMoreResults()) {
        // The SDK leaves the rows of an empty page out, whatever its types say (azure-sdk-for-js#39871).
        const { resources } = (await query.fetchNext()) as {
          readonly resources?: readonly DocumentName[];
        };
        found.push(...(resources ?? []));
      }
      return found;
    },
  };
}

/** With an empty id the bulk helper does not ask the service: the answer would be no document's own fault. */
const isForBulk = ({ bytes, document }: DocumentWrite): boolean =>
  bytes <= BULK_MOST_BYTES && document.id !== "";

/** The service takes no empty id. For a patch of one the SDK asks nobody, and throws an error without a status. */
const EMPTY_ID: WriteAnswer = { status: 400, substatus: 0 };

const NO_ANSWER: WriteAnswer = { status: 0, substatus: 0 };

const pick = <T>(all: readonly T[], at: readonly number[]): T[] =>
  at.flatMap((index) => {
    const found = all[index];
    return found === undefined ? [] : [found];
  });

async function writeOne(
  container: Container,
  { kind, document }: DocumentWrite,
): Promise<WriteAnswer> {
  if (kind === "patch" && document.id === "") return EMPTY_ID;
  try {
    const { statusCode } =
      kind === "create"
        ? await container.items.create(document, AS_NAMED)
        : await container
            .item(document.id, document.partition)
            .patch(patchOf(document));
    return { status: statusCode, substatus: 0 };
  } catch (error) {
    return answerOf(error);
  }
}

async function writeMany(
  container: Container,
  writes: readonly DocumentWrite[],
): Promise<WriteAnswer[]> {
  if (writes.length === 0) return [];
  const results = await container.items.executeBulkOperations(
    writes.map(({ kind, document }): OperationInput => {
      const { id, partition } = document;
      return kind === "create"
        ? {
            operationType: "Create",
            partitionKey: partition,
            resourceBody: document as unknown as JSONObject,
          }
        : {
            operationType: "Patch",
            partitionKey: partition,
            id,
            resourceBody: patchOf(document),
          };
    }),
  );
  return results.map(({ response, error }) =>
    error
      ? answerOf(error)
      : { status: response?.statusCode ?? 0, substatus: 0 },
  );
}

const patchOf = (document: InsightDocument) => ({
  condition: notNewerThan(document.fence),
  operations: [
    { op: "set" as const, path: "/batch", value: document.batch },
    { op: "set" as const, path: "/fence", value: document.fence },
    { op: "set" as const, path: "/value", value: document.value },
    { op: "set" as const, path: "/exact", value: document.exact },
    { op: "set" as const, path: "/deleted", value: document.deleted },
    { op: "set" as const, path: "/ttl", value: document.ttl },
  ],
});

/** An error without a status is none of the service's: it did not answer. */
function answerOf(error: unknown): WriteAnswer {
  const { code, substatus } = error as { code?: unknown; substatus?: unknown };
  if (typeof code !== "number") throw error;
  return {
    status: code,
    substatus: typeof substatus === "number" ? substatus : 0,
  };
}
