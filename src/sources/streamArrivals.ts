/** What arrived in bronze and is in no manifest yet. */
import type { AppContext } from "../context.ts";
import { streamOf } from "../domain/paths.ts";
import type { StreamRecord } from "../domain/records.ts";
import {
  Capacity,
  oldestOf,
  type PartitionPosition,
} from "../domain/slices.ts";
import { readersOfEnded } from "./endedGenerations.ts";
import { sumArrivals, type Arrivals, type Position } from "./kind.ts";
import { PartitionReader } from "./partitionReader.ts";
import { readRecovered } from "./recovered.ts";

type Context = Pick<AppContext, "lake" | "caches" | "now">;

/**
 * What landed of a stream after the watermark, the oldest first, and no more than a batch can take. Positions are asked
 * for before anything is listed: what lands meanwhile waits for the next look. It costs for each partition with
 * something new a page for each `FILES_A_PAGE` that this process has not seen, whatever lies there already, and what
 * `readersOfEnded` says.
 */
export async function readStreamArrivals(
  context: Context,
  present: StreamRecord,
  positions: readonly PartitionPosition[],
  asked: Position,
): Promise<Arrivals> {
  const ended = await readersOfEnded(context, present, asked);
  const readers = positions
    .map((position) => {
      const found = { partition: position.partition, position };
      return new PartitionReader(context, present, found, asked);
    })
    .concat(ended.readers);
  await readOldest(readers, asked.maxEvents);
  ended.note();
  const { kind, name } = present;
  return sumArrivals([
    ...readers.map((reader) => reader.arrivals()),
    await readRecovered(context, streamOf(kind, name), asked),
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
