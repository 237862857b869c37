import type { AppContext } from "../context.ts";
import type { BatchRef } from "../domain/batchState.ts";
import type { SortedRequests } from "../domain/sortRequests.ts";
import { findNewestBatch, type Newest } from "../ledger/batches.ts";
import { planNext } from "../process/planNext.ts";
import {
  ignoreRequests,
  readRequests,
  settleRequests,
} from "../process/settleRequests.ts";
import { skipBatch } from "../process/skipBatch.ts";
import { unblockBatch } from "../process/unblockBatch.ts";
import { removeUnowedChanges } from "../sinks/removeChanges.ts";
import { batchAdopted } from "../telemetry/events.ts";

/**
 * The batch to process next: the newest one where it has not ended, else a new one; nothing where there is nothing to
 * do. It does first what operators asked for. Safe to run twice, and by two at once: the manifest is created once, and
 * the loser goes on with the winner's.
 */
export async function planBatch(
  context: AppContext,
  { pipeline }: { pipeline: string },
): Promise<BatchRef | null> {
  const newest = await findNewestBatch(context, pipeline);
  const requests = await readRequests(context, pipeline, newest);
  await settleRequests(context, pipeline, requests.planned);
  await ignoreRequests(context, pipeline, requests.pointless);
  if (newest?.state.state === "blocked" && requests.skips.length > 0)
    return (await skip(context, newest, requests))
      ? planBatch(context, { pipeline })
      : null;
  if (!newest || newest.state.state === "ended") {
    const next = await planNext(context, pipeline, newest, requests.reloads);
    if (next) await removeUnowedChanges(context, pipeline, next.batch);
    return next;
  }
  const { batch, state } = newest.state;
  if (
    state === "blocked" &&
    !(await unblockBatch(context, newest, requests.retries))
  )
    return null;
  batchAdopted(context.log, { pipeline, batch });
  return { pipeline, batch };
}

/** False while a job run of the batch is active. A request to retry it has nothing to retry afterwards. */
async function skip(
  context: AppContext,
  newest: Newest,
  { skips, retries }: SortedRequests,
): Promise<boolean> {
  const [first] = skips;
  if (!first || !(await skipBatch(context, newest, first))) return false;
  const { pipeline } = newest.manifest;
  await settleRequests(context, pipeline, skips);
  await ignoreRequests(context, pipeline, retries);
  return true;
}
