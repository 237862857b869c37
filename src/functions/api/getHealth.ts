import { readHealth } from "../../serve/health.ts";
import { defineRoute } from "./route.ts";

/** For load balancers and people; tells states, and nothing that needs a key. */
export const getHealth = defineRoute({
  name: "getHealth",
  method: "GET",
  path: "health",
  role: "anyone",
  summary: "Whether the app and its pipelines work.",
  answer: "health",
  otherStatuses: [503],
  problems: [],
  async handle(context) {
    const health = await readHealth(context);
    // What is degraded still works, and other pipelines may be well: no balancer is to take the app away for it.
    return { status: health.status === "down" ? 503 : 200, body: health };
  },
});
