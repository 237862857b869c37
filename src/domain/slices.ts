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
 * Events that a batch accounts for without having them. `expired`: the service does not hold them any more. `missing`:
 * they were waited for, and nobody knows why they do not come.
 */
export interface ClosedGap {
  readonly from: number;
  readonly to: number;
  readonly reason: "expired" | "missing";
  /** When it was seen that they are not there: it has its turn with what landed then. */
  readonly landedAt: number;
}

/** What follows a watermark without a hole. */
export type Piece = SliceCandidate | ClosedGap;

export const isGap = (piece: Piece): piece is ClosedGap => "reason" in piece;

/** Events that are in no file, and behind them the first file there is. */
export interface Hole {
  readonly from: number;
  readonly to: number;
  readonly nextLandedAt: number;
}

/** Where the pieces of a partition end. */
export interface Tail {
  /** The last event that is in a piece. */
  readonly end: number;
  /** Nothing behind it can be taken yet. */
  readonly hole?: Hole;
  readonly lastLandedAt?: number;
}

/**
 * What extends the watermark without a hole, from files in the order of their first events: of those with
 * `first ≤ w + 1 ≤ last` the one that reaches farthest, from w + 1 on. A delivery that was repeated and cut differently
 * gives only what is new. `close` says which part of a hole, from its start, need not be waited for. It reads on only
 * as far as it is asked, and holds one file.
 */
export async function* readPieces(
  watermark: number,
  files: AsyncIterable<BronzeFile> | Iterable<BronzeFile>,
  close: (hole: Hole) => readonly ClosedGap[] = () => [],
): AsyncGenerator<Piece, Tail, undefined> {
  let end = watermark;
  let best: BronzeFile | undefined;
  let lastLandedAt: number | undefined;
  for await (const file of files) {
    if (file.last <= end) continue;
    if (best && file.first > end + 1) {
      yield sliceOf(best, end);
      end = best.last;
      best = undefined;
      if (file.last <= end) continue;
    }
    if (file.first > end + 1) {
      const hole = {
        from: end + 1,
        to: file.first - 1,
        nextLandedAt: file.landedAt,
      };
      for (const gap of close(hole)) {
        yield gap;
        end = gap.to;
      }
      if (file.first > end + 1)
        return {
          end,
          hole: { ...hole, from: end + 1 },
          ...landed(lastLandedAt),
        };
    }
    lastLandedAt = Math.max(lastLandedAt ?? file.landedAt, file.landedAt);
    if (file.last > (best?.last ?? end)) best = file;
  }
  if (best) {
    yield sliceOf(best, end);
    end = best.last;
  }
  return { end, ...landed(lastLandedAt) };
}

const sliceOf = (
  { path, last, landedAt }: BronzeFile,
  end: number,
): SliceCandidate => ({ from: end + 1, to: last, path, landedAt });

const landed = (
  lastLandedAt: number | undefined,
): Pick<Tail, "lastLandedAt"> =>
  lastLandedAt === undefined ? {} : { lastLandedAt };

/** What waits of one partition of a stream. */
export interface PartitionPieces {
  readonly of: StreamPartition;
  readonly pieces: readonly Piece[];
}

/** A slice that a batch takes. */
export interface TakenSlice extends SliceCandidate, StreamPartition {}
/** A gap that a batch accounts for. */
export interface TakenGap extends ClosedGap, StreamPartition {}

/** A batch's slices stand in one manifest, and in one list of values in the job's SQL: neither may grow with a backlog. */
export const MAX_SLICES = 10_000;

/** Of what a batch may hold, how much is taken already. */
export class Capacity {
  readonly #maxEvents: number;
  #events = 0;
  #slices = 0;

  constructor(maxEvents: number) {
    this.#maxEvents = maxEvents;
  }

  get isFull(): boolean {
    return this.#events >= this.#maxEvents || this.#slices >= MAX_SLICES;
  }

  /** A gap costs nothing but its line. */
  take(piece: Piece): void {
    this.#slices += 1;
    if (!isGap(piece)) this.#events += eventsOf([piece]);
  }
}

/**
 * At most about `maxEvents` of all partitions, the longest-landed first, so that no busy partition keeps another waiting.
 * A file is taken whole, and at least one is taken. The rest waits for the next batch.
 */
export function takeOldest(
  partitions: readonly PartitionPieces[],
  maxEvents: number,
): { slices: TakenSlice[]; closedGaps: TakenGap[] } {
  const open = partitions.map((each) => ({ ...each, at: 0 }));
  const slices: TakenSlice[] = [];
  const closedGaps: TakenGap[] = [];
  const capacity = new Capacity(maxEvents);
  while (!capacity.isFull) {
    const next = oldestOf(open, ({ pieces, at }) => pieces[at]);
    if (!next) break;
    const { from, piece } = next;
    from.at += 1;
    capacity.take(piece);
    if (isGap(piece)) closedGaps.push({ ...piece, ...from.of });
    else slices.push({ ...piece, ...from.of });
  }
  return { slices, closedGaps };
}

/** The one whose next piece landed first. */
export function oldestOf<From>(
  all: readonly From[],
  nextOf: (from: From) => Piece | undefined,
): { from: From; piece: Piece } | undefined {
  let oldest: { from: From; piece: Piece } | undefined;
  for (const from of all) {
    const piece = nextOf(from);
    if (piece && (!oldest || piece.landedAt < oldest.piece.landedAt))
      oldest = { from, piece };
  }
  return oldest;
}

export const eventsOf = (
  slices: readonly { readonly from: number; readonly to: number }[],
): number => slices.reduce((sum, { from, to }) => sum + to - from + 1, 0);
