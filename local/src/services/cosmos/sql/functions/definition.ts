import type { Value } from "../values.ts";

export interface SqlFunction {
  readonly least: number;
  readonly most: number;
  /** `now` is milliseconds since 1970. */
  readonly run: (args: readonly Value[], now: number) => Value;
}

/** A function that sees undefined too. */
export const total = (
  least: number,
  most: number,
  run: SqlFunction["run"],
): SqlFunction => ({ least, most, run });

/** Of strings only; anything else gives undefined. */
export const ofStrings = (
  least: number,
  most: number,
  run: (...texts: string[]) => Value,
): SqlFunction => ({
  least,
  most,
  run: (args) =>
    args.every((arg) => typeof arg === "string") ? run(...args) : undefined,
});

/** Of numbers only; a result that JSON cannot hold is undefined too. */
export const ofNumbers = (
  least: number,
  most: number,
  run: (...numbers: number[]) => number,
): SqlFunction => ({
  least,
  most,
  run(args) {
    if (!args.every((arg) => typeof arg === "number")) return undefined;
    const result = run(...args);
    return Number.isFinite(result) ? result : undefined;
  },
});
