import type { Lake } from "../adapters/lake/index.ts";
import { runTokenOf } from "../domain/identity.ts";
import { batchPaths } from "../domain/paths.ts";
import type { AttemptRecord, DoneRecord, Manifest } from "../domain/records.ts";
import { eventsOf } from "../domain/slices.ts";
import { lastAttempt } from "../ledger/attempts.ts";
import { findOverride, needManifest } from "../ledger/batches.ts";
import { createOrAdopt, findDocument } from "../ledger/documents.ts";
import type { AppContext } from "../context.ts";
import { jobRunStarted } from "../telemetry/events.ts";
import type { BatchRef } from "./planBatch.ts";

export type StartedJobRun =
  | { readonly isProcessed: true }
  | {
      readonly isProcessed: false;
      readonly attempt: number;
      readonly runId: number;
      /** How long the batch before took. */
      readonly predictedSeconds?: number;
    };

/**
 * Starts the attempt after `failedAttempt`, or finds the one that runs: its token lies in the lake before the submit,
 * and Databricks answers a known token with the run it has.
 */
export async function startJobRun(
  { lake, jobs, now, log }: AppContext,
  { pipeline, batch, failedAttempt }: BatchRef & { failedAttempt: number },
): Promise<StartedJobRun> {
  const paths = batchPaths(pipeline, batch);
  if (await lake.find(paths.process)) return { isProcessed: true };
  const [manifest, override, last] = await Promise.all([
    needManifest(lake, pipeline, batch),
    findOverride(lake, pipeline, batch),
    lastAttempt(lake, pipeline, batch),
  ]);
  const attempt = Math.max(
    failedAttempt + 1,
    override?.firstAttempt ?? 1,
    last,
  );
  const { incarnation } = manifest;
  const { token } = await createOrAdopt<AttemptRecord>(
    lake,
    paths.attempt(attempt),
    {
      version: 2,
      attempt,
      token: runTokenOf({
        pipeline,
        incarnation,
        batch,
        step: "process",
        attempt,
      }),
      createdAt: new Date(now()).toISOString(),
    },
  );
  const runId = await jobs.start(token, {
    pipeline,
    batch: String(batch),
    attempt: String(attempt),
  });
  jobRunStarted(log, { pipeline, batch, attempt, runId });
  const predicted = await predictedSeconds(lake, manifest);
  return {
    isProcessed: false,
    attempt,
    runId,
    ...(predicted === undefined ? {} : { predictedSeconds: predicted }),
  };
}

/** How long the batch before took; nothing where this one is far smaller, and most likely over much sooner. */
async function predictedSeconds(
  lake: Lake,
  { pipeline, batch, slices }: Manifest,
): Promise<number | undefined> {
  if (batch === 1) return undefined;
  const [done, before] = await Promise.all([
    findDocument<DoneRecord>(lake, batchPaths(pipeline, batch - 1).done),
    needManifest(lake, pipeline, batch - 1),
  ]);
  const isComparable = eventsOf(slices) * 2 >= eventsOf(before.slices);
  return isComparable ? done?.seconds.process : undefined;
}
