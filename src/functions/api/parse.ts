import * as z from "zod/mini";
import { AssayError, type ErrorCode } from "../../errors.ts";

/** What a parameter that cannot be right means: nothing has that name. */
const UNKNOWN: Readonly<Record<string, ErrorCode>> = {
  pipeline: "PIPELINE_UNKNOWN",
  table: "TABLE_UNKNOWN",
  key: "KEY_WRONG",
  batch: "BATCH_UNKNOWN",
};

type Given = Readonly<Record<string, string>>;

export const parseParameters = <Schema extends z.ZodMiniType>(
  schema: (() => Schema) | undefined,
  params: Given,
): z.output<Schema> =>
  parse(schema, params, (name) => UNKNOWN[name] ?? "QUERY_WRONG");

/** What an empty query means, by its schema: most requests have none, and a point read is fast. */
const defaults = new WeakMap<z.ZodMiniType, unknown>();

/** Names that the schema does not have are left out: the host's own `code` is one. */
export function parseQuery<Schema extends z.ZodMiniType>(
  schema: (() => Schema) | undefined,
  query: URLSearchParams,
): z.output<Schema> {
  const codeOf = (): ErrorCode => "QUERY_WRONG";
  if (schema === undefined || query.size > 0)
    return parse(schema, Object.fromEntries(query), codeOf);
  const made = schema();
  if (!defaults.has(made)) defaults.set(made, parse(schema, {}, codeOf));
  // It was parsed by this very schema.
  return defaults.get(made) as z.output<Schema>;
}

function parse<Schema extends z.ZodMiniType>(
  schema: (() => Schema) | undefined,
  given: Given,
  codeOf: (name: string) => ErrorCode,
): z.output<Schema> {
  // A route without a schema has a handler that reads nothing of this.
  if (schema === undefined) return given as z.output<Schema>;
  const read = z.safeParse(schema(), given);
  if (read.success) return read.data;
  const name = String(read.error.issues[0]?.path[0] ?? "");
  throw new AssayError(codeOf(name), `${name} is ${given[name] ?? "missing"}.`);
}
