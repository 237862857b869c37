import {
  backoffSeconds,
  PROBE_AFTER_SECONDS,
  type JobRunResult,
} from "../domain/jobRuns.ts";
import { batchPaths } from "../domain/paths.ts";
import type { BlockedRecord, FailureRecord } from "../domain/records.ts";
import { failuresByCode, recordFault } from "../ledger/attempts.ts";
import { definitionOf, findOverride, needManifest } from "../ledger/batches.ts";
import { findDocument, replaceDocument } from "../ledger/documents.ts";
import type { AppContext } from "../context.ts";
import { batchBlocked, jobRunFailed } from "../telemetry/events.ts";
import type { BatchRef } from "./planBatch.ts";

export type Verdict =
  | { readonly kind: "processed" }
  | { readonly kind: "retry"; readonly seconds: number }
  | { readonly kind: "blocked" };

/** What follows from the end of an attempt: go on, try again, or block the batch and say why. */
export async function judgeJobRun(
  context: AppContext,
  {
    pipeline,
    batch,
    attempt,
    run,
  }: BatchRef & { attempt: number; run: JobRunResult },
): Promise<Verdict> {
  const { lake } = context;
  const paths = batchPaths(pipeline, batch);
  // The document is the result: a run may also have written it and failed in its last breath.
  if (await lake.find(paths.process)) return { kind: "processed" };
  const [manifest, override, failure] = await Promise.all([
    needManifest(lake, pipeline, batch),
    findOverride(lake, pipeline, batch),
    findDocument<FailureRecord>(lake, paths.failure(attempt)),
  ]);
  const { runId, message, fault, runPageUrl } = run;
  jobRunFailed(context.log, {
    pipeline,
    batch,
    attempt,
    runId,
    message: message.slice(0, 500),
    fault,
  });

  await recordFault(lake, pipeline, batch, attempt, fault);
  const from = override?.firstAttempt ?? 1;
  const byCode = await failuresByCode(lake, pipeline, batch, {
    from,
    to: attempt,
  });
  const failed = attempt - from + 1;
  const seconds = failure ? undefined : backoffSeconds(failed, byCode);
  if (seconds !== undefined) return { kind: "retry", seconds };

  const definition = definitionOf(manifest, override);
  const page = runPageUrl === undefined ? {} : { runPageUrl };
  const blocked: BlockedRecord = failure
    ? {
        version: 2,
        reason: "input",
        code: failure.condition,
        message: failure.message,
        ...(failure.file === undefined ? {} : { file: failure.file }),
        ...(failure.line === undefined ? {} : { line: failure.line }),
        ...page,
        definition,
      }
    : {
        version: 2,
        reason: "job",
        code: run.hasSucceeded ? "RESULT_MISSING" : "JOB_FAILED",
        message: run.hasSucceeded
          ? "The run succeeded and wrote no process.json."
          : message,
        ...page,
        definition,
        retryAt: new Date(
          context.now() + PROBE_AFTER_SECONDS * 1000,
        ).toISOString(),
      };
  await replaceDocument(lake, paths.blocked, blocked);
  batchBlocked(context.log, {
    pipeline,
    batch,
    code: blocked.code,
    message: blocked.message.slice(0, 500),
  });
  return { kind: "blocked" };
}
