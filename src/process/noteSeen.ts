import type { AppContext } from "../context.ts";
import { seenSince } from "../domain/notLanded.ts";
import { inputStatusPath } from "../domain/paths.ts";
import type { InputStatus } from "../domain/records.ts";
import type { PipelineStatus } from "../domain/waiting.ts";
import type { Newest } from "../ledger/batches.ts";
import { findStatus, replaceDocument } from "../ledger/documents.ts";
import { readRecentRows } from "../ledger/recentRows.ts";
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
  /** A job run of it has not ended. */
  readonly hasActiveRun: boolean;
}

/**
 * Leaves what a look saw: for health, which many may ask for at once, and for the next look, which tells by it since
 * when something stands still. A read and a write; a batch that has ended since the last look is read already, and of
 * several the one before it is read, too.
 */
export async function noteSeen(
  context: AppContext,
  pipeline: string,
  { at, newest, isAsked, input, waiting, hasActiveRun }: Look,
): Promise<InputStatus> {
  const { lake } = context;
  const path = inputStatusPath(pipeline);
  const before = await findStatus<InputStatus>(lake, path);
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
    ...(waiting.gapEvents ? { gapEvents: waiting.gapEvents } : {}),
    ...(hasActiveRun ? { hasActiveRun } : {}),
    ...(notLanded.length > 0 ? { notLanded } : {}),
    isFull: waiting.isFull === true,
    gaps: input.gaps.slice(0, MAX_GAPS),
    ...(await readRecentRows(lake, pipeline, newest, before)),
  };
  await replaceDocument(lake, path, seen);
  return seen;
}
