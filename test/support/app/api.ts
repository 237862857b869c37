import {
  app,
  type HttpFunctionOptions,
  type HttpRequest,
  HttpResponse,
  InvocationContext,
} from "@azure/functions";
import type { AppContext } from "../../../src/context.ts";
import { registerApi } from "../../../src/functions/api/index.ts";

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: unknown;
  /** Lines that the invocation logged. */
  readonly logged: readonly string[];
}

export interface Asked {
  readonly query?: Readonly<Record<string, string>>;
  readonly etag?: string;
}

export interface Api {
  readonly functions: ReadonlyMap<string, HttpFunctionOptions>;
  /** Calls the function of a route with the parameters of its path. */
  ask(
    route: string,
    params?: Readonly<Record<string, string>>,
    asked?: Asked,
  ): Promise<ApiAnswer>;
}

/** The API's functions as they are registered, and their answers as the host gets them. */
export function apiOf(context: AppContext, openapiFile = "none"): Api {
  const functions = registeredBy(() => {
    registerApi(context, openapiFile);
  });
  return {
    functions,
    async ask(route, params = {}, { query = {}, etag } = {}) {
      const logged: string[] = [];
      const invocation = new InvocationContext({
        functionName: route,
        invocationId: "an-invocation",
        logHandler: (_level, ...lines) => logged.push(lines.join(" ")),
      });
      // As much of a request as a handler of the API reads.
      const request = {
        params,
        query: new URLSearchParams(query),
        headers: new Headers(
          etag === undefined ? {} : { "if-none-match": etag },
        ),
      } as unknown as HttpRequest;
      const answer = await functions.get(route)?.handler(request, invocation);
      const response =
        answer instanceof HttpResponse ? answer : new HttpResponse(answer);
      const text = Buffer.from(await response.arrayBuffer()).toString();
      return {
        status: response.status,
        headers: response.headers,
        text,
        body: text === "" ? undefined : (JSON.parse(text) as unknown),
        logged,
      };
    },
  };
}

function registeredBy(register: () => void): Map<string, HttpFunctionOptions> {
  const { http } = app;
  const found = new Map<string, HttpFunctionOptions>();
  Object.assign(app, {
    http: (name: string, options: HttpFunctionOptions) =>
      found.set(name, options),
  });
  try {
    register();
  } finally {
    Object.assign(app, { http });
  }
  return found;
}
