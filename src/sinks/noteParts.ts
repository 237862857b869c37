import type { AppContext } from "../context.ts";
import { moveHead, withoutBlock, type HeadMove } from "../ledger/heads.ts";
import { sinkUnblocked } from "../telemetry/events.ts";
import { MOST_REFUSED, TOO_MANY_REFUSED } from "./deliverParts.ts";
import { refusedNow } from "./refusedDocuments.ts";

export interface NoteParts extends HeadMove {
  /** So many parts of the batch are delivered now. */
  readonly part: number;
  /** Documents were refused, or accepted again. */
  readonly recount: boolean;
}

/**
 * Notes parts after their effect, or only counts what is refused. The sink is not blocked when parts were delivered,
 * unless it is blocked for too many refused documents and they are more now: so its back-off goes on. Undefined for the loser
 * of two; else how many documents are refused by now.
 */
export async function noteParts(
  { lake, log }: AppContext,
  note: NoteParts,
): Promise<{ refused: number } | undefined> {
  const { pipeline, sink, from, part, recount } = note;
  const { batch } = from;
  const moved = await moveHead(lake, note, { batch, part }, async (head) => {
    const refused = await refusedNow(lake, note, head, recount);
    const isDelivered = part > from.part;
    const staysBlocked =
      head.blocked?.code === TOO_MANY_REFUSED.code &&
      refused > Math.max(head.refused, MOST_REFUSED);
    if (!isDelivered || staysBlocked)
      return refused === head.refused ? head : { ...head, refused };
    if (head.blocked) sinkUnblocked(log, { pipeline, sink, batch });
    return { ...withoutBlock(head), refused };
  });
  return moved && { refused: moved.refused };
}
