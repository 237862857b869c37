import { CosmosError, errors, fail } from "../errors.ts";
import { MAX_QUERY_BYTES } from "../limits.ts";
import { objectBody, type Request } from "../request.ts";
import { planOf, QueryError, type Query, type Value } from "../sql/index.ts";
import { isArray, isObject } from "../sql/values.ts";

interface QueryRequest {
  readonly text: string;
  readonly plan: Query;
  readonly parameters: ReadonlyMap<string, Value>;
}

/** The body of a query request: `{query, parameters: [{name, value}]}`. */
export function queryOf(request: Request): QueryRequest {
  const { query, parameters = [] } = objectBody(request);
  if (typeof query !== "string")
    return fail(errors.badRequest, "The request has no query text.");
  if (Buffer.byteLength(query) > MAX_QUERY_BYTES)
    fail(errors.badRequest, "The query is longer than 512 KB.");
  if (!isArray(parameters))
    return fail(errors.badRequest, "The parameters are not an array.");
  const values = new Map<string, Value>();
  for (const parameter of parameters) {
    if (!isObject(parameter) || typeof parameter["name"] !== "string")
      return fail(errors.badRequest, "A parameter has a name and a value.");
    values.set(parameter["name"], parameter["value"]);
  }
  return {
    text: query,
    plan: guarded(() => planOf(query)),
    parameters: values,
  };
}

/** Runs what may find a mistake in a query, and words the mistake as Azure does. */
export function guarded<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    const { start, end, code, message } = error;
    const details = {
      errors: [{ severity: "Error", location: { start, end }, code, message }],
    };
    throw new CosmosError(
      errors.badRequest,
      `Message: ${JSON.stringify(details)}`,
    );
  }
}
