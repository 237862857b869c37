import type { AppContext } from "../context.ts";
import { closeHole, GAP_DEADLINE_MS } from "../domain/gaps.ts";
import type { NotLanded } from "../domain/notLanded.ts";
import {
  firstNameWith,
  nameOfFirst,
  partitionFolder,
  streamOf,
  type StreamPartition,
} from "../domain/paths.ts";
import { watermarkOf } from "../domain/planning.ts";
import type { StreamRecord } from "../domain/records.ts";
import {
  isGap,
  readPieces,
  type Hole,
  type PartitionPosition,
  type Piece,
  type SliceCandidate,
  type Tail,
} from "../domain/slices.ts";
import { defineCache } from "../ledger/caches.ts";
import { listBronze } from "./bronzeFiles.ts";
import { latestOf, NO_ARRIVALS, type Arrivals, type Position } from "./kind.ts";

type Context = Pick<AppContext, "lake" | "caches" | "now">;

/** Reads what is new of one partition, piece by piece. */
export class PartitionReader {
  readonly of: StreamPartition;
  readonly #position: PartitionPosition | undefined;
  readonly #context: Context;
  readonly #pipeline: string;
  readonly #pieces: AsyncGenerator<Piece, Tail | undefined, undefined>;
  readonly #taken: Piece[] = [];
  #tail: Tail | undefined;
  /** The next piece, once it was read. */
  ahead: Piece | undefined;

  constructor(
    context: Context,
    record: StreamRecord,
    found: { partition: string; position?: PartitionPosition },
    { pipeline, ends }: Pick<Position, "pipeline" | "ends">,
  ) {
    const { kind, name, generation, begins } = record;
    const { partition, position } = found;
    this.of = { stream: streamOf(kind, name), generation, partition };
    this.#context = context;
    this.#pipeline = pipeline;
    this.#position = position;
    const planned = watermarkOf(ends, record, partition);
    this.#pieces = this.#readNew(planned, begins[partition] ?? 0);
  }

  get isEmpty(): boolean {
    const nothing = this.#taken.length === 0 && this.ahead === undefined;
    return nothing && this.#tail?.hole === undefined;
  }

  async read(): Promise<void> {
    const { done, value } = await this.#pieces.next();
    this.ahead = done === true ? undefined : value;
    if (done === true) this.#tail = value;
  }

  take(): void {
    if (this.ahead) this.#taken.push(this.ahead);
    this.ahead = undefined;
  }

  /** Of a partition that was not read to its end, nobody asks what is behind: the batch is full. */
  arrivals(): Arrivals {
    const partitions = [{ of: this.of, pieces: this.#taken }];
    const tail = this.#tail;
    if (!tail) {
      const lastLandedAt = this.#taken.at(-1)?.landedAt;
      return {
        ...NO_ARRIVALS,
        partitions: this.#taken.length === 0 ? [] : partitions,
        ...(lastLandedAt === undefined ? {} : { lastLandedAt }),
        isFull: this.ahead !== undefined,
      };
    }
    const { end, hole, lastLandedAt } = tail;
    const landed = lastLandedAt === undefined ? {} : { lastLandedAt };
    if (hole) {
      const closesAt = hole.nextLandedAt + GAP_DEADLINE_MS;
      const gap = {
        ...this.of,
        from: hole.from,
        to: hole.to,
        closesAt: new Date(closesAt).toISOString(),
      };
      return { ...NO_ARRIVALS, partitions, ...landed, gaps: [gap] };
    }
    return {
      ...NO_ARRIVALS,
      partitions,
      ...landed,
      notLanded: this.#notLanded(end),
    };
  }

  /** Of a generation that is over, the service knows nothing. */
  #notLanded(end: number): NotLanded[] {
    if (!this.#position || this.#position.last <= end) return [];
    const { begin, last, lastEnqueuedAt } = this.#position;
    return [
      {
        ...this.of,
        events: last - end,
        ...(end < begin ? {} : { landedTo: end }),
        ...(lastEnqueuedAt === undefined ? {} : { lastEnqueuedAt }),
      },
    ];
  }

  /**
   * What this process has seen before costs no listing. From there on, files are looked for that begin with the next
   * event; only where that leads no farther, and more should be there, for one that began before it. Before that last
   * look nobody knows that an event is in no file: nothing is closed.
   */
  async *#readNew(
    planned: number | undefined,
    registered: number,
  ): AsyncGenerator<Piece, Tail | undefined, undefined> {
    const { lake, now } = this.#context;
    const position = this.#position;
    const seen = this.#seenPieces(planned);
    if (position && planned !== undefined && position.last <= planned)
      return undefined;
    yield* seen;
    const folder = partitionFolder(this.of);
    let lastLandedAt = latestOf(seen.map(({ landedAt }) => landedAt));
    let end = seen.at(-1)?.to ?? planned;
    let begin = end;
    let hole: Hole | undefined;
    const close = (found: Hole) => closeHole(found, position?.begin, now());
    // Of a generation that is over, everything has landed long ago.
    const both = position ? [nameOfFirst, firstNameWith] : [firstNameWith];
    const looks = end === undefined ? [() => ""] : both;
    for (const startOf of looks) {
      const isLast = startOf === looks.at(-1);
      const files = listBronze(lake, folder, startOf((end ?? 0) + 1));
      end ??= beginOf((await files.peek())?.first, position?.begin, registered);
      begin ??= end;
      const found = readPieces(end, files, isLast ? close : undefined);
      const tail: Tail = yield* this.#note(seen, begin, found);
      ({ end, hole } = tail);
      lastLandedAt = latestOf(
        [lastLandedAt ?? [], tail.lastLandedAt ?? []].flat(),
      );
      if (!hole && !this.#lacks(end)) break;
    }
    end ??= -1;
    const tail = {
      end,
      ...(lastLandedAt === undefined ? {} : { lastLandedAt }),
    };
    if (hole) return { ...tail, hole };
    if (!position) return tail;
    // Nothing lies behind what the service has dropped.
    const to = position.begin - 1;
    yield* close({ from: end + 1, to, nextLandedAt: now() });
    return { ...tail, end: Math.max(end, to) };
  }

  /**
   * Whether events should have landed that are not there: the service has them for a while, or has dropped them. Of a
   * generation that is over, nobody knows.
   */
  #lacks(end: number): boolean {
    if (!this.#position) return true;
    const { begin, last, lastEnqueuedAt } = this.#position;
    if (last <= end) return false;
    const { now } = this.#context;
    return (
      begin > end + 1 ||
      lastEnqueuedAt === undefined ||
      now() - Date.parse(lastEnqueuedAt) >= LATE_MS
    );
  }

  /** The slices that follow the watermark, as far as they were seen. */
  #seenPieces(planned: number | undefined): SliceCandidate[] {
    const known = knownPieces(this.#context);
    const { stream, generation, partition } = this.of;
    const key = `${this.#pipeline} ${stream}/${generation}/${partition}`;
    const before = known.get(key);
    const isOfOne = (slice: SliceCandidate): boolean =>
      planned === undefined || slice.to > planned;
    const pieces = before?.pieces.filter(isOfOne) ?? [];
    const follows =
      planned === undefined
        ? before?.planned === undefined
        : pieces[0]?.from === planned + 1;
    const seen = { planned, pieces: follows ? pieces : [] };
    known.set(key, seen);
    return seen.pieces;
  }

  /**
   * A slice that was seen stays one: files never change. What is closed of a hole may still be filled, so that what lies
   * behind it is not remembered: only a slice that follows what is.
   */
  async *#note(
    seen: SliceCandidate[],
    begin: number,
    pieces: AsyncGenerator<Piece, Tail, undefined>,
  ): AsyncGenerator<Piece, Tail, undefined> {
    for (;;) {
      const { done, value } = await pieces.next();
      if (done === true) return value;
      const follows = value.from === (seen.at(-1)?.to ?? begin) + 1;
      if (follows && !isGap(value)) seen.push(value);
      yield value;
    }
  }
}

/** An event that is in the hub for so long has landed, or fails to. */
const LATE_MS = 10_000;

interface SeenPieces {
  readonly planned: number | undefined;
  readonly pieces: SliceCandidate[];
}

/** What follows the watermark, by pipeline and partition: no more of a pipeline than a batch holds, and a page a partition. */
const knownPieces = defineCache(() => new Map<string, SeenPieces>());

/**
 * The last event before a partition that no manifest names: it begins with the first event that its service holds or
 * that landed, whichever comes first, but not before the stream was registered, unless something landed of that time.
 */
function beginOf(
  first: number | undefined,
  held: number | undefined,
  registered: number,
): number {
  if (held === undefined) return (first ?? 0) - 1;
  const begin = Math.max(registered, held);
  return Math.min(first ?? begin, begin) - 1;
}
