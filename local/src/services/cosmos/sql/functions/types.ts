import { isArray, isObject, isPrimitive, type Value } from "../values.ts";
import { total, type SqlFunction } from "./definition.ts";

const is = (test: (value: Value) => boolean): SqlFunction =>
  total(1, 1, ([value]) => test(value));

/** These tell undefined from false: they are defined for every value. */
export const types: Readonly<Record<string, SqlFunction>> = {
  IIF: total(3, 3, ([condition, then, otherwise]) =>
    condition === true ? then : otherwise,
  ),
  IS_ARRAY: is(isArray),
  IS_BOOL: is((value) => typeof value === "boolean"),
  IS_DEFINED: is((value) => value !== undefined),
  IS_FINITE_NUMBER: is(Number.isFinite),
  IS_INTEGER: is(Number.isInteger),
  IS_NULL: is((value) => value === null),
  IS_NUMBER: is((value) => typeof value === "number"),
  IS_OBJECT: is(isObject),
  IS_PRIMITIVE: is(isPrimitive),
  IS_STRING: is((value) => typeof value === "string"),
};
