/** Waits until a pipeline has nothing left to do, and refuses to wait for one that is stuck. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import {
  isOver,
  listBatches,
  takesIn,
  type Batch,
} from "../../../local/src/platform/batches.ts";
import type { Clients } from "../../../local/src/platform/clients.ts";
import {
  hubsOf,
  type PackagedDefinition,
} from "../../../local/src/platform/definitions.ts";
import { lastSequences } from "../../../local/src/platform/hubs.ts";
import { readPipeline } from "../../../local/src/platform/notices.ts";
import { areSettled } from "../../../local/src/platform/sinks.ts";
import { until } from "../until.ts";

/** Of a machine that others use, too: its two cores have a batch of seven sources in a minute when they are quiet. */
const PATIENCE_SECONDS = 900;

/** @param left how many dropped files stay in their folders for good */
export async function waitForAll(
  clients: Clients,
  lakeDir: string,
  definition: PackagedDefinition,
  left: number,
): Promise<Batch | undefined> {
  const { pipeline, sources } = definition;
  const last = new Map<string, ReadonlyMap<string, number>>();
  for (const { hub, stream } of hubsOf(definition))
    last.set(stream, await lastSequences(clients, hub));
  const folders = Object.values(sources).flatMap((source) =>
    source.input === "files" ? [join("landing", source.folder)] : [],
  );
  let newest: Batch | undefined;
  const isIdle = async (): Promise<boolean> => {
    const dropped = folders.reduce(
      (sum, folder) => sum + filesIn(join(lakeDir, folder)),
      0,
    );
    const own = join(
      lakeDir,
      "_assay",
      "pipelines",
      pipeline,
      "files",
      "pending",
    );
    [newest] = await listBatches(clients, pipeline);
    if (newest?.state === "blocked")
      throw new Error(
        `${pipeline} is stuck: ${JSON.stringify(newest.blocked)}`,
      );
    const batch = newest;
    if (dropped > left || filesIn(own) > 0 || !batch || !isOver(batch))
      return false;
    if (![...last].every(([stream, ends]) => takesIn(batch, stream, ends)))
      return false;
    const { sinks } = await readPipeline(clients, pipeline);
    return areSettled(sinks, batch);
  };
  const seen = (): string =>
    `${pipeline} to be idle (newest batch: ${newest?.batch ?? 0} ${newest?.state ?? ""})`;
  await until(isIdle, seen, PATIENCE_SECONDS);
  return newest;
}

const filesIn = (folder: string): number =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
        (entry) => entry.isFile(),
      ).length
    : 0;
