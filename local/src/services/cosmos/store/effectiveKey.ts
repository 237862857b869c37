import { errors, fail } from "../errors.ts";
import type { Json } from "../sql/values.ts";
import type { Container } from "./container.ts";
import { murmur128 } from "./murmur.ts";
import { parseKey } from "./partitionKey.ts";

/** The first byte of a value that is hashed: what kind it is. */
const KINDS = {
  undefined: 0,
  null: 1,
  false: 2,
  true: 3,
  number: 5,
  string: 8,
} as const;

/** Behind a text, so that ["a", "b"] and ["ab"] differ. */
const TEXT_END = 0xff;

/** The two highest bits are clear, so that every hash lies below "FF", the end of the ranges. */
const HIGHEST_BYTE = 0x3f;

/** A hash costs some 10 microseconds, and a page looks at many documents of few keys. */
const known = new WeakMap<Container, Map<string, string>>();

/**
 * The place of a partition key in the ranges that SDKs name in `x-ms-start-epk` and `x-ms-end-epk`: the hash of version 2
 * of partition keys, in capital hexadecimal digits; of a hierarchical key one hash for each level.
 */
export function effectiveKey(store: Container, key: string): string {
  const { kind, version } = store.definition.partitionKey;
  if (version !== 2)
    return fail(
      errors.notEmulated,
      "The local Cosmos DB reads part of a partition key range only where the partition key is of version 2.",
    );
  const keys = known.get(store) ?? new Map<string, string>();
  known.set(store, keys);
  const values = parseKey(key);
  const hashed =
    keys.get(key) ??
    (kind === "MultiHash"
      ? values.map((value) => hashOf([value])).join("")
      : hashOf(values));
  keys.set(key, hashed);
  return hashed;
}

function hashOf(values: readonly Json[]): string {
  const hash = murmur128(Buffer.concat(values.map(bytesOf))).reverse();
  hash[0] = (hash[0] ?? 0) & HIGHEST_BYTE;
  return hash.toString("hex").toUpperCase();
}

function bytesOf(value: Json): Buffer {
  if (typeof value === "string")
    return Buffer.from([KINDS.string, ...Buffer.from(value), TEXT_END]);
  if (typeof value === "number") {
    const bytes = Buffer.from([KINDS.number, ...Buffer.alloc(8)]);
    bytes.writeDoubleLE(value, 1);
    return bytes;
  }
  if (value === null) return Buffer.from([KINDS.null]);
  if (typeof value === "boolean")
    return Buffer.from([value ? KINDS.true : KINDS.false]);
  return Buffer.from([KINDS.undefined]);
}
