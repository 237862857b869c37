import { isOver, waitForBatch } from "../platform/batches.ts";
import type { Clients } from "../platform/clients.ts";
import { readProvision, type PlatformFolders } from "../platform/context.ts";
import type { PackagedDefinition } from "../platform/definitions.ts";
import { readSample } from "./flights.ts";
import { beginPlaying, dropAirports, readPlayed, sendPart } from "./player.ts";

/** Sends what is not sent yet: the airports and the first part; once their batch is processed, the rest. */
export async function playSample(
  { projectDir, stateDir }: PlatformFolders,
  clients: Clients,
  definition: PackagedDefinition,
  onStage: (stage: string) => void,
): Promise<void> {
  if (readPlayed(stateDir).isComplete) return;
  const { pipeline } = definition;
  const { hubs, lake } = readProvision(projectDir);
  const partitions = hubs.find(({ name }) => name === pipeline)?.partitions;
  const sample = readSample(projectDir, partitions ?? 1);
  const producer = clients.producer(pipeline);
  try {
    await dropAirports(clients.lake(lake.container), sample);
    await beginPlaying(producer, stateDir);
    const sent = await sendPart(clients, producer, sample, 0, stateDir);
    onStage("first part sent");
    await waitForBatch(clients, definition, isOver);
    onStage("first batch");
    await sendPart(clients, producer, sample, 1, stateDir, sent);
    onStage("second part sent");
  } finally {
    await producer.close();
  }
}
