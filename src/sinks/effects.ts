/** The effects of a delivery, and how they are tried again. Like the orchestrations, it is replayed. */
import type { OrchestrationContext } from "durable-functions";
import type { OwedPart } from "../domain/parts.ts";
import { all, sleep, type Orchestration, type Pending } from "../durable.ts";
import type { Delivery, Failure } from "./kind.ts";

/** What became of one effect. */
export type Effect =
  | {
      readonly kind: "done";
      /** Documents that were not refused before, and are now. */
      readonly refused?: number;
      /** Documents that were refused before, and are accepted now. */
      readonly cleared?: number;
    }
  | Failed;

export interface Failed {
  readonly kind: "failed";
  readonly failure: Failure;
  /** As of an effect that is done, where a part says it. */
  readonly refused?: number;
}

/** Seconds before each further try; after the last one the sink is blocked. */
export const PAUSES = [5, 25];

const UNFINISHED: Failed = {
  kind: "failed",
  failure: {
    code: "DELIVERY_FAILED",
    message: "A function of the delivery ended without an answer.",
    fault: "theirs",
  },
};

/** An effect says itself that it failed; where one could not say anything, all are taken to have failed. */
export function* settle(
  context: OrchestrationContext,
  parts: readonly OwedPart[],
  deliverPart: (part: OwedPart) => Pending<Effect> | undefined,
): Orchestration<Effect[]> {
  const tasks = parts.map(deliverPart);
  const pending = tasks.filter((task) => task !== undefined);
  try {
    const effects = (yield* all(context, pending)).values();
    return tasks.map((task) =>
      task === undefined
        ? { kind: "done" }
        : (effects.next().value ?? UNFINISHED),
    );
  } catch {
    return parts.map(() => UNFINISHED);
  }
}

/** The result of an effect that has no parts, tried with the same pauses. A probe is one try. */
export function* tried<Result extends { readonly kind: string }>(
  context: OrchestrationContext,
  { isProbe }: Delivery,
  effect: () => Pending<Result>,
): Orchestration<Result | Failed> {
  for (let attempt = 0; ; attempt += 1) {
    const result = yield* orFailed(context, effect());
    if (!isFailed(result)) return result;
    const pause = isProbe ? undefined : PAUSES[attempt];
    // What an operator has to mend is not mended within a minute.
    if (pause === undefined || result.failure.fault === "ours") return result;
    yield* sleep(context, pause);
  }
}

function* orFailed<Result>(
  context: OrchestrationContext,
  task: Pending<Result>,
): Orchestration<Result | Failed> {
  try {
    const [result] = yield* all(context, [task]);
    return result ?? UNFINISHED;
  } catch {
    return UNFINISHED;
  }
}

export const isFailed = (result: { readonly kind: string }): result is Failed =>
  result.kind === "failed";
