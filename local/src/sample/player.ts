import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { EventHubProducerClient } from "@azure/event-hubs";
import type { DataLakeFileSystemClient } from "@azure/storage-file-datalake";
import { writeWhole } from "../shared/files.ts";
import type { Clients } from "../platform/clients.ts";
import { countOwn, MARK } from "./ownEvents.ts";
import type { Sample } from "./flights.ts";

/** What the player remembers of a state: the reconciliation compares it with what the hub says. */
export interface Played {
  /** The sequence number of the player's first event, per partition: events of others may lie before it. */
  readonly before?: Readonly<Record<string, number>>;
  /** Events that the hub has acknowledged, per partition. */
  readonly sent: Readonly<Record<string, number>>;
  readonly isComplete: boolean;
}

const playedPath = (stateDir: string): string =>
  join(stateDir, "sample", "played.json");

export function readPlayed(stateDir: string): Played {
  const path = playedPath(stateDir);
  if (!existsSync(path)) return { sent: {}, isComplete: false };
  return JSON.parse(readFileSync(path, "utf8")) as Played;
}

function writePlayed(stateDir: string, played: Played): void {
  writeWhole(playedPath(stateDir), JSON.stringify(played));
}

/** Notes, before the first event is sent, where the player's events begin. */
export async function beginPlaying(
  producer: EventHubProducerClient,
  stateDir: string,
): Promise<void> {
  if (readPlayed(stateDir).before !== undefined) return;
  const before: Record<string, number> = {};
  for (const id of await producer.getPartitionIds())
    before[id] = (await lastSequence(producer, id)) + 1;
  writePlayed(stateDir, { before, sent: {}, isComplete: false });
}

const lastSequence = async (
  producer: EventHubProducerClient,
  partitionId: string,
): Promise<number> =>
  (await producer.getPartitionProperties(partitionId))
    .lastEnqueuedSequenceNumber;

/** Drops the airports into `landing/airports`, unless they lie there or were claimed from there before. */
export async function dropAirports(
  lake: DataLakeFileSystemClient,
  sample: Sample,
): Promise<void> {
  for (const folder of ["landing/airports", "bronze/files/airports"]) {
    if (await hasFiles(lake, folder)) return;
  }
  await lake
    .getFileClient("landing/airports/airports.csv")
    .upload(sample.airports, { close: true });
}

async function hasFiles(
  lake: DataLakeFileSystemClient,
  folder: string,
): Promise<boolean> {
  try {
    for await (const path of lake.listPaths({ path: folder, recursive: true }))
      if (!path.isDirectory) return true;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode !== 404) throw error;
  }
  return false;
}

/** The player's events that the hub holds. */
type SentByPartition = Readonly<Record<string, number>>;

/**
 * Sends one part of the sample. The order within a partition is fixed, and the player's events that the hub holds say
 * how far an earlier, killed player came: nothing is sent twice, whatever others send meanwhile.
 * @param justSent what this process has sent before; else the hub is read
 */
export async function sendPart(
  clients: Pick<Clients, "consumer">,
  producer: EventHubProducerClient,
  sample: Pick<Sample, "parts">,
  part: number,
  stateDir: string,
  justSent?: SentByPartition,
): Promise<SentByPartition> {
  const { before = {} } = readPlayed(stateDir);
  const sent: Record<string, number> = {};
  await Promise.all(
    (sample.parts[part] ?? []).map(async (events, partition) => {
      const partitionId = String(partition);
      const earlier = sample.parts
        .slice(0, part)
        .reduce((sum, parts) => sum + (parts[partition]?.length ?? 0), 0);
      const known =
        justSent?.[partitionId] ??
        (await countOwn(
          clients.consumer(producer.eventHubName),
          partitionId,
          before[partitionId] ?? 0,
          await lastSequence(producer, partitionId),
        ));
      sent[partitionId] = known;
      await sendAll(
        producer,
        partitionId,
        events.slice(Math.max(0, known - earlier)),
        (count) => {
          sent[partitionId] = (sent[partitionId] ?? 0) + count;
        },
      );
    }),
  );
  const isComplete = part === sample.parts.length - 1;
  writePlayed(stateDir, { before, sent, isComplete });
  return sent;
}

async function sendAll(
  producer: EventHubProducerClient,
  partitionId: string,
  bodies: readonly Buffer[],
  onSent: (count: number) => void,
): Promise<void> {
  let batch = await producer.createBatch({ partitionId });
  for (const body of bodies) {
    if (batch.count < MAX_BATCH && batch.tryAdd({ body, properties: MARK }))
      continue;
    await producer.sendBatch(batch);
    onSent(batch.count);
    batch = await producer.createBatch({ partitionId });
    batch.tryAdd({ body, properties: MARK });
  }
  if (batch.count === 0) return;
  await producer.sendBatch(batch);
  onSent(batch.count);
}

const MAX_BATCH = 500;
