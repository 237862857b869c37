/** How the parts of a batch are delivered, whatever the kind. It is replayed and does nothing by itself. */
import type { OrchestrationContext } from "durable-functions";
import type { OwedPart } from "../domain/parts.ts";
import {
  callsTo,
  sleep,
  type Orchestration,
  type Pending,
} from "../durable.ts";
import { isFailed, PAUSES, settle, type Effect } from "./effects.ts";
import type { DeliveryActivities } from "./index.ts";
import type { Delivery, Failure, Outcome } from "./kind.ts";

/** Parts at once. */
const WAVE = 8;
/** Beyond this many the sink is blocked: then it is no document's own fault any more. */
export const MOST_REFUSED = 1_000;
export const TOO_MANY_REFUSED: Failure = {
  code: "DOCUMENTS_REFUSED",
  message: `More than ${MOST_REFUSED} documents are refused.`,
  fault: "input",
};

/** What a part is told of the documents that the sink's store refuses. */
export interface RefusedSoFar {
  /** By the head, as of the last note. */
  readonly refused: number;
  /** So many more may be refused in this part; beyond that it stops and fails. Absent: as many as there are. */
  readonly limit?: number;
}

export type DeliverPart = (
  part: OwedPart,
  so: RefusedSoFar,
) => Pending<Effect> | undefined;

/**
 * Delivers the parts that are next, in waves, and notes each wave after its effect: a part may be delivered twice, and
 * its kind has made that harmless. A part that needs no effect has no task. With `notesAll` the last wave is noted
 * too; else the end of the batch is its note. A probe begins with one part, and so does a snapshot.
 *
 * Of what may still be refused, the parts of a wave have equal shares, so that they need not know of each other. A part
 * that needs more than its share is delivered again alone, with all that is left; only then the sink is blocked, and
 * the part stays the next one. So at most MOST_REFUSED documents are refused without anybody's asking; as many again
 * after a crash between a wave and its note; and one part's (5,000) for each probe or retry after too many.
 */
export function* deliverParts(
  context: OrchestrationContext,
  delivery: Delivery,
  deliverPart: DeliverPart,
  { notesAll }: { readonly notesAll: boolean },
): Orchestration<Outcome> {
  const { noteParts } = callsTo<DeliveryActivities>(context);
  const { pipeline, sink, batch, part, parts, next } = delivery;
  const beginsWithOne =
    delivery.isProbe || delivery.takesRefused || beginsSnapshot(delivery);
  let noted = part;
  let { refused } = delivery;
  let isCautious = false;
  let tries = 0;
  for (let done = 0; done < next.length;) {
    const isFirst = done === 0;
    const isAlone = isCautious || (isFirst && beginsWithOne);
    const wave = next.slice(done, done + (isAlone ? 1 : WAVE));
    const left = Math.max(0, MOST_REFUSED - refused);
    const so: RefusedSoFar =
      isFirst && delivery.takesRefused
        ? { refused }
        : { refused, limit: Math.floor(left / wave.length) };
    const sum = yield* deliverWave(context, wave, (each) =>
      deliverPart(each, so),
    );
    const { delivered, recount, failure } = sum;
    done += delivered;
    const isEnd = part + done === parts;
    if (isEnd && !notesAll) return { kind: "delivered", noted, recount };
    const from = { batch, part: noted };
    const at = context.df.currentUtcDateTime.toISOString();
    const move = { pipeline, sink, from, at };
    noted = part + done;
    const note = yield* noteParts({ ...move, part: noted, recount });
    if (!note) return { kind: "lost" };
    ({ refused } = note);
    if (sum.refused > 0 && refused > MOST_REFUSED && noted < parts)
      return { kind: "failed", noted, failure: TOO_MANY_REFUSED };
    if (!failure) tries = 0;
    else if (failure.code === TOO_MANY_REFUSED.code && wave.length > 1)
      // For the rest of this generation: its history stays bounded, whatever the next parts hold.
      isCautious = true;
    else {
      const pause =
        failure.fault === "input" || (delivery.isProbe && isFirst)
          ? undefined
          : PAUSES[tries];
      if (pause === undefined) return { kind: "failed", noted, failure };
      tries += 1;
      yield* sleep(context, pause);
    }
  }
  return noted === parts
    ? { kind: "delivered", noted, recount: false }
    : { kind: "paused" };
}

/** Its documents are all written: where all are refused, one part is enough to find out. */
const beginsSnapshot = ({ part, next, tables }: Delivery): boolean =>
  part === 0 && tables[next[0]?.table ?? ""] === "snapshot";

interface WaveSum {
  /** So many of its first parts. */
  readonly delivered: number;
  readonly refused: number;
  readonly recount: boolean;
  /** Of the first part that failed. */
  readonly failure?: Failure;
}

function* deliverWave(
  context: OrchestrationContext,
  wave: readonly OwedPart[],
  deliverPart: (part: OwedPart) => Pending<Effect> | undefined,
): Orchestration<WaveSum> {
  const effects = yield* settle(context, wave, deliverPart);
  let refused = 0;
  let cleared = 0;
  for (const effect of effects) {
    refused += effect.refused ?? 0;
    if (effect.kind === "done") cleared += effect.cleared ?? 0;
  }
  const firstFailed = effects.findIndex(isFailed);
  const failed = effects[firstFailed];
  if (failed?.kind !== "failed")
    return { delivered: wave.length, refused, recount: refused + cleared > 0 };
  // A part that failed may have come to refused documents before, whether it says so or not.
  return {
    ...{ delivered: firstFailed, refused, recount: true },
    failure: failed.failure,
  };
}
