import { type IncomingMessage, type Server, createServer } from "node:http";
import type { ServiceContext } from "../../service.ts";
import { answering } from "../../shared/answer.ts";
import { ApiFailure, errors, fail } from "./errors.ts";
import type { Fields } from "./operations/fields.ts";
import { objectOf, withoutNulls } from "./operations/fields.ts";
import { operations, refused } from "./operations/index.ts";
import {
  type Operation,
  type Version,
  type Workspace,
  versions,
} from "./operations/workspace.ts";
import { Rates } from "./rates.ts";

/** The resource of Azure Databricks, the same in every tenant. */
export const AUDIENCE = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d";
const LONGEST_BODY_BYTES = 32 * 1024 * 1024;

/** The workspace's REST endpoint. */
export function workspaceServer(
  context: Pick<
    ServiceContext,
    "tokens" | "faults" | "clock" | "log" | "witness"
  >,
  workspace: Workspace,
): Server {
  const rates = new Rates(workspace.limits.callsPerSecond, context.clock);

  async function answer(
    request: IncomingMessage,
    url: URL,
  ): Promise<unknown> {
    await authenticate(request);
    const method = request.method ?? "GET";
    const { version, rest } = versionOf(url.pathname);
    const fits = (one: Pick<Operation, "method" | "versions">): boolean =>
      one.method === method && one.versions.some((known) => known === version);
    for (const one of refused)
      if (fits(one) && idIn(one.path, rest) !== undefined)
        fail(errors.notHere, one.why);
    for (const operation of operations) {
      const id = idIn(operation.path, rest);
      if (version === undefined || !fits(operation) || id === undefined)
        continue;
      if (!rates.take(operation.name, operation.limit))
        fail(
          errors.tooManyCalls,
          operation.name,
          workspace.limits.callsPerSecond[operation.limit],
        );
      const fields = await fieldsOf(request, url);
      for (const field of operation.later?.[version] ?? [])
        if (field in fields)
          fail(errors.notInVersion, field, operation.name, version);
      const answer = await operation.perform(workspace, {
        version,
        fields,
        id,
      });
      context.witness?.(operation.name, request.headers["user-agent"] ?? "");
      return answer;
    }
    return fail(errors.noSuchApi, `${method} ${url.pathname}`);
  }

  async function authenticate(request: IncomingMessage): Promise<void> {
    const [scheme, token] = (request.headers.authorization ?? "").split(" ");
    if (scheme?.toLowerCase() !== "bearer" || !token)
      return fail(errors.noCredential);
    if (!(await context.tokens.verify(token, AUDIENCE)))
      return fail(errors.invalidToken);
  }

  return createServer(
    answering<Reply>("databricks", context.log, (request, response) => ({
      open() {
        const url = addressOf(request);
        const path = decodeURIComponent(url.pathname);
        const method = request.method ?? "GET";
        return {
          fault: context.faults.meet("databricks", method, path),
          work: async () => ({ status: 200, body: await answer(request, url) }),
        };
      },
      planned: (status) => errorReply(new ApiFailure(status, ...UNAVAILABLE)),
      refused: errorReply,
      send({ status, body }) {
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify(body));
      },
    })),
  );
}

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

const UNAVAILABLE = [
  "TEMPORARILY_UNAVAILABLE",
  "The service at /api is temporarily unavailable.",
] as const;

function errorReply(error: unknown): Reply {
  if (error instanceof ApiFailure) {
    const { status, code, message } = error;
    return { status, body: { error_code: code, message } };
  }
  const message = error instanceof Error ? error.message : String(error);
  const { status, code } = errors.broken;
  return { status, body: { error_code: code, message } };
}

/** The address that was asked for. */
function addressOf({ url = "/" }: IncomingMessage): URL {
  const address = URL.parse(url, "http://localhost");
  try {
    decodeURIComponent(address?.pathname ?? "");
  } catch {
    return unreadable();
  }
  return address ?? unreadable();
}

function unreadable(): never {
  const { status, code } = errors.malformed;
  throw new ApiFailure(status, code, "The address cannot be read.");
}

/** The version that is asked for, undefined where there is no such one, and what follows it. */
function versionOf(path: string): {
  readonly version: Version | undefined;
  readonly rest: string;
} {
  const [, given, rest = ""] = /^\/api\/([^/]+)\/(.*)$/.exec(path) ?? [];
  return { version: versions.find((known) => known === given), rest };
}

/** What stands for `{id}` in the path; empty when it has none; undefined when the path is another one. */
function idIn(template: string, path: string): string | undefined {
  const pattern = template.replace(/\{\w+\}/g, "([^/]+)");
  const match = new RegExp(`^${pattern}$`).exec(path);
  return match ? (match[1] ?? "") : undefined;
}

/** Of a GET they stand in the query, or in a body as in a POST: asynchronous clients write a body (Airflow's triggers). */
async function fieldsOf(
  request: IncomingMessage,
  url: URL,
): Promise<Fields> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LONGEST_BODY_BYTES)
      fail(errors.malformed, "the body is too large");
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString();
  const inQuery =
    request.method === "GET" ? Object.fromEntries(url.searchParams) : {};
  if (text.trim() === "") return inQuery;
  try {
    return { ...inQuery, ...objectOf(withoutNulls(JSON.parse(text))) };
  } catch (error) {
    if (error instanceof SyntaxError) fail(errors.malformed, error.message);
    throw error;
  }
}
