/** What the orchestrations of several kinds share. Like them, it is replayed and does nothing by itself. */
import type { OrchestrationContext } from "durable-functions";
import type { OwedPart } from "../domain/parts.ts";
import {
  all,
  callsTo,
  sleep,
  type Orchestration,
  type Pending,
} from "../durable.ts";
import type { DeliveryActivities } from "./index.ts";
import type { Delivery, Failure, Outcome } from "./kind.ts";

/** What became of one effect. */
export type Effect =
  | {
      readonly kind: "done";
      /** Documents that were set aside. */
      readonly refused?: number;
      /** Documents that had been set aside and are accepted now. */
      readonly cleared?: number;
    }
  | Failed;

interface Failed {
  readonly kind: "failed";
  readonly failure: Failure;
}

/** Parts at once. */
const WAVE = 8;
/** Beyond this many the sink is blocked: then it is no document's own fault any more. */
const MOST_REFUSED = 1_000;
/** Seconds before each further try; after the last one the sink is blocked. */
const PAUSES = [5, 25];

const UNFINISHED: Failed = {
  kind: "failed",
  failure: {
    code: "DELIVERY_FAILED",
    message: "A function of the delivery ended without an answer.",
    fault: "theirs",
  },
};

/**
 * Delivers the parts that are next, in waves, and notes each wave after its effect: a part may be delivered twice, and
 * its kind has made that harmless. A part that needs no effect has no task. With `notesAll` the last wave is noted
 * too; else the end of the batch is its note. A probe begins with one part.
 */
export function* deliverParts(
  context: OrchestrationContext,
  delivery: Delivery,
  deliverPart: (part: OwedPart) => Pending<Effect> | undefined,
  { notesAll }: { readonly notesAll: boolean },
): Orchestration<Outcome> {
  const { noteParts } = callsTo<DeliveryActivities>(context);
  const { pipeline, sink, batch, part, parts, next, isProbe } = delivery;
  let noted = part;
  for (let done = 0; done < next.length;) {
    const isProbing = isProbe && done === 0;
    const wave = next.slice(done, done + (isProbing ? 1 : WAVE));
    const sum = yield* deliverWave(context, wave, deliverPart, isProbing);
    done += sum.delivered;
    const { refused, recount, failure } = sum;
    const isEnd = part + done === parts;
    if (isEnd && !notesAll && refused === 0)
      return { kind: "delivered", noted, recount };
    if (sum.delivered > 0) {
      const from = { batch, part: noted };
      const at = context.df.currentUtcDateTime.toISOString();
      noted = part + done;
      const move = { pipeline, sink, from, at };
      const note = yield* noteParts({ ...move, part: noted, recount });
      if (!note) return { kind: "lost" };
      if (refused > 0 && note.refused > MOST_REFUSED)
        return { kind: "failed", noted, failure: tooMany(note.refused) };
    }
    if (failure) return { kind: "failed", noted, failure };
  }
  return noted === parts
    ? { kind: "delivered", noted, recount: false }
    : { kind: "paused" };
}

const tooMany = (refused: number): Failure => ({
  code: "DOCUMENTS_REFUSED",
  message: `${refused} documents are refused, more than ${MOST_REFUSED}.`,
  fault: "input",
});

interface WaveSum {
  /** So many of its first parts. */
  readonly delivered: number;
  readonly refused: number;
  readonly recount: boolean;
  readonly failure?: Failure;
}

/** A wave that fails is tried again from its first part that failed. */
function* deliverWave(
  context: OrchestrationContext,
  wave: readonly OwedPart[],
  deliverPart: (part: OwedPart) => Pending<Effect> | undefined,
  isProbing: boolean,
): Orchestration<WaveSum> {
  let delivered = 0;
  let refused = 0;
  let cleared = 0;
  for (let attempt = 0; ; attempt += 1) {
    const left = wave.slice(delivered);
    const effects = yield* settle(context, left, deliverPart);
    for (const effect of effects)
      if (effect.kind === "done") {
        refused += effect.refused ?? 0;
        cleared += effect.cleared ?? 0;
      }
    const firstFailed = effects.findIndex(({ kind }) => kind === "failed");
    const failed = effects[firstFailed];
    delivered += failed ? firstFailed : left.length;
    const recount = refused + cleared > 0;
    const sum = { delivered, refused, recount };
    if (failed?.kind !== "failed") return sum;
    const pause = isProbing ? undefined : PAUSES[attempt];
    if (pause === undefined) return { ...sum, failure: failed.failure };
    yield* sleep(context, pause);
  }
}

/** An effect says itself that it failed; where one could not say anything, all are taken to have failed. */
function* settle(
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

const isFailed = (result: { readonly kind: string }): result is Failed =>
  result.kind === "failed";
