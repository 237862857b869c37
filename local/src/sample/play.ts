import type { Clients } from "../platform/clients.ts";
import type { PlatformFolders } from "../platform/context.ts";
import { readProvision } from "../platform/context.ts";
import { packagedDefinition } from "../platform/packageApp.ts";
import { waitForRun, type Run } from "../platform/runs.ts";
import { readSample } from "./flights.ts";
import { dropAirports, readPlayed, sendPart } from "./player.ts";

const PIPELINE = "flights";

/**
 * Sends what is not sent yet: the airports and the first part; once their batch is done, the rest. Then waits until
 * everything that the hub holds is served, by the definition that is packaged now.
 */
export async function playSample(
  folders: PlatformFolders,
  clients: Clients,
  onStage: (stage: string) => void,
): Promise<void> {
  const { hubs, lake } = readProvision(folders.projectDir);
  const partitions = hubs.find((hub) => hub.name === PIPELINE)?.partitions ?? 1;
  const producer = clients.producer(PIPELINE);
  const definition = packagedDefinition(folders.projectDir, PIPELINE);
  try {
    if (!readPlayed(folders.stateDir).isComplete) {
      const sample = readSample(folders.projectDir, partitions);
      await dropAirports(clients.lake(lake.container), sample);
      await sendPart(producer, sample, 0, folders.stateDir);
      onStage("first part sent");
      await waitForRun(
        clients,
        PIPELINE,
        definition,
        (run) => run.state === "done",
      );
      onStage("first batch");
      await sendPart(producer, sample, 1, folders.stateDir);
      onStage("second part sent");
    }
    const last = new Map<string, number>();
    for (const id of await producer.getPartitionIds()) {
      last.set(
        id,
        (await producer.getPartitionProperties(id)).lastEnqueuedSequenceNumber,
      );
    }
    await waitForRun(clients, PIPELINE, definition, (run) =>
      isSettled(run, definition, last),
    );
    onStage("last batch");
  } finally {
    await producer.close();
  }
}

/** Whether a batch is done, by this definition, and takes in every event up to these sequence numbers. */
function isSettled(
  run: Run,
  definition: string,
  last: ReadonlyMap<string, number>,
): boolean {
  if (run.state !== "done" || run.definition !== definition) return false;
  const ends = Object.values(run.ends[PIPELINE] ?? {});
  return [...last].every(([partition, sequence]) =>
    ends.some((end) => (end[partition] ?? -1) >= sequence),
  );
}
