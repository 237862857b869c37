/**
 * Dropped files on their way into a manifest: claimed (a pending marker, then an atomic rename), planned (a receipt
 * that names a batch), listed by that batch's manifest (then the marker goes).
 *
 * Why no file is lost: a marker is removed only once a manifest lists the file, or once the source that it was made
 * for can never be renamed any more. A crash anywhere before leaves the marker, and the next planner finds it.
 *
 * Why no file is in two manifests: "a receipt that says m means that no manifest before m lists the file" always
 * holds. A first receipt is created once, and nothing lists a file without one. A receipt of b becomes one of m > b
 * only when manifest b exists and does not list the file, by a write on condition that the receipt is still the one
 * that was read; receipts only grow, so no manifest between b and m can list it either. A planner that is late with
 * an old receipt cannot create its manifest: manifest b exists.
 */
import type { Lake } from "../adapters/lake/index.ts";
import { fileIdOf } from "../domain/identity.ts";
import {
  landingPathOf,
  pendingFolder,
  pendingPath,
  assignmentPath,
} from "../domain/paths.ts";
import type {
  FileAssignment,
  Manifest,
  PendingFile,
} from "../domain/records.ts";
import { fileVanished, type Log } from "../telemetry/events.ts";
import { needManifest } from "./batches.ts";
import { createDocument, findDocument, replaceDocument } from "./documents.ts";

/** Removes the markers of the files that a manifest lists. */
export async function settlePlanned(
  lake: Lake,
  manifest: Manifest,
): Promise<void> {
  for (const { id } of manifest.files)
    await lake.remove(pendingPath(manifest.pipeline, id));
}

/** The markers of files that are claimed, at most `most`, in order of their claim. */
export async function claimedFiles(
  lake: Lake,
  pipeline: string,
  most: number,
): Promise<PendingFile[]> {
  const markers = await lake.list(pendingFolder(pipeline));
  markers.sort((a, b) => a.modifiedAt - b.modifiedAt);
  const claimed: PendingFile[] = [];
  for (const { path } of markers) {
    if (claimed.length >= most) break;
    const marker = await findDocument<PendingFile>(lake, path);
    // A marker is written before the rename: without its file it is a claim that has not happened yet.
    if (marker && (await lake.find(marker.path))) claimed.push(marker);
  }
  return claimed;
}

/** Longer than a claim takes: by default the host ends a function after half an hour at most. */
const CLAIM_ENDS_MS = 30 * 60_000;
/** Markers that one call looks at, the oldest. */
const MARKERS_A_CALL = 20;

/**
 * How many markers wait, by one listing. Removes the markers of claims that died before the rename and whose file was overwritten or deleted since. The drop
 * is looked for first, then the claimed file: one that is moved in between is found there. They do not count.
 */
export async function clearOrphans(
  { lake, now, log }: { lake: Lake; now: () => number; log: Log },
  pipeline: string,
): Promise<number> {
  const markers = await lake.list(pendingFolder(pipeline));
  let left = markers.length;
  const oldest = markers
    .filter(({ modifiedAt }) => now() - modifiedAt > CLAIM_ENDS_MS)
    .sort((a, b) => a.modifiedAt - b.modifiedAt)
    .slice(0, MARKERS_A_CALL);
  for (const { path } of oldest) {
    const marker = await findDocument<PendingFile>(lake, path);
    if (!marker || (await canBeClaimed(lake, marker))) continue;
    if (await lake.find(marker.path)) continue;
    const { source, id } = marker;
    fileVanished(log, { pipeline, source, id });
    await lake.remove(path);
    left -= 1;
  }
  return left;
}

/** The drop is there as it was, or it cannot be told. */
async function canBeClaimed(
  lake: Lake,
  { id, name, path, etag }: PendingFile,
): Promise<boolean> {
  const dropped = landingPathOf({ path, name });
  if (dropped === undefined || fileIdOf(dropped, etag) !== id) return true;
  return (await lake.find(dropped))?.etag === etag;
}

/** The files among `claimed` that batch `next` may list, with a receipt written for each. */
export async function reserveFiles(
  lake: Lake,
  pipeline: string,
  next: number,
  claimed: readonly PendingFile[],
): Promise<PendingFile[]> {
  const reserved: PendingFile[] = [];
  for (const file of claimed)
    if (await reserve(lake, pipeline, next, file.id)) reserved.push(file);
  return reserved;
}

async function reserve(
  lake: Lake,
  pipeline: string,
  next: number,
  id: string,
): Promise<boolean> {
  const path = assignmentPath(pipeline, id);
  const receipt: FileAssignment = { version: 2, id, batch: next };
  if (await createDocument(lake, path, receipt)) return true;
  const found = await lake.read(path);
  if (!found) return false;
  const { batch } = JSON.parse(found.text) as FileAssignment;
  if (batch >= next) return batch === next;
  const manifest = await needManifest(lake, pipeline, batch);
  if (manifest.files.some((file) => file.id === id)) {
    await lake.remove(pendingPath(pipeline, id));
    return false;
  }
  return replaceDocument(lake, path, receipt, found.etag);
}
