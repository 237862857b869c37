import type { DurableClient } from "durable-functions";
import type { Ports } from "../ports.ts";
import {
  watcherAsked,
  watcherStartFailed,
  type Log,
} from "../telemetry/events.ts";

/** Makes sure, as well as it can, that the watchers of these pipelines run. It never rejects; the sweep tries again. */
export async function startWatchers(
  { watchers }: Pick<Ports, "watchers">,
  client: DurableClient,
  pipelines: Iterable<string>,
  log: Log,
): Promise<void> {
  for (const pipeline of pipelines) {
    const { outcome, message } = await watchers.start(client, pipeline);
    if (outcome === "recent") continue;
    if (outcome === "failed")
      watcherStartFailed(log, { pipeline, message: message ?? "" });
    else watcherAsked(log, { pipeline, outcome });
  }
}
