import type { IncomingMessage } from "node:http";
import { bodyUpTo } from "../../../shared/body.ts";
import { MAX_REQUEST_BYTES } from "../../limits.ts";
import type { NullableString, TypedData } from "../../worker/typedData.ts";

type Values = Record<string, NullableString>;

/** Only Azure's front end may say who the caller is: from outside these headers are dropped. */
const isReserved = (name: string): boolean =>
  name.startsWith("x-ms-client-principal");

export function httpData(
  request: IncomingMessage,
  query: string,
  params: Readonly<Record<string, string>>,
  body: Buffer | undefined,
): TypedData {
  const nullableParams: Values = {};
  for (const name in params)
    nullableParams[name] = { value: params[name] ?? "" };
  return {
    http: {
      method: request.method ?? "GET",
      url: `http://${request.headers.host ?? "127.0.0.1"}${request.url ?? "/"}`,
      nullableHeaders: headersOf(request.rawHeaders),
      nullableParams,
      nullableQuery: query === "" ? {} : queryOf(query),
      ...(body && { body: { bytes: body } }),
    },
  };
}

/** Names in lower case, repeated ones joined with a comma, empty ones dropped (IgnoreEmptyValuedRpcHttpHeaders). */
function headersOf(raw: readonly string[]): Values {
  const headers: Values = {};
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index]?.toLowerCase() ?? "";
    const value = raw[index + 1] ?? "";
    if (value === "" || isReserved(name)) continue;
    const earlier = headers[name]?.value;
    headers[name] = {
      value: earlier === undefined ? value : `${earlier},${value}`,
    };
  }
  return headers;
}

function queryOf(query: string): Values {
  const values: Values = {};
  for (const [name, value] of new URLSearchParams(query)) {
    const earlier = values[name]?.value;
    values[name] = {
      value: earlier === undefined ? value : `${earlier},${value}`,
    };
  }
  return values;
}

/**
 * The body as the host passes it on: only with a content-length, so a chunked upload has none.
 * "too large" when it is over the limit.
 */
export async function bodyOf(
  request: IncomingMessage,
): Promise<Buffer | undefined | "too large"> {
  const length = Number(request.headers["content-length"] ?? 0);
  if (length > MAX_REQUEST_BYTES) return "too large";
  if (length === 0) return undefined;
  return (await bodyUpTo(request, MAX_REQUEST_BYTES)) ?? "too large";
}
