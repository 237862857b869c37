import type { OrchestrationContext } from "durable-functions";
import type { Activities } from "../activities/index.ts";
import type { JobRunResult } from "../domain/jobRuns.ts";
import { secondsToNextPoll } from "../domain/polling.ts";
import {
  callsTo,
  secondsSince,
  sleep,
  type Orchestration,
} from "../durable.ts";

export interface DatabricksRunInput {
  readonly runId: number;
  readonly predictedSeconds?: number;
  /** Of the first generation. */
  readonly startedAt?: string;
}

/** A replay reads the whole history: a long wait is cut into generations of this many questions. */
const POLLS_PER_GENERATION = 10;

/** Waits until a job run has ended, and gives its result. */
export function* databricksRun(
  context: OrchestrationContext,
): Orchestration<JobRunResult | undefined> {
  const input = context.df.getInput<DatabricksRunInput>();
  const { runId, predictedSeconds } = input;
  const { checkJobRun } = callsTo<Activities>(context);
  const startedAt = new Date(
    input.startedAt ?? context.df.currentUtcDateTime.getTime(),
  );

  for (let poll = 0; poll < POLLS_PER_GENERATION; poll += 1) {
    yield* sleep(
      context,
      secondsToNextPoll(secondsSince(context, startedAt), predictedSeconds),
    );
    const run = yield* checkJobRun({ runId });
    if (run.hasEnded) return run;
  }
  context.df.continueAsNew({ ...input, startedAt: startedAt.toISOString() });
  return undefined;
}
