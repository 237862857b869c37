import type { Lake } from "../adapters/lake/index.ts";
import type { InputStatus } from "../domain/records.ts";
import { rowsAfter, type RecentRows } from "../domain/rows.ts";
import { findBatchEnd, type Newest } from "./batches.ts";

/**
 * What became of the rows of the newest batches: what the last look has noted, and the batch that has ended since then,
 * which is read already. Where several have, the one before it is read, too; more of them are never looked at.
 */
export async function readRecentRows(
  lake: Lake,
  pipeline: string,
  newest: Newest | undefined,
  noted: InputStatus | undefined,
): Promise<RecentRows> {
  const known: RecentRows = {
    ...(noted?.rows ? { rows: noted.rows } : {}),
    ...(noted?.tables ? { tables: noted.tables } : {}),
  };
  if (newest === undefined) return known;
  const { batch } = newest.state;
  const seen = noted?.newestBatch ?? 0;
  if (batch <= seen) return known;
  const before =
    batch - seen > 1
      ? await findBatchEnd(lake, pipeline, batch - 1)
      : undefined;
  return [before, newest.end]
    .flatMap((end) => (end?.kind === "processed" ? [end.process] : []))
    .reduce(rowsAfter, known);
}
