/** Which part of which bronze file a batch takes. */
import type { StreamPartition } from "./paths.ts";

/** Where a partition stands, by the service that holds the stream. */
export interface PartitionPosition {
  readonly partition: string;
  /** The first event that the service still holds. */
  readonly begin: number;
  /** The last event; `begin - 1` when there is none. */
  readonly last: number;
  readonly lastEnqueuedAt?: string;
}

/** A bronze file of one stream partition, known by its name alone. */
export interface BronzeFile {
  readonly path: string;
  readonly first: number;
  readonly last: number;
  /** Milliseconds, the lake's clock. */
  readonly landedAt: number;
}

/** The part of a file that a batch could take. Both ends included. */
export interface SliceCandidate {
  readonly from: number;
  readonly to: number;
  readonly path: string;
  readonly landedAt: number;
}

/**
 * The slices that extend the watermark without a hole: of the files with `first ≤ w + 1 ≤ last`, the one
 * that reaches farthest, from w + 1 on. A delivery that was repeated and cut differently gives only what is new.
 */
export function contiguousSlices(
  watermark: number,
  files: readonly BronzeFile[],
): SliceCandidate[] {
  const sorted = [...files].sort((a, b) => a.first - b.first);
  const slices: SliceCandidate[] = [];
  let end = watermark;
  let at = 0;
  for (;;) {
    let best: BronzeFile | undefined;
    // Sorted by first: each file is looked at once, however often the watermark moves.
    for (
      let file = sorted[at];
      file && file.first <= end + 1;
      file = sorted[at]
    ) {
      if (file.last > (best?.last ?? end)) best = file;
      at += 1;
    }
    if (!best) return slices;
    slices.push({
      from: end + 1,
      to: best.last,
      path: best.path,
      landedAt: best.landedAt,
    });
    end = best.last;
  }
}

/** What waits of one partition of a stream. */
export interface PartitionSlices {
  readonly of: StreamPartition;
  readonly slices: readonly SliceCandidate[];
}

/** A slice that a batch takes. */
export interface TakenSlice extends SliceCandidate, StreamPartition {}

/** A batch's slices stand in one manifest, and in one list of values in the job's SQL: neither may grow with a backlog. */
export const MAX_SLICES = 10_000;

/**
 * At most about `maxEvents` of all partitions, the longest-landed first, so that no busy partition keeps another waiting.
 * A file is taken whole, and at least one is taken. The rest waits for the next batch.
 */
export function takeOldest(
  partitions: readonly PartitionSlices[],
  maxEvents: number,
): TakenSlice[] {
  const open = partitions.map((each) => ({ ...each, at: 0 }));
  const taken: TakenSlice[] = [];
  let events = 0;
  while (events < maxEvents && taken.length < MAX_SLICES) {
    let next:
      { from: (typeof open)[number]; slice: SliceCandidate } | undefined;
    for (const each of open) {
      const slice = each.slices[each.at];
      if (slice && (!next || slice.landedAt < next.slice.landedAt))
        next = { from: each, slice };
    }
    if (!next) break;
    next.from.at += 1;
    taken.push({ ...next.slice, ...next.from.of });
    events += next.slice.to - next.slice.from + 1;
  }
  return taken;
}

export const eventsOf = (
  slices: readonly { readonly from: number; readonly to: number }[],
): number => slices.reduce((sum, { from, to }) => sum + to - from + 1, 0);
