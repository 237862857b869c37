import type { OrchestrationContext } from "durable-functions";
import type { Activities } from "../activities/index.ts";
import { decide } from "../domain/waiting.ts";
import { callsTo, sleep, type Orchestration } from "./durable.ts";
import { runBatch } from "./runBatch.ts";

export interface WatchInput {
  readonly pipeline: string;
  /** Set by the generation before: it has waited, this one runs the batch. */
  readonly isDue?: boolean;
}

/** A batch begins in a generation of its own: the history stays below a hundred events. */
const POLLS_PER_GENERATION = 10;

/**
 * Watches over one pipeline: waits until it is quiet or has waited its longest, runs a batch, and begins anew; ends
 * when there is nothing to do. It holds no state: ended, failed or deleted at any moment, it is started again and
 * goes on from what the lake says.
 */
export function* watch(context: OrchestrationContext): Orchestration<string> {
  const input = context.df.getInput<WatchInput>();
  const { pipeline, isDue = false } = input;
  const { readPipelineStatus, planBatch } = callsTo<Activities>(context);

  if (isDue) {
    const batch = yield* planBatch({ pipeline });
    if (batch && (yield* runBatch(context, batch)) === "blocked")
      return "blocked";
    context.df.continueAsNew({ pipeline });
    return "again";
  }
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
