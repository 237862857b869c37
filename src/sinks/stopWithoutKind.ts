import type { AppContext } from "../context.ts";
import { AssayError } from "../errors.ts";
import { findNewestBatchNumber } from "../ledger/batches.ts";
import { withoutBlock, type FoundHead } from "../ledger/heads.ts";
import { sinkKindUnknown } from "../telemetry/events.ts";
import { blockSink } from "./blockSink.ts";
import type { PrepareDelivery } from "./prepareDelivery.ts";
import { removeChanges } from "./removeChanges.ts";
import { isNamed, replaceAtWork } from "./retiring.ts";

/** Batches that are given up in one go: each costs a read for each other sink, and the removal of its change sets. */
const MOST_GIVEN_UP = 200;

/**
 * The kind of a sink that is owed a batch is not in this code. Another instance, of a newer version, may have it: the
 * sink is blocked and keeps its place. Where neither the package nor the newest batch names the sink any more, nobody
 * is to deliver what it is owed: that is given up, with a warning, and the sink is retired.
 */
export async function stopWithoutKind(
  context: AppContext,
  { pipeline, sink, at }: PrepareDelivery,
  found: FoundHead,
  { kind, batch }: { readonly kind: string; readonly batch: number },
): Promise<"blocked" | "retired" | "lost" | "more"> {
  sinkKindUnknown(context.log, { pipeline, sink, kind });
  const newest = await findNewestBatchNumber(context, pipeline);
  if (!(await isNamed(context, { pipeline, sink }, newest))) {
    const gone = { ...found, head: withoutBlock(found.head) };
    const nextBatch = Math.min(newest, batch + MOST_GIVEN_UP);
    const isLast = nextBatch === newest;
    const change = {
      ...{ nextBatch, deliveredParts: 0, updatedAt: at },
      ...(isLast ? { retiredAt: at } : {}),
    };
    if (!(await replaceAtWork(context, pipeline, gone, change))) return "lost";
    // After the head is replaced: another delivery may still read them. A crash here leaves change sets that no sink needs.
    for (let each = batch; each < nextBatch; each += 1)
      await removeChanges(context, pipeline, sink, each);
    return isLast ? "retired" : "more";
  }
  const { head } = found;
  const part = batch > head.nextBatch ? 0 : head.deliveredParts;
  if (batch > head.nextBatch || head.retiredAt !== undefined) {
    const change = { nextBatch: batch, deliveredParts: part, updatedAt: at };
    if (!(await replaceAtWork(context, pipeline, found, change))) return "lost";
  }
  const { detail, code, fault } = new AssayError(
    "SINK_KIND_UNKNOWN",
    `This version of the app has no sinks of the kind ${kind}.`,
  );
  const failure = { code, message: detail, fault };
  const from = { batch, part };
  await blockSink(context, { pipeline, sink, from, at, failure });
  return "blocked";
}
