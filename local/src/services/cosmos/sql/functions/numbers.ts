import { ofNumbers, total, type SqlFunction } from "./definition.ts";

/** Halves go away from zero, unlike Math.round. */
const round = (value: number): number =>
  Math.sign(value) * Math.round(Math.abs(value));

export const numbers: Readonly<Record<string, SqlFunction>> = {
  ABS: ofNumbers(1, 1, Math.abs),
  ACOS: ofNumbers(1, 1, Math.acos),
  ASIN: ofNumbers(1, 1, Math.asin),
  ATAN: ofNumbers(1, 1, Math.atan),
  ATN2: ofNumbers(2, 2, Math.atan2),
  CEILING: ofNumbers(1, 1, Math.ceil),
  COS: ofNumbers(1, 1, Math.cos),
  COT: ofNumbers(1, 1, (value) => 1 / Math.tan(value)),
  DEGREES: ofNumbers(1, 1, (value) => (value * 180) / Math.PI),
  EXP: ofNumbers(1, 1, Math.exp),
  FLOOR: ofNumbers(1, 1, Math.floor),
  LOG: ofNumbers(1, 2, (value, base = Math.E) =>
    base === Math.E ? Math.log(value) : Math.log(value) / Math.log(base),
  ),
  LOG10: ofNumbers(1, 1, Math.log10),
  NUMBERBIN: ofNumbers(
    1,
    2,
    (value, size = 1) => Math.floor(value / size) * size,
  ),
  PI: total(0, 0, () => Math.PI),
  POWER: ofNumbers(2, 2, Math.pow),
  RADIANS: ofNumbers(1, 1, (value) => (value * Math.PI) / 180),
  RAND: total(0, 0, () => Math.random()),
  ROUND: ofNumbers(1, 1, round),
  SIGN: ofNumbers(1, 1, Math.sign),
  SIN: ofNumbers(1, 1, Math.sin),
  SQRT: ofNumbers(1, 1, Math.sqrt),
  SQUARE: ofNumbers(1, 1, (value) => value * value),
  TAN: ofNumbers(1, 1, Math.tan),
  TRUNC: ofNumbers(1, 1, Math.trunc),
};
