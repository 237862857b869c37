/** The served documents: what a row of gold becomes in Cosmos DB. */
import type { z } from "zod";
import { decodeName, encodeName } from "./names.ts";
import type { DeepReadonly } from "./records.ts";
import type { line } from "./schemas/line.ts";

/** How long a deleted document stays as a tombstone: no older batch can finish later than this. */
const TOMBSTONE_SECONDS = 14 * 86_400;

/** The kind of sink that writes what the API reads. */
export const SERVING_KIND = "cosmos";

/** A line of a part, of a change set or of a snapshot. */
export type Line = DeepReadonly<z.infer<typeof line>>;

/** A line that makes or deletes a document. */
export type ChangeLine = Exclude<Line, { readonly op: "refused" }>;

export interface InsightDocument {
  readonly id: string;
  readonly partition: string;
  readonly batch: number;
  readonly fence: string;
  readonly value: Readonly<Record<string, unknown>> | null;
  /** The digits of the numbers in `value` that Cosmos DB, which keeps doubles, does not hold exactly. */
  readonly exact: Readonly<Record<string, string>>;
  readonly deleted: boolean;
  /** Seconds after the last write; -1: for ever. */
  readonly ttl: number;
}

export const containerOf = (pipeline: string, table: string): string =>
  `${pipeline}_${table}`;

export interface DocumentName {
  readonly partition: string;
  readonly id: string;
}

export function documentName(key: readonly string[]): DocumentName {
  const [partition = "", ...rest] = key.map(encodeName);
  return { partition, id: rest.length === 0 ? partition : rest.join(":") };
}

/** https://learn.microsoft.com/azure/cosmos-db/concepts-limits#per-item-limits. A character of a name is a byte. */
const MAX_PARTITION_BYTES = 2048;
const MAX_ID_BYTES = 1023;

/**
 * Whether the key of a document, which has so many parts, may be this one or begin with it. The job refuses rows whose
 * keys are longer, and Cosmos DB refuses to look for one. Half of a surrogate pair is in no row, and its name would be that of
 * another text.
 */
export function mayBeKey(key: readonly string[], parts: number): boolean {
  const { partition, id } = documentName(key);
  return (
    key.every((part) => part.isWellFormed()) &&
    partition.length <= MAX_PARTITION_BYTES &&
    (key.length < parts || id.length <= MAX_ID_BYTES)
  );
}

/** The key that a document's name was made of, given how many parts it has. */
export function keyOfDocument(name: DocumentName, parts: number): string[] {
  const partition = decodeName(name.partition);
  if (parts === 1) return [partition];
  return [partition, ...name.id.split(":").map(decodeName)];
}

/** The start of the ids of all documents whose key begins with `prefix`, which is shorter than the key. */
export function idPrefix(prefix: readonly string[]): string {
  const rest = prefix.slice(1).map(encodeName);
  return rest.length === 0 ? "" : `${rest.join(":")}:`;
}

/** JSON has no number for these: the document's value is null. */
const NO_NUMBERS: ReadonlySet<string> = new Set([
  "NaN",
  "Infinity",
  "-Infinity",
]);

export function documentOf(
  line: ChangeLine,
  batch: number,
  fence: string,
): InsightDocument {
  const name = documentName(line.key);
  if (line.op === "delete") return tombstoneOf(name, batch, fence);
  const value = JSON.parse(line.value) as Record<string, unknown>;
  const exact: Record<string, string> = {};
  for (const [column, digits] of Object.entries(line.exact ?? {}))
    if (NO_NUMBERS.has(digits)) value[column] = null;
    else exact[column] = digits;
  return { ...name, batch, fence, value, exact, deleted: false, ttl: -1 };
}

/** Holds the fence of a document that is gone, so that no older batch brings it back. */
export const tombstoneOf = (
  { partition, id }: DocumentName,
  batch: number,
  fence: string,
): InsightDocument => ({
  ...{ id, partition, batch, fence },
  value: null,
  exact: {},
  deleted: true,
  ttl: TOMBSTONE_SECONDS,
});
