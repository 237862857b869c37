/** A value of a query. `undefined` is a value of its own: what a missing property gives. */
export type Value = Json | undefined;
export type Json =
  null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export const isArray = (value: Value): value is readonly Json[] =>
  Array.isArray(value);

export const isObject = (value: Value): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Position of the value's type in the order of types: undefined first, objects last. */
export function typeRank(value: Value): number {
  switch (typeof value) {
    case "undefined":
      return 0;
    case "boolean":
      return 2;
    case "number":
      return 3;
    case "string":
      return 4;
    default:
      if (value === null) return 1;
      return isArray(value) ? 5 : 6;
  }
}

export const isPrimitive = (
  value: Value,
): value is null | boolean | number | string =>
  value === null || (value !== undefined && typeof value !== "object");

/** A total order over all values: by type, then by value. */
export function compare(a: Value, b: Value): number {
  const byType = typeRank(a) - typeRank(b);
  if (byType !== 0) return byType;
  if (isArray(a) && isArray(b)) {
    for (let i = 0; i < a.length && i < b.length; i++) {
      const order = compare(a[i], b[i]);
      if (order !== 0) return order;
    }
    return a.length - b.length;
  }
  if (isObject(a)) return comparePrimitive(canonical(a), canonical(b));
  return comparePrimitive(a, b);
}

function comparePrimitive(a: Value, b: Value): number {
  if (a === b || a === null || b === null) return 0;
  if (a === undefined || b === undefined) return 0;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Equality by value; properties in any order. */
export function equals(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (isArray(a))
    return (
      isArray(b) &&
      a.length === b.length &&
      a.every((item, i) => equals(item, b[i]))
    );
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && equals(a[key], b[key]))
  );
}

/** One text for all equal values: the key of DISTINCT and GROUP BY. */
export function canonical(value: Value): string {
  if (value === undefined) return "undefined";
  if (isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const properties = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${properties.join(",")}}`;
}

/** What `value.key` or `value[key]` gives: undefined wherever there is no such property or element. */
export function memberOf(value: Value, key: Value): Value {
  if (isArray(value)) return typeof key === "number" ? value[key] : undefined;
  if (!isObject(value) || typeof key !== "string") return undefined;
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

/** An object of the defined values among `entries`. */
export function objectOf(
  entries: Iterable<readonly [string, Value]>,
): JsonObject {
  const result: Record<string, Json> = {};
  for (const [key, value] of entries) {
    if (value === undefined) continue;
    // Assigning to __proto__ would change the prototype in place of adding a property.
    if (key === "__proto__")
      Object.defineProperty(result, key, {
        value,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    else result[key] = value;
  }
  return result;
}
