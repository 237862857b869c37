import type { IncomingMessage, ServerResponse } from "node:http";
import { bodyUpTo } from "../../shared/body.ts";
import { RPC_PATH, WEBHOOK_PATH } from "./bindings.ts";
import { RequestRefused, refuse, responses } from "./errors.ts";
import { MAX_BODY_BYTES } from "./limits.ts";
import { operations, type Operation } from "./operations.ts";
import type {
  Management,
  ManagementRequest,
  ManagementResponse,
} from "./request.ts";

/** Serves the management API at its two addresses. False: the request is for someone else. */
export async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  on: Management,
): Promise<boolean> {
  const url = new URL(request.url ?? "/", on.addresses.baseUrl);
  const base = [WEBHOOK_PATH, RPC_PATH].find((path) =>
    url.pathname.toLowerCase().startsWith(`${path}/`),
  );
  if (base === undefined) return false;
  try {
    checkCaller(request, url, base, on.addresses.systemKey);
    const [operation, parts] = route(
      request.method ?? "",
      url.pathname.slice(base.length),
    );
    const answer = await operation.handle(await read(request, url, parts), on);
    write(response, answer);
  } catch (error) {
    const refused =
      error instanceof RequestRefused
        ? error
        : new RequestRefused("internal", String(error));
    write(response, refusal(refused));
  }
  return true;
}

function checkCaller(
  request: IncomingMessage,
  url: URL,
  base: string,
  systemKey: string,
): void {
  // A page in a browser can reach 127.0.0.1, and the SDK's address asks for no key; the SDK sends no Origin.
  if (base === RPC_PATH) {
    if (request.headers.origin !== undefined) refuse("fromBrowser");
    return;
  }
  const key =
    request.headers["x-functions-key"] ?? url.searchParams.get("code");
  if (key !== systemKey) refuse("unauthorized");
}

const routes = operations.map((operation) => ({
  operation,
  segments: operation.path.split("/"),
}));

function route(
  method: string,
  path: string,
): [Operation, Record<string, string>] {
  const given = path.split("/").filter((segment) => segment !== "");
  for (const { operation, segments } of routes) {
    if (operation.method !== method || segments.length !== given.length)
      continue;
    const parts: Record<string, string> = {};
    const matches = segments.every((segment, index) => {
      const value = given[index] ?? "";
      if (!segment.startsWith("{"))
        return segment.toLowerCase() === value.toLowerCase();
      parts[segment.slice(1, -1)] = decoded(value);
      return true;
    });
    if (matches) return [operation, parts];
  }
  return refuse("notFound");
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return refuse("badArgument", "The address is not encoded well.");
  }
}

async function read(
  request: IncomingMessage,
  url: URL,
  parts: Record<string, string>,
): Promise<ManagementRequest> {
  const body = await bodyUpTo(request, MAX_BODY_BYTES);
  if (body === undefined) refuse("bodyTooLarge");
  const continuation = request.headers["x-ms-continuation-token"];
  return {
    parts,
    query: url.searchParams,
    contentType:
      (request.headers["content-type"] ?? "")
        .split(";")[0]
        ?.trim()
        .toLowerCase() ?? "",
    body: body.toString("utf8"),
    continuation: typeof continuation === "string" ? continuation : undefined,
    url: url.href,
  };
}

function refusal({ response, detail }: RequestRefused): ManagementResponse {
  const { status, message } = responses[response];
  if (message === "") return { status };
  return {
    status,
    body:
      detail === undefined
        ? { Message: message }
        : { Message: message, ExceptionMessage: detail },
  };
}

function write(
  response: ServerResponse,
  { status, body, headers = {} }: ManagementResponse,
): void {
  const text = body === undefined ? "" : JSON.stringify(body);
  const type =
    body === undefined
      ? {}
      : { "Content-Type": "application/json; charset=utf-8" };
  response.writeHead(status, {
    ...headers,
    ...type,
    "Content-Length": Buffer.byteLength(text),
  });
  response.end(text);
}
