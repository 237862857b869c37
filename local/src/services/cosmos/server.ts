import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { ServiceContext } from "../../service.ts";
import { answering } from "../../shared/answer.ts";
import { bodyUpTo } from "../../shared/body.ts";
import type { Witness } from "../../shared/witness.ts";
import { authorizer, type Credential } from "./authorize.ts";
import {
  CosmosError,
  errorOfStatus,
  errors,
  fail,
  type CosmosErrorKind,
} from "./errors.ts";
import { MAX_REQUEST_BYTES } from "./limits.ts";
import { controlPlane, operations } from "./operations/index.ts";
import { header, isOn, type Reply, type Request } from "./request.ts";
import { routeOf } from "./routes.ts";
import type { Account } from "./state.ts";

/** Longer than clients keep idle connections, so that none is closed under a request. */
const KEEP_ALIVE_MS = 120_000;
const RETRY_AFTER_MS = 10;

/** The endpoint over TLS. `port` is known once it listens. */
export function createCosmosServer(
  context: ServiceContext,
  account: Account,
  key: string,
  port: () => number,
): Server {
  let authorize: ReturnType<typeof authorizer> | undefined;

  const server = createServer(
    { cert: context.tls.cert, key: context.tls.key },
    answering<Reply>("cosmos", context.log, (message, response) => ({
      async open() {
        const body = await bodyOf(message);
        const request = requestOf(message, body, account, context);
        return {
          fault: context.faults.meet(
            "cosmos",
            operationOf(request),
            request.path,
          ),
          work: () => authorized(request),
        };
      },
      planned: (status) => errorReply(new CosmosError(errorOfStatus(status))),
      refused: errorReply,
      send: (reply) => send(response, reply),
    })),
  );
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return server;

  function authorized(request: Request): Reply | Promise<Reply> {
    authorize ??= authorizer(key, audiences(port()), context.tokens);
    const { method, segments, headers } = request;
    const credential = authorize(method, segments, headers);
    // A key is checked at once: waiting would cost a turn of the loop.
    return typeof credential === "string"
      ? perform(request, credential, context.witness)
      : credential.then((checked) =>
          perform(request, checked, context.witness),
        );
  }
}

/** The SDK asks for a token for the endpoint as it was given; Azure takes the general one too. */
const audiences = (port: number): string[] => [
  `https://127.0.0.1:${String(port)}`,
  `https://localhost:${String(port)}`,
  "https://cosmos.azure.com",
];

function requestOf(
  message: IncomingMessage,
  body: Buffer,
  account: Account,
  { clock, faults }: ServiceContext,
): Request {
  const [pathname = ""] = (message.url ?? "").split("?");
  let segments: string[];
  try {
    segments = pathname.split("/").filter(Boolean).map(decodeURIComponent);
  } catch {
    return fail(errors.badRequest, "The path is not URL-encoded.");
  }
  return {
    method: message.method ?? "",
    path: `/${segments.join("/")}`,
    segments,
    headers: message.headers,
    ...{ body, account, clock, faults },
  };
}

/** What fault plans call a request: its method, or the two that POST hides. */
function operationOf(request: Request): string {
  if (!isOn(request, "x-ms-cosmos-is-batch-request")) return request.method;
  return isOn(request, "x-ms-cosmos-batch-atomic") ? "BATCH" : "BULK";
}

function perform(
  request: Request,
  credential: Credential,
  witness?: Witness,
): Reply {
  const route = routeOf(request);
  const isEntra = credential === "entra";
  if ("missing" in route) {
    if (isEntra) refuseControlPlane(request);
    return fail(
      errors.notEmulated,
      `The local Cosmos DB does not have ${route.missing}.`,
    );
  }
  const { operation } = route;
  if (isEntra && controlPlane.has(operation)) refuseControlPlane(request);
  const reply = operations[operation](request);
  witness?.(operation, header(request, "user-agent") ?? "");
  return reply;
}

const refuseControlPlane = ({ method, path }: Request): never =>
  fail(
    errors.controlPlane,
    `Request blocked by Auth assay : The given request [${method} ${path}] cannot be authorized by AAD token in data plane. Learn more: https://aka.ms/cosmos-native-rbac.`,
  );

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  // A read has no body: waiting for its end would cost a turn of the loop.
  if (message.method === "GET" || message.method === "DELETE") {
    message.resume();
    return Buffer.alloc(0);
  }
  const body = await bodyUpTo(message, MAX_REQUEST_BYTES);
  return body ?? fail(errors.tooLarge);
}

function errorReply(error: unknown): Reply {
  const kind: CosmosErrorKind =
    error instanceof CosmosError ? error.kind : errors.internal;
  const { status, code, substatus } = kind;
  const message =
    error instanceof CosmosError ? error.message : errors.internal.message;
  return {
    status,
    body: JSON.stringify({ code, message }),
    headers: {
      ...(substatus === undefined ? {} : { "x-ms-substatus": substatus }),
      ...(status === 429 ? { "x-ms-retry-after-ms": RETRY_AFTER_MS } : {}),
    },
  };
}

function send(
  response: ServerResponse,
  { status, body, headers = {}, charge = 1 }: Reply,
): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, {
    ...(body === undefined
      ? {}
      : {
          "content-type": "application/json",
          "content-length": Buffer.byteLength(body),
        }),
    "x-ms-activity-id": randomUUID(),
    "x-ms-request-charge": charge,
    "x-ms-version": "2020-07-15",
    ...headers,
  });
  response.end(body);
}
