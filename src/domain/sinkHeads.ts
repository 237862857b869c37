/** What the progress of a sink says of a batch. */
import type { ProcessRecord, SinkHead } from "./records.ts";

/** Whether a sink has still to deliver a batch: one that is retired, or has no head, has not. */
export const holdsBatch = (
  head: SinkHead | undefined,
  batch: number,
): boolean =>
  head !== undefined && head.retiredAt === undefined && head.nextBatch <= batch;

/**
 * Whether a sink that is declared `after` another has to wait with a processed batch: until that one has delivered it,
 * whole, also where it does not deliver this one's tables. A batch that does not name the other is not waited for. Where
 * it does, and the other is retired, it is: it begins again with this batch.
 */
export const isHeldBy = (
  { batch, sinks }: HeldBatch,
  after: string | undefined,
  earlier: SinkHead | undefined,
): boolean =>
  after !== undefined &&
  sinks[after] !== undefined &&
  earlier !== undefined &&
  earlier.nextBatch <= batch;

/** Of a batch, which sinks it names. */
export interface HeldBatch extends Pick<ProcessRecord, "batch"> {
  readonly sinks: Readonly<Record<string, unknown>>;
}
