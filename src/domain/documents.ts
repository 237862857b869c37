/** The served documents: what a change of a gold row becomes in Cosmos DB. */
import { decodeName, encodeName } from "./names.ts";

/** How long a deleted document stays as a tombstone: no older batch can finish later than this. */
const TOMBSTONE_SECONDS = 14 * 86_400;

/** A line of a change set. */
export type Change =
  | {
      readonly op: "upsert";
      readonly key: readonly string[];
      readonly value: Readonly<Record<string, unknown>>;
    }
  | { readonly op: "delete"; readonly key: readonly string[] };

export interface InsightDocument {
  readonly id: string;
  readonly partition: string;
  readonly batch: number;
  readonly fence: string;
  readonly value: Readonly<Record<string, unknown>> | null;
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

export function documentOf(
  change: Change,
  batch: number,
  fence: string,
): InsightDocument {
  const isDelete = change.op === "delete";
  return {
    ...documentName(change.key),
    batch,
    fence,
    value: isDelete ? null : change.value,
    deleted: isDelete,
    ttl: isDelete ? TOMBSTONE_SECONDS : -1,
  };
}
