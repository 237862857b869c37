/** What the progress of a sink says of a batch. */
import type { SinkHead } from "./records.ts";

/** Whether a sink has still to deliver a batch: one that is retired, or has no head, has not. */
export const holdsBatch = (
  head: SinkHead | undefined,
  batch: number,
): boolean =>
  head !== undefined && head.retiredAt === undefined && head.nextBatch <= batch;
