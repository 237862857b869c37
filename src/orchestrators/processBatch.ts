import type { OrchestrationContext } from "durable-functions";
import type { Activities } from "../activities/index.ts";
import type { BatchRef } from "../domain/batchState.ts";
import type { JobRunResult } from "../domain/jobRuns.ts";
import type { DatabricksRunInput } from "./databricksRun.ts";
import { callsTo, sleep, type Orchestration } from "../durable.ts";

/** How far one attempt has brought a batch. `failed`: the next attempt may begin. */
export type Progress =
  | { readonly kind: "ended" }
  | { readonly kind: "blocked" }
  | { readonly kind: "failed"; readonly attempt: number };

/** Makes one attempt at a planned batch, or joins the one that runs: the documents in the lake say what is left. */
export function* processBatch(
  context: OrchestrationContext,
  batch: BatchRef,
  failedAttempt: number,
): Orchestration<Progress> {
  const { startJobRun, judgeJobRun } = callsTo<Activities>(context);
  const started = yield* startJobRun({ ...batch, failedAttempt });
  if (started.hasBatchEnded) return { kind: "ended" };
  const { attempt, runId, predictedSeconds } = started;
  const run = yield* waitForJobRun(
    context,
    predictedSeconds === undefined ? { runId } : { runId, predictedSeconds },
  );
  const verdict = yield* judgeJobRun({ ...batch, attempt, run });
  if (verdict.kind !== "retry") return verdict;
  yield* sleep(context, verdict.seconds);
  return { kind: "failed", attempt };
}

function* waitForJobRun(
  context: OrchestrationContext,
  input: DatabricksRunInput,
): Orchestration<JobRunResult> {
  // No id of our own: two lives of this orchestration must not meet in one child.
  return (yield context.df.callSubOrchestrator(
    "databricksRun",
    input,
  )) as JobRunResult;
}
