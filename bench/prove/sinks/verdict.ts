import type { Outcome } from "../proof.ts";
import type { BatchFiles } from "./batchFiles.ts";
import { compare, type Difference } from "./compare.ts";
import type { Gold } from "./movements.ts";
import type { Receiver } from "./receiver.ts";

interface Evidence {
  readonly files: BatchFiles;
  readonly receiver: Receiver;
  /** Events. */
  readonly sent: number;
  readonly refusedWrites: number;
  readonly gold: Gold;
  readonly found: Parameters<typeof compare>[1];
  readonly failures: readonly string[];
  /** So many of the batches. */
  readonly bySpark: number;
  readonly kills: number;
  readonly mostBehind: number;
  readonly seconds: number;
  readonly hours: number;
}

/** What of all this is a failure. */
export function verdictOf(evidence: Evidence): Outcome {
  const { files, receiver, gold, found, kills, seconds, hours } = evidence;
  const batches = files.ended();
  const documents = compare(gold, found);
  const events = countEvents(files, batches, evidence.sent);
  const hook = judge(receiver, "hook", batches);
  const later = judge(receiver, "later", batches);
  const early = receiver.of("later").filter(({ isInCosmos }) => !isInCosmos);
  const told = ["hook", "later"].flatMap((sink) => receiver.of(sink));
  const lost = [...documents.lost, ...events.lost, ...hook.lost, ...later.lost];
  const doubled = [...documents.doubled, ...events.doubled];
  return {
    failures: [
      ...evidence.failures,
      ...lost.map((one) => `Lost: ${one}`),
      ...doubled.map((one) => `Doubled: ${one}`),
      ...early.map(({ batch }) => `Early: batch ${batch} was told by later.`),
      ...[...hook.disorder, ...later.disorder, ...receiver.complaints],
      ...(evidence.refusedWrites > 0 ? [] : ["Cosmos has refused nothing."]),
    ],
    counts: {
      ...{ batches, bySpark: evidence.bySpark, kills },
      notifications: told.length,
      repeats: told.length - hook.batches - later.batches,
      refusedWrites: evidence.refusedWrites,
      ...{ lost: lost.length, doubled: doubled.length, early: early.length },
      ...{ mostBehind: evidence.mostBehind, hours, seconds },
    },
  };
}

/** Each event that was sent lies in the slice of exactly one batch: there is one partition, which begins at 0. */
function countEvents(
  files: BatchFiles,
  batches: number,
  sent: number,
): Difference {
  const taken = new Map<number, number>();
  for (let batch = 1; batch <= batches; batch += 1)
    for (const { from, to } of files.manifest(batch).slices)
      for (let at = from; at <= to; at += 1)
        taken.set(at, (taken.get(at) ?? 0) + 1);
  const lost = Array.from({ length: sent }, (_, at) => at).filter(
    (at) => !taken.has(at),
  );
  const doubled = [...taken].filter(([at, count]) => count > 1 || at >= sent);
  return {
    lost: lost.map((at) => `event ${at}`),
    doubled: doubled.map(([at]) => `event ${at}`),
  };
}

/** Each batch at least once, and for the first time in the order of the batches. */
function judge(receiver: Receiver, sink: string, batches: number) {
  const firsts = [...new Set(receiver.of(sink).map(({ batch }) => batch))];
  const missing = Array.from({ length: batches }, (_, at) => at + 1).filter(
    (batch) => !firsts.includes(batch),
  );
  const disorder = firsts.filter((batch, at) => batch < (firsts[at - 1] ?? 0));
  return {
    batches: firsts.length,
    lost: missing.map((batch) => `batch ${batch} at ${sink}`),
    disorder: disorder.map(
      (batch) => `${sink} told of batch ${batch} after a later one.`,
    ),
  };
}
