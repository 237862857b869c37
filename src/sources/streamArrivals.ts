/** What arrived in bronze and is in no manifest yet. */
import type { AppContext } from "../context.ts";
import { streamOf } from "../domain/paths.ts";
import type { StreamRecord } from "../domain/records.ts";
import {
  Capacity,
  oldestOf,
  type PartitionPosition,
} from "../domain/slices.ts";
import { defineCache } from "../ledger/caches.ts";
import { listGenerations } from "../ledger/streams.ts";
import { sumArrivals, type Arrivals, type Position } from "./kind.ts";
import { PartitionReader } from "./partitionReader.ts";
import { readRecovered } from "./recovered.ts";

type Context = Pick<AppContext, "lake" | "caches" | "now">;

/**
 * What landed of a stream after the watermark, the oldest first, and no more than a batch can take. Positions are asked
 * for before anything is listed: what lands meanwhile waits for the next look. It costs a listing of the generations,
 * and for each partition with something new a page for each `FILES_A_PAGE` that this process has not seen, whatever lies
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
