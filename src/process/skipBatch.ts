import type { AppContext } from "../context.ts";
import { batchPaths } from "../domain/paths.ts";
import type {
  Manifest,
  SilverRecord,
  SkippedRecord,
} from "../domain/records.ts";
import { eventsOf } from "../domain/slices.ts";
import type { SkipRequest } from "../domain/sortRequests.ts";
import type { Lake } from "../adapters/lake/index.ts";
import { findBatchEnd, needManifest, type Newest } from "../ledger/batches.ts";
import {
  createDocument,
  findDocument,
  replaceDocument,
} from "../ledger/documents.ts";
import { batchSkipped } from "../telemetry/events.ts";
import { hasActiveRun } from "./activeRuns.ts";

/**
 * Ends a blocked batch without its changes; its events stay accounted. What silver has judged of them counts, and the
 * next batch brings it, unless the request is to go on without that, too: where silver cannot take it, no next batch
 * could end. False while a job run of it is active.
 */
export async function skipBatch(
  context: AppContext,
  { manifest }: Newest,
  { id, withoutRows }: Pick<SkipRequest, "id" | "withoutRows">,
): Promise<boolean> {
  const { lake, log, now } = context;
  const { pipeline, batch } = manifest;
  if (await hasActiveRun(context, { pipeline, batch }, false)) return false;
  const paths = batchPaths(pipeline, batch);
  const silver = await findDocument<SilverRecord>(lake, paths.silver);
  if (withoutRows === true) await leaveOutOwedRows(lake, manifest);
  const skipped: SkippedRecord = {
    version: 3,
    batch,
    skippedAt: new Date(now()).toISOString(),
    request: id,
    ...(withoutRows === true ? { withoutRows } : {}),
    sources: accountsOf(
      manifest,
      withoutRows === true ? {} : (silver?.sources ?? {}),
    ),
  };
  if (await createDocument(lake, paths.skipped, skipped))
    batchSkipped(log, { pipeline, batch, request: id });
  return true;
}

/**
 * Of batches that were skipped right before: what silver owes of them still fails in each batch after them. Four reads
 * and a write for each of them.
 */
async function leaveOutOwedRows(
  lake: Lake,
  { pipeline, batch }: Manifest,
): Promise<void> {
  for (let before = batch - 1; before >= 1; before -= 1) {
    const end = await findBatchEnd(lake, pipeline, before);
    if (end?.kind !== "skipped") return;
    const paths = batchPaths(pipeline, before);
    if (!(await lake.find(paths.silver))) continue;
    const manifest = await needManifest(lake, pipeline, before);
    const sources = accountsOf(manifest, {});
    const withoutRows: SkippedRecord = {
      ...end.skipped,
      withoutRows: true,
      sources,
    };
    await replaceDocument(lake, paths.skipped, withoutRows);
  }
}

/** What the silver step has judged is not skipped: it stays. Of files nobody counted the rows. */
export function accountsOf(
  { slices, gaps = [], files }: Pick<Manifest, "slices" | "gaps" | "files">,
  judged: SilverRecord["sources"],
): SkippedRecord["sources"] {
  const accounts: Record<string, SkippedRecord["sources"][string]> = {};
  for (const name of new Set(files.map(({ source }) => source)))
    accounts[name] = {
      received: 0,
      skipped: 0,
      files: files.filter(({ source }) => source === name).length,
    };
  const gone = gaps.filter(({ reason }) => reason !== "recovered");
  const back = gaps.filter(({ reason }) => reason === "recovered");
  for (const name of new Set(
    [...slices, ...gone].map(({ source }) => source),
  )) {
    const ofSource = ({ source }: { source: string }) => source === name;
    const skipped = eventsOf([...slices, ...gone].filter(ofSource));
    // What came back is received already.
    const received = skipped - eventsOf(back.filter(ofSource));
    accounts[name] = { received, skipped };
  }
  for (const [name, account] of Object.entries(judged))
    accounts[name] = { ...account, skipped: 0 };
  return accounts;
}
