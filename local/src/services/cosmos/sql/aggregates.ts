import { compare, isPrimitive, type Json, type Value } from "./values.ts";

type Aggregate = (values: readonly Json[]) => Value;

const sum = (values: readonly Json[]): number | undefined => {
  let total = 0;
  for (const value of values) {
    // One value that is no number makes the whole sum undefined.
    if (typeof value !== "number") return undefined;
    total += value;
  }
  return total;
};

const extreme =
  (isBetter: (order: number) => boolean): Aggregate =>
  (values) => {
    let best: Value;
    for (const value of values) {
      if (!isPrimitive(value)) return undefined;
      if (best === undefined || isBetter(compare(value, best))) best = value;
    }
    return best;
  };

/** Aggregates see only the defined values of their argument. */
export const AGGREGATES: ReadonlyMap<string, Aggregate> = new Map<
  string,
  Aggregate
>([
  ["COUNT", (values) => values.length],
  ["SUM", sum],
  [
    "AVG",
    (values) => {
      const total = sum(values);
      return total === undefined || values.length === 0
        ? undefined
        : total / values.length;
    },
  ],
  ["MIN", extreme((order) => order < 0)],
  ["MAX", extreme((order) => order > 0)],
]);
