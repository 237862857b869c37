import type { Container, JSONObject, OperationInput } from "@azure/cosmos";
import type { InsightDocument } from "../../domain/documents.ts";
import { notNewerThan } from "../../domain/fences.ts";
import type { CosmosContainers } from "./client.ts";
import type { DocumentWrite, Store, StoredDocument } from "./index.ts";

/** The SDK's bulk helper waits a second for more before it sends a batch that is not full. */
const BULK_FROM = 50;
/** Operations given to the bulk helper at once: their documents are in memory meanwhile. */
const CHUNK = 2000;

/** The SDK would give a document without an id a random one. The bulk helper refuses it. */
const AS_NAMED = { disableAutomaticIdGeneration: true };

const PAGE_QUERY =
  "SELECT TOP @limit * FROM c WHERE c.partition = @partition AND c.id > @after AND STARTSWITH(c.id, @prefix) " +
  "AND (NOT IS_DEFINED(c.deleted) OR c.deleted = false) ORDER BY c.id";

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
      if (writes.length < BULK_FROM)
        return Promise.all(writes.map((write) => writeOne(container, write)));
      const statuses: number[] = [];
      for (let from = 0; from < writes.length; from += CHUNK)
        statuses.push(
          ...(await writeMany(container, writes.slice(from, from + CHUNK))),
        );
      return statuses;
    },
  };
}

async function writeOne(
  container: Container,
  { kind, document }: DocumentWrite,
): Promise<number> {
  try {
    const { statusCode } =
      kind === "create"
        ? await container.items.create(document, AS_NAMED)
        : await container
            .item(document.id, document.partition)
            .patch(patchOf(document));
    return statusCode;
  } catch (error) {
    return statusOf(error);
  }
}

async function writeMany(
  container: Container,
  writes: readonly DocumentWrite[],
): Promise<number[]> {
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
    error ? statusOf(error) : (response?.statusCode ?? 0),
  );
}

const patchOf = (document: InsightDocument) => ({
  condition: notNewerThan(document.fence),
  operations: [
    { op: "set" as const, path: "/batch", value: document.batch },
    { op: "set" as const, path: "/fence", value: document.fence },
    { op: "set" as const, path: "/value", value: document.value },
    { op: "set" as const, path: "/deleted", value: document.deleted },
    { op: "set" as const, path: "/ttl", value: document.ttl },
  ],
});

function statusOf(error: unknown): number {
  const { code } = error as { code?: unknown };
  if (typeof code === "number") return code;
  throw error;
}
