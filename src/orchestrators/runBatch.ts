import type { OrchestrationContext } from "durable-functions";
import type { Activities } from "../activities/index.ts";
import type { BatchRef } from "../activities/planBatch.ts";
import type { PublishedTables } from "../domain/accounts.ts";
import type { JobRunResult } from "../domain/jobRuns.ts";
import type { DatabricksRunInput } from "./databricksRun.ts";
import {
  all,
  callsTo,
  secondsSince,
  sleep,
  tasksOf,
  type Orchestration,
} from "./durable.ts";

/** Runs a planned batch to its end, from wherever it stands: the documents in the lake say what is left. */
export function* runBatch(
  context: OrchestrationContext,
  batch: BatchRef,
): Orchestration<"done" | "blocked"> {
  const { finishBatch } = callsTo<Activities>(context);
  const processed = yield* processBatch(context, batch);
  if (processed === "blocked") return "blocked";
  const publishStartedAt = context.df.currentUtcDateTime;
  const published = yield* publishBatch(context, batch);
  yield* finishBatch({
    ...batch,
    ...processed,
    published,
    publishSeconds: secondsSince(context, publishStartedAt),
  });
  return "done";
}

function* processBatch(
  context: OrchestrationContext,
  batch: BatchRef,
): Orchestration<"blocked" | { processSeconds?: number }> {
  const { startJobRun, judgeJobRun } = callsTo<Activities>(context);
  for (let failedAttempt = 0; ;) {
    const started = yield* startJobRun({ ...batch, failedAttempt });
    if (started.isProcessed) return {};
    const { attempt, runId, predictedSeconds } = started;
    const run = yield* waitForJobRun(
      context,
      predictedSeconds === undefined ? { runId } : { runId, predictedSeconds },
    );
    const verdict = yield* judgeJobRun({ ...batch, attempt, run });
    if (verdict.kind === "processed") return { processSeconds: run.seconds };
    if (verdict.kind === "blocked") return "blocked";
    yield* sleep(context, verdict.seconds);
    failedAttempt = attempt;
  }
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

/** Rounds with new tasks: a share that failed is published again with the others, which changes nothing there. */
const PUBLISH_ROUNDS = 3;
const PAUSE_SECONDS = 5;

function* publishBatch(
  context: OrchestrationContext,
  batch: BatchRef,
): Orchestration<PublishedTables[]> {
  const { preparePublish } = callsTo<Activities>(context);
  const { publishShare } = tasksOf<Activities>(context);
  const { width } = yield* preparePublish(batch);
  for (let round = 1; ; round += 1) {
    try {
      const shares = Array.from({ length: width }, (_, share) =>
        publishShare({ ...batch, share, width }),
      );
      return yield* all(context, shares);
    } catch (error) {
      if (round >= PUBLISH_ROUNDS) throw error;
      yield* sleep(context, PAUSE_SECONDS * round);
    }
  }
}
