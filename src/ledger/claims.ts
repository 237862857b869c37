/**
 * Dropped files on their way into a manifest: claimed (a document below files/pending, then an atomic rename),
 * assigned (a document below files/planned names a batch), listed by that batch's manifest (then the claim goes).
 *
 * Why no file is lost: a claim is removed only once a manifest lists the file, once the dropped file that it was made
 * for can never be renamed any more, or once a document below files/setAside names the file, for no source reads it. A
 * crash anywhere before leaves the claim, and the next planner finds it.
 *
 * Why no file is in two manifests: "an assignment to m means that no manifest before m lists the file" always
 * holds. A first assignment is created once, and nothing lists a file without one. An assignment to b becomes one to
 * m > b only when manifest b exists and does not list the file, by a write on condition that the assignment is still
 * the one that was read; assignments only grow, so no manifest between b and m can list it either. A planner that is
 * late with an old assignment cannot create its manifest: manifest b exists.
 */
import type { Lake, LakeFile } from "../adapters/lake/index.ts";
import { fileIdOf, isFileId } from "../domain/identity.ts";
import {
  landingPathOf,
  pendingFolder,
  pendingPath,
  assignmentPath,
  setAsidePath,
  nameOfDocument,
} from "../domain/paths.ts";
import type {
  FileAssignment,
  Manifest,
  PendingFile,
  SetAsideFile,
} from "../domain/records.ts";
import { fileRefused, fileVanished, type Log } from "../telemetry/events.ts";
import { needManifest } from "./batches.ts";
import {
  createDocument,
  findDocument,
  findDocumentWithEtag,
  replaceDocument,
} from "./documents.ts";

/** Removes the claims of the files that a manifest lists. */
export async function settlePlanned(
  lake: Lake,
  manifest: Manifest,
): Promise<void> {
  for (const { id } of manifest.files)
    await lake.remove(pendingPath(manifest.pipeline, id));
}

/** Which source takes a claimed file; undefined where none of the definition does. */
export type SourceOfClaim = (claim: PendingFile) => string | undefined;

/**
 * The claims whose files are moved, at most `most`, in order of their time, each with the source that takes it now:
 * the one that claimed it may have another name by now, or be gone.
 */
export async function readClaimedFiles(
  lake: Lake,
  pipeline: string,
  most: number,
  sourceOf: SourceOfClaim,
): Promise<PendingFile[]> {
  const claims = await listClaims(lake, pipeline);
  claims.sort((a, b) => a.modifiedAt - b.modifiedAt);
  const claimed: PendingFile[] = [];
  for (const { path, id } of claims) {
    if (claimed.length >= most) break;
    const claim = await findDocument<PendingFile>(lake, path);
    const source = claim && sourceOf(claim);
    if (!claim || source === undefined) continue;
    // A claim is written before the rename: without its file it has not happened yet.
    if (await lake.find(claim.path)) claimed.push({ ...claim, id, source });
  }
  return claimed;
}

/**
 * Longer than a claim takes: by default the host ends a function after half an hour at most. Longer, too, than two
 * versions of the app run beside each other, of which one reads a folder that the other does not know.
 */
const CLAIM_ENDS_MS = 30 * 60_000;
/** Claims that one call looks at, the oldest. */
const CLAIMS_A_CALL = 20;

/** How many claims wait for a manifest, orphaned ones among them. It costs one listing of a folder that plans empty. */
export const countClaims = async (
  lake: Lake,
  pipeline: string,
): Promise<number> => (await listClaims(lake, pipeline)).length;

/** Their ids are their names. A file of another name is none of ours: it is passed over. */
async function listClaims(
  lake: Lake,
  pipeline: string,
): Promise<(LakeFile & { readonly id: string })[]> {
  const files = await lake.list(pendingFolder(pipeline));
  return files.flatMap((file) => {
    const id = nameOfDocument(file.path, (name) => pendingPath(pipeline, name));
    return id !== undefined && isFileId(id) ? [{ ...file, id }] : [];
  });
}

/**
 * Removes orphaned claims: those that died before the rename and whose dropped file was overwritten or deleted since,
 * and those that no source takes any more, whose files are noted as set aside. Otherwise every sweep would start a
 * watcher. The dropped file is looked for first, then the claimed one: one that is moved in between is found there.
 */
export async function removeOrphanedClaims(
  context: ClaimPorts,
  pipeline: string,
  sourceOf: SourceOfClaim,
): Promise<void> {
  const { lake, now, log } = context;
  const claims = await listClaims(lake, pipeline);
  const oldest = claims
    .filter(({ modifiedAt }) => now() - modifiedAt > CLAIM_ENDS_MS)
    .sort((a, b) => a.modifiedAt - b.modifiedAt)
    .slice(0, CLAIMS_A_CALL);
  for (const { path, id } of oldest) {
    const claim = await findDocument<PendingFile>(lake, path);
    if (!claim || (await canBeMoved(lake, claim))) continue;
    const isMoved = (await lake.find(claim.path)) !== undefined;
    const isTaken = sourceOf(claim) !== undefined;
    if (isMoved && isTaken) continue;
    if (isMoved) await noteUnread(context, pipeline, { ...claim, id });
    else fileVanished(log, { pipeline, source: claim.source, id });
    await lake.remove(path);
  }
}

export interface ClaimPorts {
  readonly lake: Lake;
  readonly now: () => number;
  readonly log: Log;
}

/**
 * The file stays where it was moved to: a planner of another version, which still has the source, may list it just now,
 * and its batch finds it.
 */
async function noteUnread(
  { lake, now, log }: ClaimPorts,
  pipeline: string,
  { id, source, name, path, bytes }: PendingFile,
): Promise<void> {
  const reason =
    "no source reads its folder any more: drop it again where a source does";
  const setAside: SetAsideFile = {
    ...{ version: 3, id, source, name, path, bytes, reason },
    setAsideAt: new Date(now()).toISOString(),
  };
  await createDocument(lake, setAsidePath(pipeline, id), setAside);
  fileRefused(log, { path, why: reason });
}

/** The dropped file is there as it was, or it cannot be told. */
async function canBeMoved(
  lake: Lake,
  { id, name, path, etag }: PendingFile,
): Promise<boolean> {
  const dropped = landingPathOf({ path, name });
  if (dropped === undefined || fileIdOf(dropped, etag) !== id) return true;
  return (await lake.find(dropped))?.etag === etag;
}

/** The files among `claimed` that batch `next` may list, with an assignment written for each. */
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
  const assignment: FileAssignment = { version: 3, id, batch: next };
  if (await createDocument(lake, path, assignment)) return true;
  const found = await findDocumentWithEtag<FileAssignment>(lake, path);
  if (!found) return false;
  const { batch } = found.document;
  if (batch >= next) return batch === next;
  const manifest = await needManifest(lake, pipeline, batch);
  if (manifest.files.some((file) => file.id === id)) {
    await lake.remove(pendingPath(pipeline, id));
    return false;
  }
  return replaceDocument(lake, path, assignment, found.etag);
}
