import type {
  OrchestrationContext,
  OrchestrationHandler,
} from "durable-functions";
import type { DeliveryActivities } from "../sinks/index.ts";
import type { Delivery, SinkKinds, SinkRef } from "../sinks/kind.ts";
import { callsTo, sleep, type Orchestration } from "../durable.ts";

export interface DeliverInput extends SinkRef {
  /** Sinks that were at work when this one started them: they may have read this one's head before it moved. */
  readonly lookAgain?: readonly string[];
}

const LOOK_AGAIN_SECONDS = 1;

/**
 * Delivers the batches of a pipeline to one sink, in order: one batch, or some waves of its parts, then it begins
 * anew, so that the history stays bounded. It ends when there is nothing to deliver, or when it is blocked: the end
 * of a batch, the sink that it waits for, or the sweep starts it again. It holds no state.
 */
export const createDeliver = (kinds: SinkKinds): OrchestrationHandler =>
  function* deliver(context: OrchestrationContext): Orchestration<string> {
    const input = context.df.getInput<DeliverInput>();
    const { pipeline, sink } = input;
    const ref: SinkRef = { pipeline, sink };
    const { prepareDelivery, startDeliveries } =
      callsTo<DeliveryActivities>(context);
    const lookAgain = new Set(input.lookAgain);
    const startFollowers = function* (batch: number): Orchestration<void> {
      const ask = { pipeline, batch, after: sink };
      const { running } = yield* startDeliveries(ask);
      for (const follower of running) lookAgain.add(follower);
    };

    const prepared = yield* prepareDelivery({ ...ref, at: now(context) });
    if (prepared.passed !== undefined) yield* startFollowers(prepared.passed);
    let ended: string = prepared.kind;
    if (prepared.kind === "deliver") {
      const { delivery } = prepared;
      ended = yield* deliverOne(context, kinds, delivery);
      if (ended === "delivered" && delivery.hasFollowers)
        yield* startFollowers(delivery.batch);
    }
    if (GOES_ON.has(ended)) {
      context.df.continueAsNew({ ...ref, lookAgain: [...lookAgain] });
    } else if (lookAgain.size > 0) {
      yield* sleep(context, LOOK_AGAIN_SECONDS);
      yield* startDeliveries({ pipeline, sinks: [...lookAgain] });
    }
    return ended;
  };

const GOES_ON: ReadonlySet<string> = new Set(["delivered", "paused", "more"]);

function* deliverOne(
  context: OrchestrationContext,
  kinds: SinkKinds,
  delivery: Delivery,
): Orchestration<string> {
  const { blockSink, finishDelivery } = callsTo<DeliveryActivities>(context);
  const { pipeline, sink, batch } = delivery;
  const outcome = yield* kindOf(kinds, delivery.kind).deliver(
    context,
    delivery,
  );
  if (outcome.kind === "lost" || outcome.kind === "paused") return outcome.kind;
  const from = { batch, part: outcome.noted };
  const move = { pipeline, sink, from, at: now(context) };
  if (outcome.kind === "failed") {
    yield* blockSink({ ...move, failure: outcome.failure });
    return "blocked";
  }
  const { recount } = outcome;
  const isFinished = yield* finishDelivery({ ...move, recount });
  return isFinished ? "delivered" : "lost";
}

/** The delivery was prepared for a kind that this table has. */
function kindOf(kinds: SinkKinds, name: string): SinkKinds[string] {
  const kind = kinds[name];
  if (kind) return kind;
  throw new RangeError(`There is no kind of sink ${name}.`);
}

const now = (context: OrchestrationContext): string =>
  context.df.currentUtcDateTime.toISOString();
