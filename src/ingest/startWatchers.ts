import type { Starter } from "../adapters/startOrchestration.ts";
import type { AppContext } from "../context.ts";
import { watcherAsked, watcherStartFailed } from "../telemetry/events.ts";

/**
 * Makes sure, as well as it can, that the watchers of these pipelines run, and answers those whose start failed. It never
 * rejects; the sweep tries again.
 */
export async function startWatchers(
  { watchers, log }: Pick<AppContext, "watchers" | "log">,
  client: Starter,
  pipelines: Iterable<string>,
): Promise<string[]> {
  const failed: string[] = [];
  for (const pipeline of pipelines) {
    const { outcome, message } = await watchers.start(client, pipeline);
    if (outcome === "recent") continue;
    if (outcome === "failed") {
      failed.push(pipeline);
      watcherStartFailed(log, { pipeline, message: message ?? "" });
    } else watcherAsked(log, { pipeline, outcome });
  }
  return failed;
}
