import type { OrchestrationContext } from "durable-functions";
import type { Activities } from "../activities/index.ts";
import type { BatchRef } from "../domain/batchState.ts";
import { decide } from "../domain/waiting.ts";
import { callsTo, sleep, type Orchestration } from "../durable.ts";
import { processBatch } from "./processBatch.ts";

export interface WatchInput {
  readonly pipeline: string;
  /** Set by the generation before: it has waited, this one processes the batch. */
  readonly isDue?: boolean;
  /** Set by the generation before: this attempt at this batch has failed, and the pause after it is over. */
  readonly failed?: { readonly batch: number; readonly attempt: number };
}

/** Each attempt at a batch is a generation of its own, too: the history stays below a hundred events. */
const POLLS_PER_GENERATION = 10;

/** A delivery that is at work may have looked at the lake just before the batch ended. */
const LOOK_AGAIN_SECONDS = 1;

/**
 * Watches over one pipeline: waits until it is quiet or has waited its longest, processes a batch, has it delivered,
 * and begins anew; ends when there is nothing to do. It holds no state: ended, failed or deleted at any moment, it is
 * started again and goes on from what the lake says.
 */
export function* watch(context: OrchestrationContext): Orchestration<string> {
  const input = context.df.getInput<WatchInput>();
  const { pipeline, isDue = false } = input;
  const { readPipelineStatus } = callsTo<Activities>(context);

  if (isDue) return yield* processNext(context, input);
  for (let poll = 0; poll < POLLS_PER_GENERATION; poll += 1) {
    const next = decide(yield* readPipelineStatus({ pipeline }));
    if (next.kind === "end") return next.why;
    if (next.kind === "run") {
      context.df.continueAsNew({ pipeline, isDue: true });
      return "due";
    }
    yield* sleep(context, next.seconds);
  }
  context.df.continueAsNew({ pipeline });
  return "again";
}

function* processNext(
  context: OrchestrationContext,
  { pipeline, failed }: WatchInput,
): Orchestration<string> {
  const { planBatch } = callsTo<Activities>(context);
  const batch = yield* planBatch({ pipeline });
  if (batch) {
    const failedAttempt =
      failed && failed.batch === batch.batch ? failed.attempt : 0;
    const progress = yield* processBatch(context, batch, failedAttempt);
    if (progress.kind === "blocked") return "blocked";
    if (progress.kind === "failed") {
      const { attempt } = progress;
      const again = { batch: batch.batch, attempt };
      context.df.continueAsNew({ pipeline, isDue: true, failed: again });
      return "again";
    }
    yield* deliverBatch(context, batch);
  }
  context.df.continueAsNew({ pipeline });
  return "again";
}

/** Starts what delivers the batch, and waits for none of it. */
function* deliverBatch(
  context: OrchestrationContext,
  { pipeline, batch }: BatchRef,
): Orchestration<void> {
  const { startDeliveries } = callsTo<Activities>(context);
  const { running } = yield* startDeliveries({ pipeline, batch });
  if (running.length === 0) return;
  yield* sleep(context, LOOK_AGAIN_SECONDS);
  yield* startDeliveries({ pipeline, sinks: running });
}
