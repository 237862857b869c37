import type { Lake } from "../../../src/adapters/lake/index.ts";
import { batchPaths } from "../../../src/domain/paths.ts";
import type { Manifest, ProcessRecord } from "../../../src/domain/records.ts";

/** Writes what the job leaves of a batch that changed nothing. */
export async function endBatch(lake: Lake, batch: number): Promise<void> {
  const paths = batchPaths("flights", batch);
  const found = await lake.read(paths.manifest);
  const { pipeline, incarnation, definition } = JSON.parse(
    found?.text ?? "{}",
  ) as Manifest;
  const process: ProcessRecord = {
    version: 3,
    pipeline,
    incarnation,
    batch,
    definition,
    sources: {},
    newestEventAt: {},
    tables: {},
    sinks: {},
  };
  await lake.createOnce(paths.process, JSON.stringify(process));
}
