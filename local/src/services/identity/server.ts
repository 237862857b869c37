import { createServer, type IncomingMessage, type Server } from "node:http";
import { answering } from "../../shared/answer.ts";
import type { Faults } from "../../shared/faults.ts";
import type { Log } from "../../shared/log.ts";
import type { Witness } from "../../shared/witness.ts";
import { IdentityError, fail } from "./errors.ts";
import { operations, type ManagedIdentity } from "./operations.ts";

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/** Plain HTTP, as on App Service: the endpoint is reachable from inside the app's host only. */
export function identityServer(
  identity: ManagedIdentity,
  faults: Faults,
  log: Log,
  witness?: Witness,
): Server {
  return createServer(
    answering<Reply>("identity", log, (request, response) => ({
      open() {
        request.resume();
        const url =
          URL.parse(request.url ?? "/", "http://127.0.0.1") ??
          new URL("http://127.0.0.1/");
        return {
          fault: faults.meet("identity", request.method ?? "", url.pathname),
          async work() {
            const reply = await tokenFor(identity, request, url);
            witness?.("getToken", request.headers["user-agent"] ?? "");
            return reply;
          },
        };
      },
      planned: (status) => ({ status, body: { message: "A planted fault." } }),
      refused,
      send({ status, body }) {
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify(body));
      },
    })),
  );
}

async function tokenFor(
  identity: ManagedIdentity,
  { method, headers }: IncomingMessage,
  url: URL,
): Promise<Reply> {
  if (method !== "GET" || url.pathname !== "/msi/token") fail("notFound");
  const given = headers["x-identity-header"];
  const body = await operations.getToken(identity, {
    query: url.searchParams,
    identityHeader: typeof given === "string" ? given : undefined,
  });
  return { status: 200, body };
}

function refused(error: unknown): Reply {
  const { status, message } =
    error instanceof IdentityError
      ? error
      : { status: 500, message: "Internal error." };
  return { status, body: { statusCode: status, message } };
}
