import type { AppContext } from "../context.ts";
import { moveHead, type HeadMove } from "../ledger/heads.ts";
import { sinkBlocked } from "../telemetry/events.ts";
import type { Failure } from "./kind.ts";

/** The first probe comes after a minute; each that fails doubles the wait, up to an hour. */
const FIRST_PROBE_SECONDS = 60;
const MOST_PROBE_SECONDS = 3_600;

export interface BlockSink extends HeadMove {
  readonly failure: Failure;
}

/** Blocks a sink, or keeps it blocked after a probe that failed. Run again, it changes nothing. */
export async function blockSink(
  { lake, log }: AppContext,
  block: BlockSink,
): Promise<void> {
  const { pipeline, sink, from, at, failure } = block;
  const moved = await moveHead(lake, block, from, (head) => {
    const { blocked } = head;
    if (blocked?.failedAt === at) return head;
    const failures = (blocked?.failures ?? 0) + 1;
    const seconds = Math.min(
      FIRST_PROBE_SECONDS * 2 ** (failures - 1),
      MOST_PROBE_SECONDS,
    );
    const retryAt = new Date(Date.parse(at) + seconds * 1000).toISOString();
    const since = blocked?.since ?? at;
    const times = { since, failedAt: at, retryAt };
    return { ...head, blocked: { ...failure, ...times, failures } };
  });
  if (moved?.blocked)
    sinkBlocked(log, {
      pipeline,
      sink,
      batch: from.batch,
      ...failure,
      failures: moved.blocked.failures,
    });
}
