import { app } from "@azure/functions";
import { openHealth } from "../serve/health.ts";
import type { AppContext } from "../context.ts";

/** For load balancers and people; tells states, and nothing that needs a key. */
export function registerGetHealth(context: AppContext): void {
  const health = openHealth(context);
  app.get("getHealth", {
    route: "health",
    authLevel: "anonymous",
    handler: async () => {
      const answer = await health();
      // What is degraded still works, and other pipelines may be well: no balancer is to take the app away for it.
      const status = answer.status === "down" ? 503 : 200;
      return { status, jsonBody: answer };
    },
  });
}
