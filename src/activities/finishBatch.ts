import { addPublished, type PublishedTables } from "../domain/accounts.ts";
import { batchPaths } from "../domain/paths.ts";
import type {
  DoneRecord,
  ProcessRecord,
  PublishedRecord,
} from "../domain/records.ts";
import { createDocument, needDocument } from "../ledger/documents.ts";
import type { AppContext } from "../context.ts";
import { batchFinished } from "../telemetry/events.ts";
import type { BatchRef } from "./planBatch.ts";

export interface FinishedBatch extends BatchRef {
  readonly published: readonly PublishedTables[];
  /** The job run's; unknown where another life of the orchestration saw it end. */
  readonly processSeconds?: number;
  readonly publishSeconds: number;
}

/** Writes what was published, and then, last of all, that the batch is done. */
export async function finishBatch(
  { lake, now, log }: AppContext,
  { pipeline, batch, published, processSeconds, publishSeconds }: FinishedBatch,
): Promise<void> {
  const paths = batchPaths(pipeline, batch);
  const process = await needDocument<ProcessRecord>(lake, paths.process);
  const nothing = Object.keys(process.gold).map((table) => ({
    [table]: { upserted: 0, deleted: 0, skipped: 0 },
  }));
  const record: PublishedRecord = {
    version: 2,
    tables: addPublished([...nothing, ...published]),
  };
  await createDocument(lake, paths.published, record);
  const seconds = {
    process:
      processSeconds ??
      Object.values(process.seconds).reduce((sum, part) => sum + part, 0),
    publish: publishSeconds,
  };
  const done: DoneRecord = {
    version: 2,
    batch,
    finishedAt: new Date(now()).toISOString(),
    seconds,
  };
  await createDocument(lake, paths.done, done);
  batchFinished(log, {
    pipeline,
    batch,
    processSeconds: seconds.process,
    publishSeconds,
  });
}
