import { setTimeout as delay } from "node:timers/promises";
import type { DataLakeFileSystemClient } from "@azure/storage-file-datalake";
import { POLL_MS } from "./ask.ts";
import {
  blockedBatch,
  isBlockedBy,
  isOver,
  listBatches,
  takesIn,
  type Batch,
} from "./batches.ts";
import type { Clients } from "./clients.ts";
import {
  foldersOf,
  hubsOf,
  servingSinks,
  type PackagedDefinition,
} from "./definitions.ts";
import { lastSequences } from "./hubs.ts";
import {
  blockedSinks,
  disabled,
  readPipeline,
  type Notice,
} from "./notices.ts";
import { areSettled, type Sinks } from "./sinks.ts";

/** What became of the wait for a pipeline. */
export interface Idle {
  /** What does not go on by itself; empty: everything is processed and delivered. */
  readonly stuck: readonly Notice[];
  /** Whether everything that has arrived is processed, and every sink that serves has delivered it. */
  readonly isServed: boolean;
}

/**
 * A file is claimed within seconds of its drop; one that is not for so long has a name that no source reads. What is
 * claimed waits for the batch before it, whose job run may end minutes after the batch.
 */
const UNCLAIMED_MS = 60_000;

/**
 * Waits until a pipeline has processed everything that its hubs hold now and that lies in its landing folders, by the
 * definition that is packaged, and its sinks have delivered it. What is blocked ends the wait, and is named.
 *
 * @param stays tells by their paths the files that nobody will take up
 */
export async function waitUntilIdle(
  clients: Clients,
  container: string,
  definition: PackagedDefinition,
  stays: (path: string) => boolean = () => false,
): Promise<Idle> {
  const { pipeline } = definition;
  const lake = clients.lake(container);
  const arrived = await readArrived(clients, definition);
  let unclaimedSince: number | undefined;
  for (;;) {
    const view = await readPipeline(clients, pipeline);
    const { state, detail = "", sinks } = view;
    if (state === "disabled") return stopped(disabled(pipeline, detail));
    const [newest] = await listBatches(clients, pipeline);
    if (newest && isBlockedBy(newest, definition))
      return stopped({
        what: `Batch ${newest.batch} of ${pipeline}`,
        text: blockedBatch(pipeline, newest),
      });
    if (hasProcessed(newest, arrived, definition)) {
      const files = await openFiles(lake, definition);
      const open = files.filter((path) => !stays(path));
      const unclaimed = open.filter((path) => path.startsWith("landing/"));
      unclaimedSince =
        unclaimed.length === 0 ? undefined : (unclaimedSince ?? Date.now());
      if (Date.now() - (unclaimedSince ?? Date.now()) > UNCLAIMED_MS)
        return stopped({
          what: `A file of ${pipeline}`,
          text: `${unclaimed.join(", ")} of ${pipeline} is not taken up.`,
        });
      if (open.length === 0 && areSettled(sinks, newest))
        return delivered(definition, sinks);
    } else unclaimedSince = undefined;
    await delay(POLL_MS);
  }
}

/** Whether nothing has arrived that no batch has processed yet. */
export async function isIdle(
  clients: Clients,
  container: string,
  definition: PackagedDefinition,
): Promise<boolean> {
  const arrived = await readArrived(clients, definition);
  const [newest] = await listBatches(clients, definition.pipeline);
  if (!hasProcessed(newest, arrived, definition)) return false;
  const open = await openFiles(clients.lake(container), definition);
  return open.length === 0;
}

const stopped = (notice: Notice): Idle => ({
  stuck: [notice],
  isServed: false,
});

const delivered = (definition: PackagedDefinition, sinks: Sinks): Idle => ({
  stuck: blockedSinks(definition.pipeline, sinks),
  isServed: servingSinks(definition).every(
    (name) => (sinks[name]?.state ?? "idle") === "idle",
  ),
});

/** The last sequence number of each partition, by stream. */
type Arrived = ReadonlyMap<string, ReadonlyMap<string, number>>;

async function readArrived(
  clients: Clients,
  definition: PackagedDefinition,
): Promise<Arrived> {
  const arrived = new Map<string, ReadonlyMap<string, number>>();
  for (const { hub, stream } of hubsOf(definition))
    arrived.set(stream, await lastSequences(clients, hub));
  return arrived;
}

function hasProcessed(
  newest: Batch | undefined,
  arrived: Arrived,
  { digest }: PackagedDefinition,
): boolean {
  if (newest === undefined)
    return [...arrived.values()].every((last) =>
      [...last.values()].every((sequence) => sequence < 0),
    );
  return (
    isOver(newest) &&
    newest.definition === digest &&
    [...arrived].every(([stream, last]) => takesIn(newest, stream, last))
  );
}

/** Dropped files that are not in a batch yet, and requests of operators that are not obeyed yet. */
async function openFiles(
  lake: DataLakeFileSystemClient,
  definition: PackagedDefinition,
): Promise<string[]> {
  const own = `_assay/pipelines/${definition.pipeline}`;
  const folders = [
    ...foldersOf(definition).map(({ folder }) => `landing/${folder}`),
    `${own}/files/pending`,
    `${own}/requests`,
  ];
  const open: string[] = [];
  for (const folder of folders) open.push(...(await filesIn(lake, folder)));
  return open;
}

async function filesIn(
  lake: DataLakeFileSystemClient,
  folder: string,
): Promise<string[]> {
  const files: string[] = [];
  try {
    for await (const path of lake.listPaths({ path: folder, recursive: true }))
      if (path.isDirectory !== true && path.name !== undefined)
        files.push(path.name);
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode !== 404) throw error;
  }
  return files;
}
