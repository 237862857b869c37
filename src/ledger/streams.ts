/** The lives of hubs that events were landed of. */
import type { EventHubs } from "../adapters/eventHubs/index.ts";
import type { Lake } from "../adapters/lake/index.ts";
import { generationOf } from "../domain/identity.ts";
import { streamPath, streamsFolder } from "../domain/paths.ts";
import type { StreamRecord } from "../domain/records.ts";
import { streamRegistered, type Log } from "../telemetry/events.ts";
import { createOrAdopt, needDocument } from "./documents.ts";
import type { Memory } from "./memory.ts";

export interface StreamPorts {
  readonly lake: Lake;
  readonly hubs: EventHubs;
  readonly memory: Memory;
}

/** The JavaScript client tells no replication epoch: a hub that is geo-replicated needs one here (docs/unproven.md). */
const EPOCH = "0";

/** The hub's present life, asked for and registered once per process. */
export function presentStream(
  ports: StreamPorts,
  hub: string,
  log: Log,
): Promise<StreamRecord> {
  const known = ports.memory.streams.get(hub);
  if (known) return known;
  const registered = register(ports, hub, log).catch((error: unknown) => {
    ports.memory.streams.delete(hub);
    throw error;
  });
  ports.memory.streams.set(hub, registered);
  return registered;
}

/** The next question reads the hub's life anew. */
export const forgetStream = ({ memory }: StreamPorts, hub: string): void => {
  memory.streams.delete(hub);
};

async function register(
  { lake, hubs }: StreamPorts,
  hub: string,
  log: Log,
): Promise<StreamRecord> {
  const { namespace, createdOn, partitions } = await hubs.life(hub);
  const life = { namespace, hub, createdOn, epoch: EPOCH };
  const generation = generationOf(life);
  const positions = await hubs.positions(hub);
  const stream = await createOrAdopt<StreamRecord>(
    lake,
    streamPath(hub, generation),
    {
      version: 1,
      ...life,
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
