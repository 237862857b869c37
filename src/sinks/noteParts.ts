import type { AppContext } from "../context.ts";
import { moveHead, withoutBlock, type HeadMove } from "../ledger/heads.ts";
import { sinkUnblocked } from "../telemetry/events.ts";
import { countRefused } from "./refused.ts";

export interface NoteParts extends HeadMove {
  /** So many parts of the batch are delivered now. */
  readonly part: number;
  /** Documents were refused, or accepted again. */
  readonly recount: boolean;
}

/**
 * Notes parts after their effect: the sink is not blocked then. Undefined for the loser of two; else how many
 * documents are refused by now.
 */
export async function noteParts(
  { lake, log }: AppContext,
  note: NoteParts,
): Promise<{ refused: number } | undefined> {
  const { pipeline, sink, from, part, recount } = note;
  const { batch } = from;
  const moved = await moveHead(lake, note, { batch, part }, async (head) => {
    if (head.blocked) sinkUnblocked(log, { pipeline, sink, batch });
    const refused = recount
      ? await countRefused(lake, pipeline, sink)
      : head.refused;
    return { ...withoutBlock(head), refused };
  });
  return moved && { refused: moved.refused };
}
