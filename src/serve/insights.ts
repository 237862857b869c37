import type { StoredDocument } from "../adapters/cosmos/index.ts";
import type { Definition } from "../domain/definition.ts";
import {
  containerOf,
  documentName,
  idPrefix,
  keyOfDocument,
  mayBeKey,
  SERVING_KIND,
} from "../domain/documents.ts";
import { AssayError } from "../errors.ts";
import { needDefinition } from "../ledger/definitions.ts";
import type { AppContext } from "../context.ts";
import { withExactNumbers } from "./exactNumbers.ts";
import {
  isSameKey,
  isStillWhole,
  readSealedKey,
  readServedTables,
  type ServedTable,
} from "./servedTables.ts";
import type { InsightView } from "./views/insights.ts";

export type KnownTags = "any" | readonly string[];

export interface InsightQuestion {
  readonly pipeline: string;
  readonly table: string;
  readonly key: readonly string[];
  /** The ETags that the caller has, without W/; "any": whatever there is. */
  readonly known?: KnownTags;
  readonly limit: number;
  /** An id: the last one of the page before. */
  readonly after: string;
}

export type InsightAnswer =
  | { readonly unchanged: string }
  | { readonly body: InsightView; readonly etag?: string };

/**
 * One row by its full key; or, by the first parts of it, a page of the rows of one partition. Costs a point read, or a
 * query of one partition; which tables are served is known by then, and is read apart from the answers.
 */
export async function findInsight(
  context: AppContext,
  question: InsightQuestion,
): Promise<InsightAnswer> {
  const { pipeline, table, key } = question;
  const definition = needDefinition(context.pipelines, pipeline);
  const served = (await readServedTables(context, definition)).get(table);
  if (served === undefined) throw notServed(definition, table);
  const parts = served.key.length;
  if (key.length === 0 || key.length > parts || key.includes(""))
    throw new AssayError(
      "KEY_WRONG",
      `The key of ${table} has ${parts} parts.`,
    );
  if (served.change?.isWritten === true) throw isChanging(served, table);
  const asked = { ...question, definition, served };
  return key.length === parts
    ? readRow(context, asked)
    : readPage(context, asked);
}

interface Asked extends InsightQuestion {
  readonly definition: Definition;
  readonly served: ServedTable;
}

/**
 * A document that a later batch has written than the last one delivered, or has made a tombstone of, may be of another
 * key: its name then says something else than was asked for. That batch's seal tells; it is read where the two differ.
 */
async function needKeyOf(
  context: AppContext,
  { definition, served, table }: Asked,
  documents: readonly Pick<StoredDocument, "batch">[],
): Promise<void> {
  const batch = Math.max(0, ...documents.map((each) => each.batch));
  if (batch <= served.batch) return;
  const key = await readSealedKey(context, definition, table, batch);
  if (key !== undefined && !isSameKey(key, served.key))
    throw isChanging(served, table);
}

const isChanging = ({ key }: ServedTable, table: string): AssayError =>
  new AssayError(
    "TABLE_CHANGING",
    `The key of ${table} is changed from (${key.join(", ")}) just now.`,
  );

const notFound = ({ table, key }: InsightQuestion): AssayError =>
  new AssayError("KEY_NOT_FOUND", `${table} has no ${key.join("/")}.`);

function notServed(
  { pipeline, gold, sinks }: Definition,
  table: string,
): AssayError {
  if (gold[table] === undefined)
    return new AssayError("TABLE_UNKNOWN", `${pipeline} serves no ${table}.`);
  const isToBeServed = Object.values(sinks).some(
    ({ kind, tables }) => kind === SERVING_KIND && tables.includes(table),
  );
  return isToBeServed
    ? new AssayError("TABLE_NOT_SERVED", `${table} is not served yet.`)
    : new AssayError(
        "TABLE_IN_NO_SINK",
        `${table} is in no sink of kind ${SERVING_KIND} of ${pipeline}.`,
      );
}

async function readRow(
  context: AppContext,
  asked: Asked,
): Promise<InsightAnswer> {
  const { pipeline, table, key, known = [] } = asked;
  const { store } = context;
  if (!mayBeKey(key, key.length)) throw notFound(asked);
  const { partition, id } = documentName(key);
  // Cosmos DB compares one tag and sends nothing where it is the document's; of several it knows nothing.
  const single = known !== "any" && known.length === 1 ? known[0] : undefined;
  const found = await store.read(
    containerOf(pipeline, table),
    partition,
    id,
    single,
  );
  if (found === "unchanged") return { unchanged: single ?? "" };
  if (found) await needKeyOf(context, asked, [found]);
  if (!found || found.deleted) throw notFound(asked);
  const { _etag: etag } = found;
  if (known === "any" || known.includes(etag)) return { unchanged: etag };
  return { body: { pipeline, table, key, ...contentOf(found) }, etag };
}

async function readPage(
  context: AppContext,
  asked: Asked,
): Promise<InsightAnswer> {
  const { pipeline, table, key, limit, after, definition, served } = asked;
  const { store } = context;
  const found = !mayBeKey(key, served.key.length)
    ? []
    : await store.page(containerOf(pipeline, table), {
        partition: documentName(key).partition,
        idPrefix: idPrefix(key),
        after,
        // One more than asked for tells whether another page follows.
        limit: limit + 1,
      });
  await needKeyOf(context, asked, found);
  // A page does not show what is gone from it meanwhile.
  if (served.change && !(await isStillWhole(context, definition, served)))
    throw isChanging(served, table);
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1)?.id : undefined;
  return {
    body: {
      pipeline,
      table,
      key,
      items: page.map((document) => ({
        key: keyOfDocument(document, served.key.length),
        ...contentOf(document),
      })),
      ...(last === undefined
        ? {}
        : { continuation: Buffer.from(last).toString("base64url") }),
      asOf: { batch: Math.max(0, ...page.map(({ batch }) => batch)) },
    },
  };
}

const contentOf = ({ value, exact, batch }: StoredDocument) => ({
  value: withExactNumbers(value, exact),
  asOf: { batch },
});
