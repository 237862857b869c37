import {
  OrchestrationRuntimeStatus as Status,
  type DurableClient,
} from "durable-functions";
import type { AppContext } from "../context.ts";
import { defineCache } from "../ledger/caches.ts";
import { historyPurgeFailed } from "../telemetry/events.ts";

const DAY_MS = 86_400_000;
/** A person may want to see what became of last week's batch; the lake has it for ever. */
const KEPT_MS = 7 * DAY_MS;

const ENDED = [Status.Completed, Status.Failed, Status.Terminated];

/** What is asked of a durable client. */
export interface Purger {
  purgeInstanceHistoryBy(
    filter: Parameters<DurableClient["purgeInstanceHistoryBy"]>[0],
  ): Promise<unknown>;
}

const lastPurge = defineCache(() => ({ at: -Infinity }));

/**
 * Removes what orchestrations that ended a week ago have left: each attempt at a batch waits in a child with an id of its
 * own, and nothing else ever removes one. It costs one call a day and process, which ends with the last of them.
 */
export async function purgeHistory(
  context: Pick<AppContext, "caches" | "log" | "now">,
  durable: Purger,
): Promise<void> {
  const last = lastPurge(context);
  const now = context.now();
  if (now - last.at < DAY_MS) return;
  last.at = now;
  try {
    await durable.purgeInstanceHistoryBy({
      createdTimeFrom: new Date(0),
      createdTimeTo: new Date(now - KEPT_MS),
      runtimeStatus: ENDED,
    });
  } catch (error) {
    // What is left costs storage and nothing else: tomorrow is soon enough.
    historyPurgeFailed(context.log, { message: String(error) });
  }
}
