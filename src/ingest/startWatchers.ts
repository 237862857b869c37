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

/** The same for one pipeline; it rejects where the start fails. */
export async function startWatcher(
  context: Pick<AppContext, "watchers" | "log">,
  client: Starter,
  pipeline: string,
): Promise<void> {
  const failed = await startWatchers(context, client, [pipeline]);
  failUnlessStarted(failed, "watcher.startFailed");
}

/** Starts never reject: what failed of them fails a step of the sweep. `line`: of the log, where the reason is. */
export function failUnlessStarted(
  failed: readonly string[],
  line: "watcher.startFailed" | "delivery.startFailed",
): void {
  if (failed.length > 0)
    throw new Error(`No start of ${failed.join(", ")}: ${line} says why.`);
}
