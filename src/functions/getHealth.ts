import { app } from "@azure/functions";
import { openHealth } from "../activities/checkHealth.ts";
import type { Ports } from "../ports.ts";

/** For load balancers and people; tells states, and nothing that needs a key. */
export function registerGetHealth(ports: Ports): void {
  const health = openHealth(ports);
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
