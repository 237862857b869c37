import { app } from "@azure/functions";
import { openHealth } from "../activities/checkHealth.ts";
import type { Ports } from "../ports.ts";

/** For load balancers and people; tells states, and nothing that needs a key. */
export function registerGetHealth(ports: Ports): void {
  const health = openHealth(ports);
  app.get("getHealth", {
    route: "health",
    authLevel: "anonymous",
    handler: async () => ({ jsonBody: await health() }),
  });
}
