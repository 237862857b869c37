import type { FoundFile } from "../../adapters/lake/index.ts";
import { bareEtag, fileIdOf } from "../../domain/identity.ts";
import {
  isHidden,
  isLeftEmpty,
  isSettled,
  type DroppedFile,
} from "../../domain/landing.ts";
import {
  bronzeFilePath,
  parseLandingPath,
  pendingPath,
  setAsideFilePath,
  setAsidePath,
} from "../../domain/paths.ts";
import type { PendingFile, SetAsideFile } from "../../domain/records.ts";
import { createDocument } from "../../ledger/documents.ts";
import type { AppContext } from "../../context.ts";
import {
  fileClaimed,
  fileRefused,
  fileVanished,
} from "../../telemetry/events.ts";
import { landingSources } from "./sources.ts";

/** What became of a dropped file: whose pipeline has something to do now, and why the file was not taken. */
export interface Claim {
  readonly pipeline?: string;
  readonly notTaken?: string;
}

/**
 * Claims a dropped file for the pipeline that reads its folder: writes the claim, then moves the file to bronze if it
 * is still the same. Announced twice, or by two at once, it is claimed once. Where another ETag was announced, the file
 * that is there now is another one, and is announced or swept itself. A file that may still be written is left: its
 * pipeline's watcher takes it once it is settled, or the sweep does.
 */
export async function claimFile(
  context: AppContext,
  dropped: DroppedFile,
): Promise<Claim> {
  const { path } = dropped;
  const landed = parseLandingPath(path);
  const reader = landed && readerOf(context, landed.folder);
  if (!reader) {
    const why = landed
      ? "no pipeline reads its folder"
      : "it lies in no folder of landing/";
    fileRefused(context.log, { path, why });
    return {};
  }
  if (isHidden(landed.name)) return { notTaken: HIDDEN };
  const { lake, now, config } = context;
  const { pipeline, source } = reader;
  const found = await lake.find(path);
  if (!found) return {};
  if (dropped.etag !== undefined && bareEtag(dropped.etag) !== found.etag)
    return {};
  if (found.isCopying) return { pipeline, notTaken: "it is being copied" };
  if (found.isLeased) return { pipeline, notTaken: "somebody holds a lease" };
  if (found.bytes === 0) {
    if (!isLeftEmpty(found, now())) return { notTaken: EMPTY };
    await setAside(context, { source, pipeline, landed, found });
    return {};
  }
  if (!dropped.isClosed && !isSettled(found, now(), config.lake.settleSeconds))
    return { pipeline, notTaken: YOUNG };

  const id = fileIdOf(path, found.etag);
  const claim: PendingFile = {
    version: 3,
    id,
    pipeline,
    source,
    name: landed.name,
    path: bronzeFilePath(landed.folder, id, landed.name),
    etag: found.etag,
    bytes: found.bytes,
    claimedAt: new Date(context.now()).toISOString(),
  };
  const claimPath = pendingPath(pipeline, id);
  await createDocument(lake, claimPath, claim);
  if (await lake.move(path, claim.path, found.etag)) {
    fileClaimed(context.log, { pipeline, source, id, bytes: found.bytes });
    return { pipeline };
  }
  // The file with this ETag is not there any more, and never will be again: either another claim has moved it, or
  // it was overwritten or deleted, and then its claim names nothing.
  if (!(await lake.find(claim.path))) {
    fileVanished(context.log, { pipeline, source, id });
    await lake.remove(claimPath);
  }
  return { pipeline };
}

const HIDDEN =
  "its name, or a folder's, begins with '.': such files are taken for work in progress, rename it";
const EMPTY =
  "it is empty: its writer has not finished, or it replaces nothing";
/** Not told: it is taken within the settling time. */
export const YOUNG = "it may still be written";

/** Written first, like a claim: killed in between, the next sweep moves the file. */
async function setAside(
  { lake, log, now }: AppContext,
  file: {
    readonly pipeline: string;
    readonly source: string;
    readonly landed: { readonly folder: string; readonly name: string };
    readonly found: FoundFile;
  },
): Promise<void> {
  const { pipeline, source, landed, found } = file;
  const id = fileIdOf(found.path, found.etag);
  const to = setAsideFilePath(landed.folder, id, landed.name);
  const path = setAsidePath(pipeline, id);
  const reason = "it was empty for a day, and replaces nothing";
  await createDocument(lake, path, {
    version: 3,
    id,
    source,
    name: landed.name,
    path: to,
    bytes: found.bytes,
    reason,
    setAsideAt: new Date(now()).toISOString(),
  } satisfies SetAsideFile);
  if (await lake.move(found.path, to, found.etag))
    fileRefused(log, { path: found.path, why: reason });
  // Its writer was not done after all, or another sweep was first.
  else if (!(await lake.find(to))) await lake.remove(path);
}

interface Reader {
  readonly pipeline: string;
  readonly source: string;
}

/** A folder of landing has one reader: packaging refuses a second. */
function readerOf(
  { pipelines }: AppContext,
  folder: string,
): Reader | undefined {
  for (const [pipeline, definition] of pipelines.definitions)
    for (const { name, source } of landingSources(definition))
      if (source.folder === folder) return { pipeline, source: name };
  return undefined;
}
