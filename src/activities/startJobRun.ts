import type { Lake } from "../adapters/lake/index.ts";
import type { AppContext } from "../context.ts";
import type { BatchRef } from "../domain/batchState.ts";
import { runTokenOf } from "../domain/identity.ts";
import { batchPaths } from "../domain/paths.ts";
import type { AttemptRecord, Manifest } from "../domain/records.ts";
import { eventsOf } from "../domain/slices.ts";
import { AssayError } from "../errors.ts";
import {
  amendAttempt,
  findLastAttemptNumber,
  findRunSeconds,
} from "../ledger/attempts.ts";
import {
  findOverride,
  hasBatchEnded,
  needManifest,
} from "../ledger/batches.ts";
import { createOrAdopt } from "../ledger/documents.ts";
import { jobRunStarted } from "../telemetry/events.ts";

export type StartedJobRun =
  | { readonly hasBatchEnded: true }
  | {
      readonly hasBatchEnded: false;
      readonly attempt: number;
      readonly runId: number;
      /** How long the batch before took. */
      readonly predictedSeconds?: number;
    };

/**
 * Starts the attempt after `failedAttempt`, or finds the one that runs: its token lies in the lake before the submit,
 * and Databricks answers a known token with the run it has. Once known, the run lies beside its token.
 */
export async function startJobRun(
  context: AppContext,
  { pipeline, batch, failedAttempt }: BatchRef & { failedAttempt: number },
): Promise<StartedJobRun> {
  const { lake } = context;
  if (await hasBatchEnded(lake, pipeline, batch))
    return { hasBatchEnded: true };
  const [manifest, override, last] = await Promise.all([
    needManifest(lake, pipeline, batch),
    findOverride(lake, pipeline, batch),
    findLastAttemptNumber(lake, pipeline, batch),
  ]);
  const first = Math.max(failedAttempt + 1, override?.firstAttempt ?? 1, last);
  const started =
    (await submit(context, manifest, first)) ??
    // The run was deleted while nobody knew of it, and its token can start no other.
    (await submit(context, manifest, first + 1));
  if (!started)
    throw new AssayError(
      "DATABRICKS_REFUSED",
      `The runs of attempts ${first} and ${first + 1} are said to be deleted.`,
    );
  const predicted = await predictSeconds(lake, manifest);
  return {
    hasBatchEnded: false,
    ...started,
    ...(predicted === undefined ? {} : { predictedSeconds: predicted }),
  };
}

async function submit(
  { lake, jobs, now, log }: AppContext,
  { pipeline, incarnation, batch }: Manifest,
  attempt: number,
): Promise<{ attempt: number; runId: number } | undefined> {
  const step = "process";
  const record = await createOrAdopt<AttemptRecord>(
    lake,
    batchPaths(pipeline, batch).attempt(attempt),
    {
      version: 3,
      attempt,
      token: runTokenOf({ pipeline, incarnation, batch, step, attempt }),
      createdAt: new Date(now()).toISOString(),
    },
  );
  if (record.runId !== undefined) return { attempt, runId: record.runId };
  const runId = await jobs.start(record.token, {
    pipeline,
    batch: String(batch),
    attempt: String(attempt),
  });
  const known =
    runId === undefined
      ? { seconds: 0, failedBy: "platform" as const }
      : { runId };
  await amendAttempt(lake, pipeline, batch, attempt, known);
  if (runId === undefined) return undefined;
  jobRunStarted(log, { pipeline, batch, attempt, runId });
  return { attempt, runId };
}

/** How long the batch before took; nothing where this one is far smaller, and most likely over much sooner. */
async function predictSeconds(
  lake: Lake,
  { pipeline, batch, slices }: Manifest,
): Promise<number | undefined> {
  if (batch === 1) return undefined;
  const before = await needManifest(lake, pipeline, batch - 1);
  if (eventsOf(slices) * 2 < eventsOf(before.slices)) return undefined;
  return findRunSeconds(lake, pipeline, batch - 1);
}
