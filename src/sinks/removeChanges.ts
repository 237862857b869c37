import { holdsBatch } from "../domain/sinkHeads.ts";
import type { AppContext } from "../context.ts";
import { batchPaths, sinksFolder } from "../domain/paths.ts";
import { findNewestBatchNumber } from "../ledger/batches.ts";
import { findHead, KEPT_BATCHES } from "../ledger/heads.ts";
import { changesRemoved } from "../telemetry/events.ts";

/**
 * Removes change sets that nobody needs any more, when a sink is about to leave a batch behind. A lagging sink only
 * keeps them: nothing is removed by age. Whichever comes last, the batch that moves the horizon or the last sink that
 * passes, removes a folder; so each is looked at twice, however many there are. Run again, it removes the same.
 */
export async function removeChanges(
  context: AppContext,
  pipeline: string,
  sink: string,
  batch: number,
): Promise<void> {
  const newest = await findNewestBatchNumber(context, pipeline);
  const old = batch - KEPT_BATCHES;
  // Its own batch is left behind only after this.
  const passed = batch - 1;
  const folders = [old, passed].filter(
    (each) => each >= 1 && each <= newest - KEPT_BATCHES,
  );
  for (const each of new Set(folders))
    if (await havePassed(context, pipeline, each, sink)) {
      await context.lake.removeFolder(batchPaths(pipeline, each).work);
      changesRemoved(context.log, { pipeline, batch: each });
    }
}

/**
 * The same when a batch is planned and no sink is at work: then none removes anything. A sink at work does it itself.
 * One read for each sink.
 */
export async function removeUnowedChanges(
  context: AppContext,
  pipeline: string,
  newest: number,
): Promise<void> {
  const old = newest - KEPT_BATCHES;
  // Beyond every batch only retired sinks count as having passed.
  if (old < 1 || !(await havePassed(context, pipeline, Infinity))) return;
  await context.lake.removeFolder(batchPaths(pipeline, old).work);
  changesRemoved(context.log, { pipeline, batch: old });
}

/** Whether all sinks but this one, which has, are behind a batch. One read for each sink. */
async function havePassed(
  { lake }: AppContext,
  pipeline: string,
  batch: number,
  but?: string,
): Promise<boolean> {
  for (const sink of await lake.listFolders(sinksFolder(pipeline))) {
    if (sink === but) continue;
    const found = await findHead(lake, pipeline, sink);
    if (holdsBatch(found?.head, batch)) return false;
  }
  return true;
}
