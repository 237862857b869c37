import type { IncomingMessage, ServerResponse } from "node:http";
import { AppFault } from "../../app/appFault.ts";
import type { AppFunction } from "../../app/appFunctions.ts";
import type { Host } from "../hostContext.ts";
import { withoutDotSegments } from "./dotSegments.ts";
import { mayCall, type AuthLevel, type Keys } from "./keys.ts";
import { bodyOf, httpData } from "./request.ts";
import { writeOutcome, writeStatus } from "./response.ts";
import { compileRoute, type Route } from "./routes.ts";

interface Endpoint {
  readonly fn: AppFunction;
  readonly methods: ReadonlySet<string>;
  readonly level: AuthLevel;
  readonly route: Route;
}

/** Answers a request of the app's API. False: no function has this route, nothing was written. */
type HttpTriggers = (
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  query: string,
) => Promise<boolean>;

export function httpTriggers(
  host: Host,
  functions: readonly AppFunction[],
  keys: Keys,
): HttpTriggers {
  const prefix = host.hostJson.text("extensions.http.routePrefix", "api");
  const endpoints = functions
    .map((fn) => endpointOf(fn, prefix))
    .sort((a, b) => (a.route.order < b.route.order ? -1 : 1));
  return async (request, response, path, query) => {
    const relative = withoutDotSegments(path).slice(1);
    for (const { fn, methods, route, level } of endpoints) {
      if (!methods.has(request.method ?? "")) continue;
      const params = route.match(relative);
      if (params === undefined) continue;
      if (!mayCall(level, keys, request, query)) {
        writeStatus(response, 401);
        return true;
      }
      const body = await bodyOf(request);
      if (body === "too large") {
        writeStatus(response, 413);
        return true;
      }
      const traceParent = request.headers["traceparent"];
      const outcome = await host.worker.run(fn.name, () => ({
        inputData: host.inputsOf(fn, httpData(request, query, params, body)),
        ...(typeof traceParent === "string" && { traceParent }),
      }));
      writeOutcome(response, outcome);
      return true;
    }
    return false;
  };
}

const LEVELS: readonly unknown[] = ["anonymous", "function", "admin"];

function endpointOf(fn: AppFunction, prefix: string): Endpoint {
  const { name, trigger } = fn;
  const where = `The function '${name}'`;
  const { route = name, methods = ["GET", "POST"] } = trigger as {
    route?: string;
    methods?: readonly string[];
  };
  const authLevel = trigger["authLevel"] ?? "function";
  const level =
    typeof authLevel === "string" ? authLevel.toLowerCase() : authLevel;
  if (!LEVELS.includes(level))
    throw new AppFault(
      `${where} has the authLevel ${JSON.stringify(authLevel)}: it must be anonymous, function or admin.`,
    );
  const template = [prefix, route.replace(/^\//, "")]
    .filter((part) => part !== "")
    .join("/");
  return {
    fn,
    level: level as AuthLevel,
    methods: new Set(methods.map((method) => method.toUpperCase())),
    route: compileRoute(template, where),
  };
}
