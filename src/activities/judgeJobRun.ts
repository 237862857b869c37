import type { AppContext } from "../context.ts";
import type { BatchRef } from "../domain/batchState.ts";
import {
  backoffSeconds,
  PROBE_AFTER_SECONDS,
  type JobRunResult,
} from "../domain/jobRuns.ts";
import { batchPaths } from "../domain/paths.ts";
import type {
  BlockedRecord,
  DefinitionOverride,
  FailureRecord,
  Manifest,
} from "../domain/records.ts";
import { amendAttempt, countFailuresByCode } from "../ledger/attempts.ts";
import {
  definitionOf,
  findOverride,
  hasBatchEnded,
  needManifest,
} from "../ledger/batches.ts";
import { findDocument, replaceDocument } from "../ledger/documents.ts";
import {
  batchBlocked,
  batchProcessed,
  jobRunFailed,
} from "../telemetry/events.ts";

export type Verdict =
  | { readonly kind: "ended" }
  | { readonly kind: "retry"; readonly seconds: number }
  | { readonly kind: "blocked" };

interface EndedAttempt extends BatchRef {
  readonly attempt: number;
  readonly run: JobRunResult;
}

/** What follows from the end of an attempt: go on, try again, or block the batch and say why. */
export async function judgeJobRun(
  context: AppContext,
  ended: EndedAttempt,
): Promise<Verdict> {
  const { lake, log } = context;
  const { pipeline, batch, attempt, run } = ended;
  const { runId, seconds, fault } = run;
  // The documents are the result: a run may also have written them and failed afterwards.
  if (await hasBatchEnded(lake, pipeline, batch)) {
    const end = run.hasSucceeded ? { seconds } : { seconds, failedBy: fault };
    await amendAttempt(lake, pipeline, batch, attempt, end);
    batchProcessed(log, { pipeline, batch, attempt, runId, seconds });
    return { kind: "ended" };
  }
  const message = run.message.slice(0, MAX_LOGGED);
  jobRunFailed(log, { pipeline, batch, attempt, runId, message, fault });
  const failed = { seconds, failedBy: fault };
  await amendAttempt(lake, pipeline, batch, attempt, failed);

  const [manifest, override, failure] = await Promise.all([
    needManifest(lake, pipeline, batch),
    findOverride(lake, pipeline, batch),
    findDocument<FailureRecord>(
      lake,
      batchPaths(pipeline, batch).failure(attempt),
    ),
  ]);
  const from = override?.firstAttempt ?? 1;
  // The batch was unblocked since: others run it, and this attempt says nothing about theirs.
  if (attempt < from) return { kind: "retry", seconds: 1 };
  const range = { from, to: attempt };
  const byCode = await countFailuresByCode(lake, pipeline, batch, range);
  const pause = failure
    ? undefined
    : backoffSeconds(attempt - from + 1, byCode);
  if (pause !== undefined) return { kind: "retry", seconds: pause };
  await block(context, ended, { manifest, override, failure });
  return { kind: "blocked" };
}

const MAX_LOGGED = 500;

async function block(
  { lake, log, now }: AppContext,
  { pipeline, batch, run }: EndedAttempt,
  why: {
    readonly manifest: Manifest;
    readonly override: DefinitionOverride | undefined;
    readonly failure: FailureRecord | undefined;
  },
): Promise<void> {
  const { manifest, override, failure } = why;
  const definition = definitionOf(manifest, override);
  const { runPageUrl } = run;
  const page = runPageUrl === undefined ? {} : { runPageUrl };
  const blocked: BlockedRecord = failure
    ? {
        version: 3,
        reason: "input",
        code: failure.condition,
        message: failure.message,
        ...(failure.file === undefined ? {} : { file: failure.file }),
        ...(failure.line === undefined ? {} : { line: failure.line }),
        ...page,
        definition,
      }
    : {
        version: 3,
        reason: "job",
        code: run.hasSucceeded ? "RESULT_MISSING" : "JOB_FAILED",
        message: run.hasSucceeded
          ? "The run succeeded and wrote no process.json."
          : run.message,
        ...page,
        definition,
        retryAt: new Date(now() + PROBE_AFTER_SECONDS * 1000).toISOString(),
      };
  const path = batchPaths(pipeline, batch).blocked;
  await replaceDocument(lake, path, blocked);
  const { code } = blocked;
  const message = blocked.message.slice(0, MAX_LOGGED);
  batchBlocked(log, { pipeline, batch, code, message });
}
