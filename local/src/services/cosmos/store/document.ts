import type { JsonObject } from "../sql/index.ts";

/** One version of a document: never changed, only followed by another. */
export interface Document {
  /** Partition key values, canonical JSON. */
  readonly key: string;
  readonly id: string;
  /** Its place in the order of creation, kept by later versions. */
  readonly rank: number;
  /** The number of the write in its container. */
  readonly lsn: number;
  /** Seconds since 1970. */
  readonly ts: number;
  readonly etag: string;
  readonly ttl: number | undefined;
  /** The JSON that a read gives, byte for byte. */
  readonly text: string;
  /** The same, parsed at the first call. */
  readonly body: () => JsonObject;
}

export function documentOf(fields: Omit<Document, "body">): Document {
  let body: JsonObject | undefined;
  return {
    ...fields,
    body: () => (body ??= JSON.parse(fields.text) as JsonObject),
  };
}

/** A document that keeps its text and is asked for its body once, while it is made. */
export const documentWith = (
  fields: Omit<Document, "body" | "text">,
  body: JsonObject,
): Document => documentOf({ ...fields, text: JSON.stringify(body) });

/** Where a document lives: its place stays when its version changes. */
export interface Slot {
  readonly rank: number;
  current: Document | undefined;
}
