/** Values of rows in one form, so that what different readers find can be compared: a letter of the type and the value. */
import { isDigits } from "./exactJson.ts";

export type Cell = string;
export type Cells = Readonly<Record<string, Cell>>;

export const NULL: Cell = "null";
export const textCell = (text: string): Cell => `text ${text}`;
export const booleanCell = (value: boolean): Cell => `boolean ${value}`;
export const integerCell = (digits: string | bigint): Cell =>
  `integer ${digits}`;
/** JSON has one zero: whether it had a sign is lost rightly. */
export const doubleCell = (value: number): Cell => `double ${value + 0}`;

export type Type = "integer" | "number" | "string" | "boolean";

/** Digits of a number that cannot be a 64-bit integer need not be counted out. */
const MOST_DIGITS = 40;
const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/u;
const LEAST = -(2n ** 63n);
const MOST = 2n ** 63n - 1n;

/** A whole number of 64 bits by its digits, as exact as they are; `fraction` and `range` are why there is none. */
export function integerOf(digits: string): bigint | "fraction" | "range" {
  const [, sign = "", whole = "", part = "", exponent = "0"] =
    NUMBER.exec(digits) ?? [];
  const written = (whole + part).replace(/^0+/u, "");
  const significant = written.replace(/0+$/u, "");
  if (significant === "") return 0n;
  const zeros =
    Number(exponent) - part.length + written.length - significant.length;
  if (zeros < 0) return "fraction";
  if (significant.length + zeros > MOST_DIGITS) return "range";
  const value = BigInt(`${sign}${significant}`) * 10n ** BigInt(zeros);
  return value < LEAST || value > MOST ? "range" : value;
}

/** The value of JSON as a cell of a column. Nothing where the column cannot hold it. */
export function cellOf(value: unknown, type: Type): Cell | undefined {
  if (value === null) return NULL;
  switch (type) {
    case "string":
      return typeof value === "string" ? textCell(value) : undefined;
    case "boolean":
      return typeof value === "boolean" ? booleanCell(value) : undefined;
    case "integer": {
      if (!isDigits(value)) return undefined;
      const integer = integerOf(value.digits);
      return typeof integer === "bigint" ? integerCell(integer) : undefined;
    }
    case "number": {
      if (!isDigits(value)) return undefined;
      const double = Number(value.digits);
      return Number.isFinite(double) ? doubleCell(double) : undefined;
    }
  }
}
