import { changePartsOf, publishWidth } from "../domain/parts.ts";
import { batchPaths } from "../domain/paths.ts";
import type { ProcessRecord } from "../domain/records.ts";
import { needDocument } from "../ledger/documents.ts";
import type { AppContext } from "../context.ts";
import type { BatchRef } from "./planBatch.ts";

/** How many activities are to publish the batch's changes; none where nothing changed or all is published. */
export async function preparePublish(
  { lake }: AppContext,
  { pipeline, batch }: BatchRef,
): Promise<{ width: number }> {
  const paths = batchPaths(pipeline, batch);
  if (await lake.find(paths.published)) return { width: 0 };
  const process = await needDocument<ProcessRecord>(lake, paths.process);
  return { width: publishWidth(changePartsOf(process)) };
}
