import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { Faults } from "../../shared/faults.ts";
import type { Log } from "../../shared/log.ts";
import { IdentityError, fail } from "./errors.ts";
import { operations, type ManagedIdentity } from "./operations.ts";

/** Plain HTTP, as on App Service: the endpoint is reachable from inside the app's host only. */
export function identityServer(
  identity: ManagedIdentity,
  faults: Faults,
  log: Log,
): Server {
  return createServer((request, response) => {
    request.resume();
    respond(identity, faults, log, request, response).catch(
      (error: unknown) => {
        log("identity.failed", { message: String(error) });
        request.socket.destroy();
      },
    );
  });
}

async function respond(
  identity: ManagedIdentity,
  faults: Faults,
  log: Log,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url =
    URL.parse(request.url ?? "/", "http://127.0.0.1") ??
    new URL("http://127.0.0.1/");
  const method = request.method ?? "";
  const fault = faults.meet("identity", method, url.pathname);
  if (fault?.action === "hang") return;
  const answer =
    fault?.action === "refuse"
      ? { status: fault.status ?? 503, body: { message: "A planted fault." } }
      : await answerTo(identity, log, method, url, request);
  if (fault?.action === "lose") {
    request.socket.destroy();
    return;
  }
  response.writeHead(answer.status, { "content-type": "application/json" });
  response.end(JSON.stringify(answer.body));
}

async function answerTo(
  identity: ManagedIdentity,
  log: Log,
  method: string,
  url: URL,
  request: IncomingMessage,
): Promise<{ status: number; body: unknown }> {
  try {
    if (method !== "GET" || url.pathname !== "/msi/token") fail("notFound");
    const given = request.headers["x-identity-header"];
    const body = await operations.getToken(identity, {
      query: url.searchParams,
      identityHeader: typeof given === "string" ? given : undefined,
    });
    return { status: 200, body };
  } catch (error) {
    if (error instanceof IdentityError) {
      const { status, message } = error;
      return { status, body: { statusCode: status, message } };
    }
    log("identity.failed", { message: String(error) });
    return {
      status: 500,
      body: { statusCode: 500, message: "Internal error." },
    };
  }
}
