import { app } from "@azure/functions";
import type { AppContext } from "../../context.ts";
import { withErrorResponse } from "./errorResponse.ts";
import { JsonResponse } from "./jsonResponse.ts";
import type { ApiContext, Route } from "./route.ts";
import { routes } from "./routes.ts";

/**
 * A function for each route of the table. HEAD is answered as GET: it has to be declared, for a real host answers 404 to
 * a method that is not, and the host leaves the body out.
 */
export function registerApi(context: AppContext, openapiFile: string): void {
  for (const route of routes) registerRoute({ ...context, openapiFile }, route);
}

function registerRoute(context: ApiContext, route: Route): void {
  app.http(route.name, {
    route: route.path,
    methods: [route.method, "HEAD"],
    authLevel: route.role === "anyone" ? "anonymous" : "function",
    handler: withErrorResponse(async (request) => {
      const answer = await route.respond(context, request);
      if ("unchanged" in answer)
        return { status: 304, headers: { etag: answer.unchanged } };
      return new JsonResponse(answer);
    }),
  });
}
