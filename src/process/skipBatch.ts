import type { AppContext } from "../context.ts";
import { batchPaths } from "../domain/paths.ts";
import type {
  Manifest,
  SilverRecord,
  SkippedRecord,
} from "../domain/records.ts";
import { eventsOf } from "../domain/slices.ts";
import type { Newest } from "../ledger/batches.ts";
import { createDocument, findDocument } from "../ledger/documents.ts";
import { batchSkipped } from "../telemetry/events.ts";
import { hasActiveRun } from "./activeRuns.ts";

/** Ends a blocked batch without its changes; its events stay accounted. False while a job run of it is active. */
export async function skipBatch(
  context: AppContext,
  { manifest }: Newest,
  request: string,
): Promise<boolean> {
  const { lake, log, now } = context;
  const { pipeline, batch } = manifest;
  if (await hasActiveRun(context, { pipeline, batch }, false)) return false;
  const paths = batchPaths(pipeline, batch);
  const silver = await findDocument<SilverRecord>(lake, paths.silver);
  const skipped: SkippedRecord = {
    version: 3,
    batch,
    skippedAt: new Date(now()).toISOString(),
    request,
    sources: accountsOf(manifest, silver?.sources ?? {}),
  };
  if (await createDocument(lake, paths.skipped, skipped))
    batchSkipped(log, { pipeline, batch, request });
  return true;
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
