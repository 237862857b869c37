import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { Faults } from "../shared/faults.ts";
import type { Log } from "../shared/log.ts";
import { messageOf } from "./app/appFault.ts";
import { writeStatus } from "./triggers/http/response.ts";

/** Serves some paths. False: not its path, nothing was written. */
export type Handler = (
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  query: string,
) => Promise<boolean>;

/** One server for the app's API and the host's own webhooks: the first handler that knows the path answers. */
export function createHostServer(
  handlers: readonly Handler[],
  faults: Faults,
  log: Log,
): Server {
  const answer = async (
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> => {
    const url = request.url ?? "/";
    const mark = url.indexOf("?");
    const path = mark < 0 ? url : url.slice(0, mark);
    const query = mark < 0 ? "" : url.slice(mark + 1);
    const fault = faults.meet("functions", request.method ?? "", path);
    if (fault?.action === "hang") return;
    if (fault?.action === "refuse") {
      writeStatus(response, fault.status ?? 503);
      return;
    }
    if (fault?.action === "lose") {
      // The work is done; the answer goes nowhere.
      response.writeHead = () => response;
      response.end = () => response.destroy();
    }
    for (const handler of handlers)
      if (await handler(request, response, path, query)) return;
    writeStatus(response, 404);
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      log("request.failed", { url: request.url, message: messageOf(error) });
      if (response.headersSent) response.destroy();
      else writeStatus(response, 500);
    });
  });
  // Above the idle time of the SDKs' and of Node's own agents, so that a kept connection is not closed under a request.
  server.keepAliveTimeout = 60_000;
  return server;
}

/** Shorter than the time that whoever stops us grants. */
const GRACE_MS = 10_000;

/** Takes no more requests, and resolves when those that run are answered, or have had their time. */
export function drain(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), GRACE_MS);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
