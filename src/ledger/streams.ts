/** The lives of hubs that events were landed of. */
import type {
  EventHubs,
  HubLife,
  PartitionPosition,
} from "../adapters/eventHubs/index.ts";
import type { Lake } from "../adapters/lake/index.ts";
import { generationOf } from "../domain/identity.ts";
import { streamPath, streamsFolder } from "../domain/paths.ts";
import { watermarkOf } from "../domain/planning.ts";
import type { Ends, StreamRecord } from "../domain/records.ts";
import { streamRegistered, type Log } from "../telemetry/events.ts";
import { createOrAdopt, needDocument } from "./documents.ts";
import { defineCache, type Caches } from "./caches.ts";

export interface StreamPorts {
  readonly lake: Lake;
  readonly hubs: EventHubs;
  readonly caches: Caches;
  readonly log: Log;
  readonly now: () => number;
}

/** A hub's generation, as it was when this process asked for it. */
interface KnownStream {
  /** When the question was asked, in milliseconds. */
  readonly askedAt: number;
  readonly stream: Promise<StreamRecord>;
}

/** The present generation, by hub. */
const knownStreams = defineCache(() => new Map<string, KnownStream>());
/** The last event of the batch that was landed last, by hub and partition. */
const lastLanded = defineCache(() => new Map<string, number>());

/** The JavaScript client tells no replication epoch: a hub that is geo-replicated needs one here (docs/unproven.md). */
const EPOCH = "0";

/** A hub may be created again at any moment: what is known of it is asked for again after this long. */
const STANDS_MS = 60_000;

/** The hub's present life, asked for at most once a minute. */
export const presentStream = (
  context: StreamPorts,
  hub: string,
): Promise<StreamRecord> => streamNotOlder(context, hub, STANDS_MS);

/**
 * The life that a batch belongs to. In one life batches follow each other: one that steps back is a redelivered one
 * or of another life, and the first one of a partition is not known to follow anything. Both have the hub asked anew.
 */
export function streamOfBatch(
  context: StreamPorts,
  { hub, partition, first }: { hub: string; partition: string; first: number },
): Promise<StreamRecord> {
  const landed = lastLanded(context).get(`${hub}/${partition}`);
  const isNext = landed !== undefined && first > landed;
  return streamNotOlder(context, hub, isNext ? STANDS_MS : 0);
}

export const rememberLanded = (
  context: StreamPorts,
  { hub, partition, last }: { hub: string; partition: string; last: number },
): void => {
  lastLanded(context).set(`${hub}/${partition}`, last);
};

export interface Standing {
  readonly stream: StreamRecord;
  readonly positions: readonly PartitionPosition[];
}

/** The hub's present life and where its partitions stand. A last event before the watermark is of another life. */
export async function standingOf(
  context: StreamPorts,
  hub: string,
  ends: Ends,
): Promise<Standing> {
  const stream = await presentStream(context, hub);
  const positions = await context.hubs.positions(hub);
  const hasSteppedBack = positions.some(
    ({ partition, last }) => last < watermarkOf(ends, stream, partition),
  );
  return {
    stream: hasSteppedBack ? await streamNotOlder(context, hub, 0) : stream,
    positions,
  };
}

/** The next question reads the hub's life anew. */
export const forgetStream = (context: StreamPorts, hub: string): void => {
  knownStreams(context).delete(hub);
};

function streamNotOlder(
  context: StreamPorts,
  hub: string,
  mostMs: number,
): Promise<StreamRecord> {
  const streams = knownStreams(context);
  const known = streams.get(hub);
  const askedAt = context.now();
  if (known && askedAt - known.askedAt <= mostMs) return known.stream;
  const stream = ask(context, hub, known?.stream).catch((error: unknown) => {
    if (streams.get(hub)?.stream === stream) streams.delete(hub);
    throw error;
  });
  streams.set(hub, { askedAt, stream });
  return stream;
}

/** One management call where the life is the one that is known. */
async function ask(
  context: StreamPorts,
  hub: string,
  known: Promise<StreamRecord> | undefined,
): Promise<StreamRecord> {
  const life = await context.hubs.life(hub);
  const generation = generationOf({ ...life, epoch: EPOCH });
  // One that could not be read is no reason to fail: it is read now.
  const before = await known?.catch(() => undefined);
  return before?.generation === generation
    ? before
    : register(context, life, generation);
}

async function register(
  { lake, hubs, log }: StreamPorts,
  { namespace, hub, createdOn, partitions }: HubLife,
  generation: string,
): Promise<StreamRecord> {
  const positions = await hubs.positions(hub);
  const stream = await createOrAdopt<StreamRecord>(
    lake,
    streamPath("hub", hub, generation),
    {
      version: 2,
      namespace,
      kind: "hub",
      name: hub,
      createdOn,
      epoch: EPOCH,
      generation,
      partitions,
      begins: Object.fromEntries(
        positions.map(({ partition, begin }) => [partition, begin]),
      ),
    },
  );
  streamRegistered(log, { hub, generation });
  return stream;
}

/** All registered lives of a hub. There are as many as it was created anew: a handful. */
export async function registeredStreams(
  { lake }: StreamPorts,
  hub: string,
): Promise<StreamRecord[]> {
  const files = await lake.list(streamsFolder("hub", hub));
  return Promise.all(
    files.map(({ path }) => needDocument<StreamRecord>(lake, path)),
  );
}
