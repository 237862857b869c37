/**
 * What has to become of a body, decided from the contract and from `JSON.parse` alone: nothing here is the product's.
 * RFC 8259 says what JSON is, RFC 3339 what an instant is; docs/pipeline.md says what is refused beside that.
 */
import { cellOf, NULL, type Cells, type Type } from "./cells.ts";
import {
  hasHalfOfPair,
  hasPropertyTwice,
  isDigits,
  parseExactly,
} from "./exactJson.ts";

export interface Column {
  /** The name of the column, too. */
  readonly property: string;
  readonly type: Type;
  readonly isRequired: boolean;
  readonly isNullable: boolean;
  readonly isInstant: boolean;
}

/** The columns, or the beginning of the reason why there are none, and what it is about: a property, or the body. */
export type Judgement = { readonly accepted: Cells } | Refusal;

interface Refusal {
  readonly refused: RegExp;
  readonly place: string;
}

const refusedBody = (reason: RegExp): Refusal => ({
  refused: reason,
  place: "body",
});

export function judgeBody(
  bytes: Uint8Array,
  columns: readonly Column[],
): Judgement {
  const value = readBody(bytes);
  return "refused" in value ? value : judgeValue(value.value, columns);
}

/** The value of a body, a byte order mark left out. */
export function readBody(
  bytes: Uint8Array,
): { readonly value: unknown } | Refusal {
  let text: string;
  try {
    // One mark is no part of the text, and the decoder takes it away.
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return refusedBody(/^body: not UTF-8$/u);
  }
  let value: unknown;
  try {
    value = parseExactly(text);
  } catch {
    return refusedBody(/^body: (not JSON|more behind its JSON value)$/u);
  }
  if (hasPropertyTwice(text)) return refusedBody(/^body: a property twice$/u);
  if (hasHalfOfPair(value))
    return refusedBody(/^body: half a surrogate pair$/u);
  return { value };
}

export function judgeValue(
  value: unknown,
  columns: readonly Column[],
): Judgement {
  if (
    typeof value !== "object" ||
    value === null ||
    Array.isArray(value) ||
    isDigits(value)
  )
    return refusedBody(/^body: not an object$/u);
  const cells: Record<string, string> = {};
  const broken: string[] = [];
  for (const each of columns) {
    const { property, type } = each;
    cells[property] = NULL;
    if (!Object.hasOwn(value, property)) {
      if (each.isRequired) broken.push(property);
      continue;
    }
    const found = (value as Readonly<Record<string, unknown>>)[property];
    const cell = cellOf(found, type);
    const isFine =
      cell !== undefined &&
      (cell !== NULL || each.isNullable) &&
      (!each.isInstant || cell === NULL || isInstant(String(found)));
    if (isFine) cells[property] = cell;
    else broken.push(property);
  }
  const [first] = broken;
  if (first === undefined) return { accepted: cells };
  // The first rule that is broken is told, and it names its property.
  return { refused: new RegExp(`^${escaped(first)}: .`, "su"), place: first };
}

export const escaped = (text: string): string =>
  text.replace(/[\\^$.*+?()[\]{}|/]/gu, "\\$&");

const DATE_TIME =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/u;

/** A leap second, and a zone that no place has, may be refused: whoever sends one says so in the vector. */
export function isInstant(text: string): boolean {
  const match = DATE_TIME.exec(text);
  if (!match) return false;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map(Number);
  const [zoneHour = 0, zoneMinute = 0] = (match[8] ?? "Z")
    .slice(1)
    .split(":")
    .map(Number);
  const days = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  return (
    year >= 1 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= days &&
    Math.max(hour, zoneHour) <= 23 &&
    Math.max(minute, second, zoneMinute) <= 59
  );
}
