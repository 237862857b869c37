import type { StoredDocument } from "../adapters/cosmos/index.ts";
import type { Definition } from "../domain/definition.ts";
import {
  containerOf,
  documentName,
  idPrefix,
  keyOfDocument,
  SERVING_KIND,
} from "../domain/documents.ts";
import { AssayError } from "../errors.ts";
import { needDefinition } from "../ledger/definitions.ts";
import type { AppContext } from "../context.ts";
import { withExactNumbers } from "./exactNumbers.ts";
import { readServedTables } from "./servedTables.ts";
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
  const parts = (await readServedTables(context, definition)).get(
    table,
  )?.length;
  if (parts === undefined) throw notServed(definition, table);
  if (key.length === 0 || key.length > parts || key.includes(""))
    throw new AssayError(
      "KEY_WRONG",
      `The key of ${table} has ${parts} parts.`,
    );
  return key.length === parts
    ? readRow(context, question)
    : readPage(context, question, parts);
}

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
  { store }: AppContext,
  { pipeline, table, key, known = [] }: InsightQuestion,
): Promise<InsightAnswer> {
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
  if (!found || found.deleted)
    throw new AssayError("KEY_NOT_FOUND", `${table} has no ${key.join("/")}.`);
  const { _etag: etag } = found;
  if (known === "any" || known.includes(etag)) return { unchanged: etag };
  return { body: { pipeline, table, key, ...contentOf(found) }, etag };
}

async function readPage(
  { store }: AppContext,
  { pipeline, table, key, limit, after }: InsightQuestion,
  parts: number,
): Promise<InsightAnswer> {
  const found = await store.page(containerOf(pipeline, table), {
    partition: documentName(key).partition,
    idPrefix: idPrefix(key),
    after,
    // One more than asked for tells whether another page follows.
    limit: limit + 1,
  });
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1)?.id : undefined;
  return {
    body: {
      pipeline,
      table,
      key,
      items: page.map((document) => ({
        key: keyOfDocument(document, parts),
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
