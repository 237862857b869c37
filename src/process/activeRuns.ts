import type { AppContext } from "../context.ts";
import type { BatchRef } from "../domain/batchState.ts";
import { amendAttempt, readAttempts } from "../ledger/attempts.ts";
import { defineCache } from "../ledger/caches.ts";

/** The newest batch that has ended and whose job runs have all ended, by pipeline. */
const settledBatches = defineCache(() => new Map<string, number>());

/**
 * Whether a job run of a batch is known that has not ended. Such a run may outlive its batch: two drivers can be
 * alive at once. It costs a listing, a read an attempt, and a call to Databricks for each attempt whose end is not
 * written down yet; of a batch that has ended nothing, once it is known.
 */
export async function hasActiveRun(
  context: AppContext,
  { pipeline, batch }: BatchRef,
  hasEnded: boolean,
): Promise<boolean> {
  const settled = settledBatches(context);
  if (hasEnded && settled.get(pipeline) === batch) return false;
  const { lake, jobs } = context;
  const attempts = await readAttempts(lake, pipeline, batch);
  for (const { attempt, runId, seconds } of attempts) {
    if (runId === undefined || seconds !== undefined) continue;
    const run = await jobs.check(runId);
    if (!run.hasEnded) return true;
    await amendAttempt(lake, pipeline, batch, attempt, {
      seconds: run.seconds,
      ...(run.hasSucceeded ? {} : { failedBy: run.fault }),
    });
  }
  // A blocked batch may get another attempt.
  if (hasEnded) settled.set(pipeline, batch);
  return false;
}
