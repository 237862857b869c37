/** The two maps of a Capture record: values of long, double, string, bytes or null. */
import type { Properties } from "./triggerMetadata.ts";
import { longSize, writeLong } from "./zigzag.ts";

/** Indexes in the unions of the schema, the same in both maps; only Properties knows null. */
const LONG = 0;
const DOUBLE = 1;
const STRING = 2;
const NULL = 4;

const isLong = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Math.abs(value as number) <= 2 ** 51;

/** What Avro's unions cannot say (objects, lists, booleans) is kept as JSON text. */
const asText = (value: unknown): string =>
  typeof value === "string" ? value : JSON.stringify(value);

/** Which of the two maps it is: the values of SystemProperties cannot be null, and a null one is left out. */
export type MapKind = "system" | "application";

const NO_ENTRIES: readonly (readonly [string, unknown])[] = [];

/** Runs twice for every event, and most maps are empty. */
const entriesOf = (
  map: Properties,
  kind: MapKind,
): readonly (readonly [string, unknown])[] =>
  Object.keys(map).length === 0
    ? NO_ENTRIES
    : Object.entries(map).filter(
        ([, value]) =>
          value !== undefined && (value !== null || kind === "application"),
      );

export function mapSize(map: Properties, kind: MapKind): number {
  const entries = entriesOf(map, kind);
  if (entries.length === 0) return 1;
  let size = longSize(entries.length) + 1;
  for (const [name, value] of entries)
    size += textSize(name) + 1 + valueSize(value);
  return size;
}

export function writeMap(
  target: Buffer,
  start: number,
  map: Properties,
  kind: MapKind,
): number {
  const entries = entriesOf(map, kind);
  let at = start;
  if (entries.length > 0) {
    at = writeLong(target, at, entries.length);
    for (const [name, value] of entries) {
      at = writeText(target, at, name);
      at = writeValue(target, at, value);
    }
  }
  return writeLong(target, at, 0);
}

function valueSize(value: unknown): number {
  if (value === null) return 0;
  if (isLong(value)) return longSize(value);
  if (typeof value === "number") return 8;
  return textSize(asText(value));
}

function writeValue(target: Buffer, start: number, value: unknown): number {
  if (value === null) return writeLong(target, start, NULL);
  if (isLong(value))
    return writeLong(target, writeLong(target, start, LONG), value);
  if (typeof value === "number")
    return target.writeDoubleLE(value, writeLong(target, start, DOUBLE));
  return writeText(target, writeLong(target, start, STRING), asText(value));
}

function textSize(text: string): number {
  const bytes = Buffer.byteLength(text);
  return longSize(bytes) + bytes;
}

function writeText(target: Buffer, start: number, text: string): number {
  const at = writeLong(target, start, Buffer.byteLength(text));
  return at + target.write(text, at, "utf8");
}
