import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { answering } from "../../shared/answer.ts";
import type { Faults } from "../../shared/faults.ts";
import type { Log } from "../../shared/log.ts";
import type { TlsFiles } from "../../shared/tls.ts";
import type { Witness } from "../../shared/witness.ts";
import { CHALLENGE, type Authorize } from "./authorize.ts";
import { fail, StorageError } from "./errors.ts";
import { Exchange, type Reply } from "./exchange.ts";
import { checkHeaders } from "./headers.ts";
import { isMatch, type Lake, type Operation } from "./lake.ts";
import { decode, parseAddress } from "./names.ts";
import { ACCOUNT } from "./operations/paths.ts";
import { escapeXml } from "./xml.ts";

interface Endpoint {
  /** The name under which faults are planted. */
  readonly name: "lake" | "queue";
  readonly operations: readonly Operation[];
  readonly lake: Lake;
  readonly authorize: Authorize;
  readonly faults: Faults;
  readonly log: Log;
  readonly witness: Witness | undefined;
}

/** Longer than the SDKs keep an idle connection: the client, not we, closes it, so no request meets a closed one. */
const KEEP_ALIVE_MS = 120_000;

export function storageServer(tls: TlsFiles, endpoint: Endpoint): Server {
  const server = createServer(
    { cert: tls.cert, key: tls.key, keepAliveTimeout: KEEP_ALIVE_MS },
    answering<Reply>("lake", endpoint.log, (request, response) => {
      const exchange = new Exchange(request, randomUUID());
      return {
        open: () => ({
          fault: endpoint.faults.meet(
            endpoint.name,
            exchange.method,
            shownPath(exchange),
          ),
          work: () => perform(endpoint, exchange),
        }),
        planned: (status) => ({
          status,
          headers: { "x-ms-error-code": "ServerBusy" },
        }),
        refused: (error) =>
          refusal(
            exchange,
            error instanceof StorageError
              ? error
              : new StorageError("internal"),
          ),
        send: (reply) => send(exchange, response, reply),
        discard({ body }) {
          if (body instanceof Readable) body.destroy();
        },
      };
    }),
  );
  // Bodies of gigabytes on a busy laptop take longer than Node's default of five minutes.
  server.requestTimeout = 0;
  return server;
}

function shownPath({ rawPath }: Exchange): string {
  try {
    return decode(rawPath);
  } catch {
    return rawPath;
  }
}

async function perform(
  { authorize, operations, lake, witness }: Endpoint,
  exchange: Exchange,
): Promise<Reply> {
  // The Data Lake SDK for JavaScript leaves the account out of a path-style rename.
  const isRename = exchange.header("x-ms-rename-source") !== undefined;
  const hasAccount =
    !isRename || decode(exchange.rawPath).startsWith(`/${ACCOUNT}/`);
  exchange.address = parseAddress(
    exchange.rawPath,
    hasAccount ? ACCOUNT : undefined,
  );
  await authorize(exchange);
  const operation = operations.find(({ match }) => isMatch(match, exchange));
  if (!operation) return fail("notSupported", unknownRequest(exchange));
  if (!operation.run) return fail("notSupported", operation.name);
  checkHeaders(exchange);
  const reply = await operation.run(lake, exchange);
  witness?.(operation.name, exchange.header("user-agent") ?? "");
  return reply;
}

const unknownRequest = ({ method, rawQuery }: Exchange): string =>
  `${method}${rawQuery === "" ? "" : ` with ?${rawQuery}`}`;

/** Errors of the DFS protocol have other names and are JSON. */
function isDfs(exchange: Exchange): boolean {
  return (
    exchange.method === "PATCH" ||
    exchange.header("x-ms-rename-source") !== undefined ||
    ["resource", "action", "recursive", "paginated"].some(
      (name) => exchange.query(name) !== undefined,
    ) ||
    // On Azure the host tells the protocols apart. A delete may have no parameter; the SDKs say what they can read.
    /^application\/json\b/.test(exchange.header("accept") ?? "")
  );
}

function refusal(exchange: Exchange, error: StorageError): Reply {
  const isJson = isDfs(exchange);
  const { status, code, message } = isJson ? error.asDfs() : error;
  const about = `${message}\nRequestId:${exchange.requestId}\nTime:${new Date().toISOString()}`;
  const headers: Record<string, string> = { "x-ms-error-code": code };
  if (status === 401) headers["www-authenticate"] = CHALLENGE;
  if (exchange.method === "HEAD" || status === 304) return { status, headers };
  headers["content-type"] = isJson
    ? "application/json;charset=utf-8"
    : "application/xml";
  const body = isJson
    ? JSON.stringify({ error: { code, message: about } })
    : `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${escapeXml(about)}</Message></Error>`;
  return { status, headers, body };
}

async function send(
  exchange: Exchange,
  response: ServerResponse,
  { status, headers, body }: Reply,
): Promise<void> {
  const clientRequestId = exchange.header("x-ms-client-request-id");
  const hasNoBody = body === undefined && status !== 204 && status !== 304;
  response.writeHead(status, {
    "x-ms-request-id": exchange.requestId,
    "x-ms-version": exchange.header("x-ms-version") ?? "2026-06-06",
    ...(clientRequestId === undefined
      ? {}
      : { "x-ms-client-request-id": clientRequestId }),
    ...(hasNoBody ? { "content-length": 0 } : {}),
    ...(typeof body === "string"
      ? { "content-length": Buffer.byteLength(body) }
      : {}),
    ...headers,
  });
  if (body instanceof Readable) await pipeline(body, response);
  else response.end(body);
}
