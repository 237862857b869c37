import type { AppContext } from "../context.ts";
import { seenSince } from "../domain/notLanded.ts";
import { inputStatusPath } from "../domain/paths.ts";
import { rowsAfter } from "../domain/rows.ts";
import type { InputStatus } from "../domain/records.ts";
import type { PipelineStatus } from "../domain/waiting.ts";
import { findBatchEnd, type Newest } from "../ledger/batches.ts";
import { findDocument, replaceDocument } from "../ledger/documents.ts";
import type { PendingInput } from "./pendingInput.ts";

/** An orchestration's payload stays small, and so does what is noted; the log has them all. */
export const MAX_GAPS = 20;

export interface Look {
  readonly at: string;
  /** It has ended. */
  readonly newest: Newest | undefined;
  readonly isAsked: boolean;
  readonly input: PendingInput;
  readonly waiting: PipelineStatus["waiting"];
}

/**
 * Leaves what a look saw: for health, which many may ask for at once, and for the next look, which tells by it since
 * when something stands still. A read and a write; a batch that has ended since the last look is read already, and of
 * several the one before it is read, too.
 */
export async function noteSeen(
  context: AppContext,
  pipeline: string,
  { at, newest, isAsked, input, waiting }: Look,
): Promise<InputStatus> {
  const { lake } = context;
  const path = inputStatusPath(pipeline);
  const before = await findDocument<InputStatus>(lake, path);
  const newestBatch = newest?.state.batch ?? 0;
  const isSameBatch = (before?.newestBatch ?? 0) === newestBatch;
  const notLanded = seenSince(input.notLanded, before?.notLanded ?? [], at);
  const askedSince = (isSameBatch ? before?.askedSince : undefined) ?? at;
  const seen: InputStatus = {
    version: 3,
    at,
    ...(newest ? { newestBatch } : {}),
    ...(isAsked ? { askedSince } : {}),
    waitingEvents: waiting.events,
    waitingFiles: waiting.files,
    ...(notLanded.length > 0 ? { notLanded } : {}),
    isFull: waiting.isFull === true,
    gaps: input.gaps.slice(0, MAX_GAPS),
    ...(await readRows(lake, pipeline, newest, before)),
  };
  await replaceDocument(lake, path, seen);
  return seen;
}

/** What became of the rows of the newest batches. */
async function readRows(
  lake: AppContext["lake"],
  pipeline: string,
  newest: Newest | undefined,
  before: InputStatus | undefined,
): Promise<Pick<InputStatus, "rows" | "tables">> {
  const known = rowsOf(before);
  if (newest === undefined) return known;
  const { batch } = newest.state;
  const seen = before?.newestBatch ?? 0;
  if (batch === seen) return known;
  const missed =
    batch - seen > 1
      ? await findBatchEnd(lake, pipeline, batch - 1)
      : undefined;
  return [missed, newest.end]
    .flatMap((end) => (end?.kind === "processed" ? [end.process] : []))
    .reduce(rowsAfter, known);
}

const rowsOf = (
  seen: InputStatus | undefined,
): Pick<InputStatus, "rows" | "tables"> => ({
  ...(seen?.rows ? { rows: seen.rows } : {}),
  ...(seen?.tables ? { tables: seen.tables } : {}),
});
