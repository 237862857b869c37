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
import type { Memory } from "./memory.ts";

export interface StreamPorts {
  readonly lake: Lake;
  readonly hubs: EventHubs;
  readonly memory: Memory;
  readonly now: () => number;
}

/** The JavaScript client tells no replication epoch: a hub that is geo-replicated needs one here (docs/unproven.md). */
const EPOCH = "0";

/** A hub may be created again at any moment: what is known of it is asked for again after this long. */
const STANDS_MS = 60_000;

/** The hub's present life, asked for at most once a minute. */
export const presentStream = (
  ports: StreamPorts,
  hub: string,
  log: Log,
): Promise<StreamRecord> => streamNotOlder(ports, hub, STANDS_MS, log);

/**
 * The life that a batch belongs to. In one life batches follow each other: one that steps back is a redelivered one
 * or of another life, and the first one of a partition is not known to follow anything. Both have the hub asked anew.
 */
export function streamOfBatch(
  ports: StreamPorts,
  { hub, partition, first }: { hub: string; partition: string; first: number },
  log: Log,
): Promise<StreamRecord> {
  const landed = ports.memory.landed.get(`${hub}/${partition}`);
  const isNext = landed !== undefined && first > landed;
  return streamNotOlder(ports, hub, isNext ? STANDS_MS : 0, log);
}

export const rememberLanded = (
  { memory }: StreamPorts,
  { hub, partition, last }: { hub: string; partition: string; last: number },
): void => {
  memory.landed.set(`${hub}/${partition}`, last);
};

export interface Standing {
  readonly stream: StreamRecord;
  readonly positions: readonly PartitionPosition[];
}

/** The hub's present life and where its partitions stand. A last event before the watermark is of another life. */
export async function standingOf(
  ports: StreamPorts,
  hub: string,
  ends: Ends,
  log: Log,
): Promise<Standing> {
  const stream = await presentStream(ports, hub, log);
  const positions = await ports.hubs.positions(hub);
  const hasSteppedBack = positions.some(
    ({ partition, last }) => last < watermarkOf(ends, stream, partition),
  );
  return {
    stream: hasSteppedBack ? await streamNotOlder(ports, hub, 0, log) : stream,
    positions,
  };
}

/** The next question reads the hub's life anew. */
export const forgetStream = ({ memory }: StreamPorts, hub: string): void => {
  memory.streams.delete(hub);
};

function streamNotOlder(
  ports: StreamPorts,
  hub: string,
  mostMs: number,
  log: Log,
): Promise<StreamRecord> {
  const { streams } = ports.memory;
  const known = streams.get(hub);
  const askedAt = ports.now();
  if (known && askedAt - known.askedAt <= mostMs) return known.stream;
  const stream = ask(ports, hub, known?.stream, log).catch((error: unknown) => {
    if (streams.get(hub)?.stream === stream) streams.delete(hub);
    throw error;
  });
  streams.set(hub, { askedAt, stream });
  return stream;
}

/** One management call where the life is the one that is known. */
async function ask(
  ports: StreamPorts,
  hub: string,
  known: Promise<StreamRecord> | undefined,
  log: Log,
): Promise<StreamRecord> {
  const life = await ports.hubs.life(hub);
  const generation = generationOf({ ...life, epoch: EPOCH });
  // One that could not be read is no reason to fail: it is read now.
  const before = await known?.catch(() => undefined);
  return before?.generation === generation
    ? before
    : register(ports, life, generation, log);
}

async function register(
  { lake, hubs }: StreamPorts,
  { namespace, hub, createdOn, partitions }: HubLife,
  generation: string,
  log: Log,
): Promise<StreamRecord> {
  const positions = await hubs.positions(hub);
  const stream = await createOrAdopt<StreamRecord>(
    lake,
    streamPath(hub, generation),
    {
      version: 1,
      namespace,
      hub,
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
  const files = await lake.list(streamsFolder(hub));
  return Promise.all(
    files.map(({ path }) => needDocument<StreamRecord>(lake, path)),
  );
}
