import {
  canonical,
  equals,
  isArray,
  isObject,
  type Json,
  type Value,
} from "../values.ts";
import { total, type SqlFunction } from "./definition.ts";

/** Whether every property of `part` is in `whole` with an equal value. */
const isPartOf = (part: Value, whole: Value): boolean =>
  isObject(part) && isObject(whole)
    ? Object.keys(part).every(
        (key) =>
          Object.hasOwn(whole, key) &&
          (equals(part[key], whole[key]) || isPartOf(part[key], whole[key])),
      )
    : equals(part, whole);

const has = (items: readonly Json[], value: Value): boolean =>
  items.some((item) => equals(item, value));

const sets = (
  run: (a: readonly Json[], b: readonly Json[]) => readonly Json[],
): SqlFunction =>
  total(2, 2, ([a, b]) =>
    isArray(a) && isArray(b) ? unique(run(a, b)) : undefined,
  );

const unique = (items: readonly Json[]): Json[] => [
  ...new Map(items.map((item) => [canonical(item), item])).values(),
];

export const arrays: Readonly<Record<string, SqlFunction>> = {
  ARRAY_CONCAT: total(2, 200, (lists) =>
    lists.every(isArray) ? lists.flat() : undefined,
  ),
  ARRAY_CONTAINS: total(2, 3, ([items, value, partly = false]) => {
    if (!isArray(items) || value === undefined) return undefined;
    if (typeof partly !== "boolean") return undefined;
    return partly
      ? items.some((item) => isPartOf(value, item))
      : has(items, value);
  }),
  ARRAY_CONTAINS_ALL: total(2, 200, ([items, ...values]) =>
    isArray(items) ? values.every((value) => has(items, value)) : undefined,
  ),
  ARRAY_CONTAINS_ANY: total(2, 200, ([items, ...values]) =>
    isArray(items) ? values.some((value) => has(items, value)) : undefined,
  ),
  ARRAY_LENGTH: total(1, 1, ([items]) =>
    isArray(items) ? items.length : undefined,
  ),
  ARRAY_SLICE: total(2, 3, ([items, start, size]) => {
    if (!isArray(items) || typeof start !== "number") return undefined;
    if (size !== undefined && typeof size !== "number") return undefined;
    const from = start < 0 ? Math.max(0, items.length + start) : start;
    return items.slice(
      from,
      size === undefined ? undefined : from + Math.max(0, size),
    );
  }),
  CHOOSE: total(2, 200, ([index, ...values]) =>
    typeof index === "number" ? values[index - 1] : undefined,
  ),
  OBJECTTOARRAY: total(1, 1, ([value]) =>
    isObject(value)
      ? Object.entries(value).map(([k, v]) => ({ k, v }))
      : undefined,
  ),
  SETINTERSECT: sets((a, b) => a.filter((item) => has(b, item))),
  SETUNION: sets((a, b) => [...a, ...b]),
};
