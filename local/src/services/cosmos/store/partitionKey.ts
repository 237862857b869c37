import { errors, fail } from "../errors.ts";
import { MAX_PARTITION_KEY_BYTES } from "../limits.ts";
import {
  isPrimitive,
  memberOf,
  type Json,
  type JsonObject,
  type Value,
} from "../sql/values.ts";

/** `/a/"b c"/d` as the names of the properties on the way. */
export function pathParts(path: string): string[] {
  const parts = path.match(/"[^"]*"|[^/]+/g) ?? [];
  return parts.map((part) => part.replace(/^"|"$/g, ""));
}

const valueAt = (
  body: JsonObject | undefined,
  parts: readonly string[],
): Value => parts.reduce<Value>((value, part) => memberOf(value, part), body);

/** Canonical text of a document's key; a missing value is `{}`, as on the wire. */
export function keyOfDocument(
  paths: readonly (readonly string[])[],
  body: JsonObject,
): string {
  const values = paths.map((parts) => {
    const value = valueAt(body, parts);
    if (value === undefined) return {};
    if (!isPrimitive(value))
      fail(
        errors.badRequest,
        "The partition key of a document is a string, a number, a boolean or null.",
      );
    return value;
  });
  return checkedKey(values);
}

/** The key of a request: the header, or the text in an operation of a batch. */
export function keyOfRequest(text: string, count: number): string {
  const values = parseKey(text);
  if (values.length !== count) fail(errors.partitionKeyMismatch);
  return checkedKey(values);
}

export function parseKey(text: string): readonly Json[] {
  try {
    const values = JSON.parse(text) as Json;
    if (Array.isArray(values)) return values as readonly Json[];
  } catch {
    // Answered below like anything else that is no array.
  }
  return fail(errors.badRequest, `The partition key ${text} is invalid.`);
}

/** Whether a full key begins with the values of a hierarchical prefix. */
export function hasPrefix(key: string, prefix: readonly Json[]): boolean {
  const values = parseKey(key);
  return prefix.every(
    (value, i) => JSON.stringify(value) === JSON.stringify(values[i]),
  );
}

function checkedKey(values: readonly Json[]): string {
  if (values.some((value) => bytesOf(value) > MAX_PARTITION_KEY_BYTES))
    fail(errors.badRequest, "The partition key is longer than 2048 bytes.");
  return JSON.stringify(values);
}

/** Of the value itself: its quotes and the brackets around it are of the header only. */
function bytesOf(value: Json): number {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return Buffer.byteLength(text);
}
