/**
 * What the host says of a delivery of events, in one shape. The host passes 64-bit numbers as numbers, numeric text or
 * `{low, high}` (it depends on the worker), and times without a zone; it drops empty entries of text arrays.
 */
export interface DeliveryPositions {
  readonly partition: string;
  readonly sequenceNumbers: readonly number[];
  readonly offsets: readonly string[];
  /** ISO 8601, UTC, with Z. */
  readonly enqueuedTimes: readonly string[];
  /** What the producer set; most events have none. */
  readonly properties: readonly Properties[];
  /** The broker's other annotations, such as the partition key. */
  readonly systemProperties: readonly Properties[];
}

export type Properties = Readonly<Record<string, unknown>>;

const NONE: Properties = {};
/** In fields of their own, under both names that the host has for them: not repeated among the system properties. */
const COVERED = new Set([
  "sequenceNumber",
  "offset",
  "enqueuedTimeUtc",
  "x-opt-sequence-number",
  "x-opt-offset",
  "x-opt-enqueued-time",
]);

/** `count` is the number of bodies: an array of another length cannot be matched to them. */
export function normaliseMetadata(
  metadata: Readonly<Record<string, unknown>>,
  count: number,
): DeliveryPositions | undefined {
  const partition = (
    metadata["partitionContext"] as { partitionId?: unknown } | undefined
  )?.partitionId;
  const system = arrayOf(metadata["systemPropertiesArray"], count) as
    readonly Properties[] | undefined;
  const numbers = (
    arrayOf(metadata["sequenceNumberArray"], count) ??
    system?.map((entry) => entry["sequenceNumber"])
  )?.map(toInteger);
  if (partition === undefined || partition === null || numbers === undefined)
    return undefined;
  if (numbers.some((value) => !Number.isSafeInteger(value))) return undefined;
  const offsets =
    arrayOf(metadata["offsetArray"], count) ??
    system?.map((entry) => entry["offset"]);
  const times =
    arrayOf(metadata["enqueuedTimeUtcArray"], count) ??
    system?.map((entry) => entry["enqueuedTimeUtc"]);
  const none = new Array<Properties>(count).fill(NONE);
  return {
    partition: toText(partition),
    sequenceNumbers: numbers,
    offsets: offsets?.map(toText) ?? numbers.map(String),
    enqueuedTimes: times?.map(toUtc) ?? new Array<string>(count).fill(""),
    properties:
      (arrayOf(metadata["propertiesArray"], count) as
        readonly Properties[] | undefined) ?? none,
    systemProperties: system?.map(withoutCovered) ?? none,
  };
}

function arrayOf(
  value: unknown,
  length: number,
): readonly unknown[] | undefined {
  return Array.isArray(value) && value.length === length ? value : undefined;
}

export function toInteger(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value === "string" && value !== "") return Number(value);
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "object" && value !== null && "low" in value) {
    const { low, high } = value as { low: number; high: number };
    return high * 2 ** 32 + (low >>> 0);
  }
  return Number.NaN;
}

const toText = (value: unknown): string =>
  typeof value === "string" ? value : String(toInteger(value));

const HAS_ZONE = /(?:Z|[+-]\d\d:?\d\d)$/;

function toUtc(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== "string" || value === "") return "";
  return HAS_ZONE.test(value) ? value : `${value}Z`;
}

/** Runs for every event: an entry that says nothing else costs no object. */
function withoutCovered(entry: Properties): Properties {
  for (const name in entry)
    if (isOther(name, entry[name]))
      return Object.fromEntries(
        Object.entries(entry).filter(([key, value]) => isOther(key, value)),
      );
  return NONE;
}

const isOther = (name: string, value: unknown): boolean =>
  value !== null && value !== undefined && !COVERED.has(name);
