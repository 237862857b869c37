import { isObject } from "../bundle/source.ts";
import { errors, fail } from "../errors.ts";

export type Fields = Readonly<Record<string, unknown>>;

export function objectOf(body: unknown): Fields {
  return isObject(body) ? body : fail(errors.malformed, "expected an object");
}

/** A null says as much as no field at all, at any depth: clients in Python write one for what they were not given. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== null)
      .map(([name, each]) => [name, withoutNulls(each)]),
  );
}

/** Ids and counts come as JSON numbers, or as text in a query. */
export function integer(fields: Fields, name: string): number | undefined {
  const value = fields[name];
  if (value === undefined) return undefined;
  const number = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number)
    ? number
    : fail(errors.invalid, `${name} is not a whole number: ${JSON.stringify(value)}`);
}

export function neededInteger(fields: Fields, name: string): number {
  return (
    integer(fields, name) ??
    fail(errors.invalid, `Missing required field: ${name}`)
  );
}

export function text(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return value === undefined || typeof value === "string"
    ? value
    : fail(errors.invalid, `${name} is not a text`);
}

export function neededText(fields: Fields, name: string): string {
  return (
    text(fields, name) ??
    fail(errors.invalid, `Missing required field: ${name}`)
  );
}

export function flag(fields: Fields, name: string): boolean {
  const given = fields[name];
  // In a query Python's clients write False and True.
  const value = typeof given === "string" ? given.toLowerCase() : given;
  if (value === undefined || value === false || value === "false") return false;
  return value === true || value === "true"
    ? true
    : fail(errors.invalid, `${name} is not true or false`);
}

export function texts(
  fields: Fields,
  name: string,
): readonly string[] | undefined {
  const value = fields[name];
  if (value === undefined) return undefined;
  return Array.isArray(value) && value.every((one) => typeof one === "string")
    ? (value)
    : fail(errors.invalid, `${name} is not a list of texts`);
}

export function textMap(
  fields: Fields,
  name: string,
): Readonly<Record<string, string>> | undefined {
  const value = fields[name];
  if (value === undefined) return undefined;
  return isObject(value) &&
    Object.values(value).every((one) => typeof one === "string")
    ? (value as Record<string, string>)
    : fail(errors.invalid, `${name} does not map names to texts`);
}

/** What the API knows and this workspace does not do is refused, never ignored. */
export function refuseOthers(fields: Fields, known: readonly string[]): void {
  for (const name of Object.keys(fields))
    if (!known.includes(name))
      fail(
        errors.invalid,
        `The local workspace does not support the field ${name}.`,
      );
}

/** Where a page begins: the token is the number of items before it. */
export function pageStart(fields: Fields): number {
  const token = text(fields, "page_token");
  if (token === undefined || token === "") return 0;
  return /^\d{1,9}$/.test(token)
    ? Number(token)
    : fail(errors.invalid, "Invalid page_token");
}
