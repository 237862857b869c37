/** What arrived in bronze and is in no manifest yet. */
import type { AppContext } from "../context.ts";
import { closeHole, GAP_DEADLINE_MS } from "../domain/gaps.ts";
import {
  firstNameWith,
  partitionFolder,
  streamOf,
  type StreamPartition,
} from "../domain/paths.ts";
import { watermarkOf } from "../domain/planning.ts";
import type { StreamRecord } from "../domain/records.ts";
import {
  Capacity,
  oldestOf,
  readPieces,
  type PartitionPosition,
  type Piece,
  type Tail,
} from "../domain/slices.ts";
import { defineCache } from "../ledger/caches.ts";
import { listGenerations } from "../ledger/streams.ts";
import { listBronze } from "./bronzeFiles.ts";
import {
  NO_ARRIVALS,
  sumArrivals,
  type Arrivals,
  type Position,
} from "./kind.ts";
import { readRecovered } from "./recovered.ts";

type Context = Pick<AppContext, "lake" | "caches" | "now">;

/**
 * What landed of a stream after the watermark, the oldest first, and no more than a batch can take. Positions are asked
 * for before anything is listed: what lands meanwhile waits for the next look. It costs a listing of the generations,
 * and for each partition with something new a page of its files for each `FILES_A_PAGE` that are new, whatever lies
 * there already.
 */
export async function readStreamArrivals(
  context: Context,
  present: StreamRecord,
  positions: readonly PartitionPosition[],
  position: Position,
): Promise<Arrivals> {
  const { kind, name } = present;
  const generations = await listGenerations(context, kind, name);
  const readers = generations
    .filter(({ generation }) => generation === present.generation)
    .concat(generations.filter((each) => isOpen(context, each, present)))
    .flatMap((generation) =>
      partitionsOf(generation, positions, present).map(
        (partition) =>
          new PartitionReader(context, generation, partition, position),
      ),
    );
  await readOldest(readers, position.maxEvents);
  for (const each of generations)
    if (each.generation !== present.generation)
      noteIfEmpty(context, each, readers);
  return sumArrivals([
    ...readers.map((reader) => reader.arrivals()),
    await readRecovered(context, streamOf(kind, name), position),
  ]);
}

/** Reads from the partition whose next piece landed first, until a batch is full. */
async function readOldest(
  readers: readonly PartitionReader[],
  maxEvents: number,
): Promise<void> {
  await Promise.all(readers.map((reader) => reader.read()));
  const capacity = new Capacity(maxEvents);
  while (!capacity.isFull) {
    const next = oldestOf(readers, ({ ahead }) => ahead);
    if (!next) return;
    capacity.take(next.piece);
    next.from.take();
    await next.from.read();
  }
}

/** Generations that are over and had nothing new, with the time when that was seen. */
const emptyGenerations = defineCache(() => new Map<string, number>());

/** A landing into a generation that is over is minutes late at most; one that is later is found, too, if not at once. */
const LOOK_AGAIN_MS = 3_600_000;

const keyOf = ({ kind, name, generation }: StreamRecord): string =>
  `${kind}/${name}/${generation}`;

/** Whether a generation that is over may have something that no manifest has: looked for once an hour. */
function isOpen(
  context: Context,
  record: StreamRecord,
  present: StreamRecord,
): boolean {
  if (record.generation === present.generation) return false;
  const emptyAt = emptyGenerations(context).get(keyOf(record));
  return emptyAt === undefined || context.now() - emptyAt > LOOK_AGAIN_MS;
}

function noteIfEmpty(
  context: Context,
  record: StreamRecord,
  readers: readonly PartitionReader[],
): void {
  const own = readers.filter(({ of }) => of.generation === record.generation);
  if (own.length > 0 && own.every(({ isEmpty }) => isEmpty))
    emptyGenerations(context).set(keyOf(record), context.now());
}

/** Of a generation that is over, the service knows no positions: what lies in bronze is all there will ever be. */
function partitionsOf(
  stream: StreamRecord,
  positions: readonly PartitionPosition[],
  present: StreamRecord,
): { partition: string; position?: PartitionPosition }[] {
  return stream.generation === present.generation
    ? positions.map((position) => ({ partition: position.partition, position }))
    : stream.partitions.map((partition) => ({ partition }));
}

/** Reads what is new of one partition, piece by piece. */
class PartitionReader {
  readonly of: StreamPartition;
  readonly #position: PartitionPosition | undefined;
  readonly #context: Context;
  readonly #pieces: AsyncGenerator<Piece, Tail | undefined, undefined>;
  readonly #taken: Piece[] = [];
  #tail: Tail | undefined;
  /** The next piece, once it was read. */
  ahead: Piece | undefined;

  constructor(
    context: Context,
    record: StreamRecord,
    found: { partition: string; position?: PartitionPosition },
    { ends }: Position,
  ) {
    const { kind, name, generation, begins } = record;
    const { partition, position } = found;
    this.of = { stream: streamOf(kind, name), generation, partition };
    this.#context = context;
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
    const notLandedEvents = Math.max(0, (this.#position?.last ?? end) - end);
    const lastEnqueuedAt = this.#position?.lastEnqueuedAt;
    return {
      ...NO_ARRIVALS,
      partitions,
      ...landed,
      notLandedEvents,
      ...(notLandedEvents === 0 || lastEnqueuedAt === undefined
        ? {}
        : { lastEnqueuedAt }),
    };
  }

  /**
   * Where no manifest names the partition, it begins with the first event that the service holds or that landed,
   * whichever comes first, but not before the stream was registered, unless something landed of that time.
   */
  async *#readNew(
    planned: number | undefined,
    registered: number,
  ): AsyncGenerator<Piece, Tail | undefined, undefined> {
    const { lake, now } = this.#context;
    const position = this.#position;
    if (position && planned !== undefined && position.last <= planned)
      return undefined;
    const folder = partitionFolder(this.of);
    const from = planned === undefined ? "" : firstNameWith(planned + 1);
    const files = listBronze(lake, folder, from);
    const first = planned === undefined ? await files.peek() : undefined;
    const held = Math.max(registered, position?.begin ?? registered);
    const begin = position
      ? Math.min(first?.first ?? held, held)
      : first?.first;
    const watermark = planned ?? (begin === undefined ? -1 : begin - 1);
    const tail = yield* readPieces(watermark, files, (hole) =>
      closeHole(hole, position?.begin, now()),
    );
    // Nothing lies behind what the service has dropped.
    if (tail.hole || !position || position.begin <= tail.end + 1) return tail;
    const to = Math.min(position.begin - 1, position.last);
    const lost = { from: tail.end + 1, to, nextLandedAt: now() };
    yield* closeHole(lost, position.begin, now());
    return { ...tail, end: Math.max(tail.end, to) };
  }
}
