/** Which generations that are over are looked at: they may have events that no manifest of a pipeline has. */
import type { AppContext } from "../context.ts";
import type { StreamRecord } from "../domain/records.ts";
import { defineCache } from "../ledger/caches.ts";
import { listGenerations } from "../ledger/streams.ts";
import type { Position } from "./kind.ts";
import { PartitionReader } from "./partitionReader.ts";

type Context = Pick<AppContext, "lake" | "caches" | "now">;

/** A landing into a generation that is over is minutes late at most; one that is later is found, too, if not at once. */
const LOOK_AGAIN_MS = 3_600_000;

/**
 * How the last look at a generation that is over ended, by pipeline: when it had nothing new, or that it had something.
 * What one pipeline has planned of a stream tells nothing of another.
 */
const lastLooks = defineCache(() => new Map<string, number | "open">());

const keyOf = (
  pipeline: string,
  { kind, name, generation }: StreamRecord,
): string => `${pipeline} ${kind}/${name}/${generation}`;

/** Readers of generations that are over. The service knows no positions of them: what lies in bronze is all there is. */
export interface EndedReaders {
  readonly readers: readonly PartitionReader[];
  /** Remembers, once each reader has read, which of the generations had nothing. */
  readonly note: () => void;
}

/**
 * Those that had something at the last look, and of the others the oldest that was not looked at for an hour: one a
 * look, however often the stream was created anew. It costs a listing of the generations, and as many readers as these
 * have partitions; a reader that finds nothing costs a page.
 */
export async function readersOfEnded(
  context: Context,
  present: StreamRecord,
  position: Pick<Position, "pipeline" | "ends">,
): Promise<EndedReaders> {
  const { pipeline } = position;
  const looks = lastLooks(context);
  const lookOf = (record: StreamRecord) => looks.get(keyOf(pipeline, record));
  const ended = (await listGenerations(context, present.kind, present.name))
    .filter(({ generation }) => generation !== present.generation)
    .sort((a, b) => Date.parse(a.createdOn) - Date.parse(b.createdOn));
  const next = ended.find((record) => {
    const look = lookOf(record);
    return (
      look === undefined ||
      (look !== "open" && context.now() - look > LOOK_AGAIN_MS)
    );
  });
  const looked = ended
    .filter((record) => record === next || lookOf(record) === "open")
    .map((record) => ({
      record,
      readers: record.partitions.map(
        (partition) =>
          new PartitionReader(context, record, { partition }, position),
      ),
    }));
  return {
    readers: looked.flatMap(({ readers }) => readers),
    note: () => {
      for (const { record, readers } of looked) {
        const isEmpty = readers.every((reader) => reader.isEmpty);
        looks.set(keyOf(pipeline, record), isEmpty ? context.now() : "open");
      }
    },
  };
}

/** Whether a generation that is over has something that could be planned. It costs what `readersOfEnded` says. */
export async function hasEndedArrivals(
  context: Context,
  present: StreamRecord,
  position: Pick<Position, "pipeline" | "ends">,
): Promise<boolean> {
  const { readers, note } = await readersOfEnded(context, present, position);
  await Promise.all(readers.map((reader) => reader.read()));
  note();
  return readers.some(({ ahead }) => ahead !== undefined);
}
