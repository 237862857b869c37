import type { AppContext } from "../context.ts";
import { moveHead, withoutBlock, type HeadMove } from "../ledger/heads.ts";
import { batchDelivered, sinkUnblocked } from "../telemetry/events.ts";
import { refusedNow } from "./refusedDocuments.ts";
import { removeChanges } from "./removeChanges.ts";

export interface FinishDelivery extends HeadMove {
  readonly recount: boolean;
}

/** Leaves a batch behind: all that it owes to the sink is delivered. False for the loser of two. */
export async function finishDelivery(
  context: AppContext,
  finish: FinishDelivery,
): Promise<boolean> {
  const { lake, log } = context;
  const { pipeline, sink, from, recount } = finish;
  const { batch } = from;
  await removeChanges(context, pipeline, sink, batch);
  const to = { batch: batch + 1, part: 0 };
  const moved = await moveHead(lake, finish, to, async (head) => {
    if (head.blocked) sinkUnblocked(log, { pipeline, sink, batch });
    const refused = await refusedNow(lake, finish, head, recount);
    return { ...withoutBlock(head), refused };
  });
  if (!moved) return false;
  batchDelivered(log, { pipeline, sink, batch, refused: moved.refused });
  return true;
}
