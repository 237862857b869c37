import { bareEtag, fileIdOf } from "../../domain/identity.ts";
import { isHidden } from "../../domain/landing.ts";
import {
  bronzeFilePath,
  parseLandingPath,
  pendingPath,
} from "../../domain/paths.ts";
import type { PendingFile } from "../../domain/records.ts";
import { createDocument } from "../../ledger/documents.ts";
import type { AppContext } from "../../context.ts";
import {
  fileClaimed,
  fileRefused,
  fileVanished,
} from "../../telemetry/events.ts";
import { landingSources } from "./sources.ts";

export interface DroppedFile {
  readonly path: string;
  /** Of the file that was announced. Another one there now is another file, and is announced or swept itself. */
  readonly etag?: string;
}

/**
 * Claims a dropped file for the pipeline that reads its folder: writes the claim, then moves the file to bronze if it
 * is still the same. Announced twice, or by two at once, it is claimed once. Answers the pipeline, or nothing where
 * there was nothing to claim.
 */
export async function claimFile(
  context: AppContext,
  dropped: DroppedFile,
): Promise<string | undefined> {
  const { path } = dropped;
  const landed = parseLandingPath(path);
  if (!landed) {
    fileRefused(context.log, { path, why: "it lies in no folder of landing/" });
    return undefined;
  }
  if (isHidden(landed.name)) return undefined;
  const reader = readerOf(context, landed.folder);
  if (!reader) {
    fileRefused(context.log, { path, why: "no pipeline reads its folder" });
    return undefined;
  }
  const { lake } = context;
  const { pipeline, source } = reader;
  const found = await lake.find(path);
  if (!found || found.isCopying) return undefined;
  if (dropped.etag !== undefined && bareEtag(dropped.etag) !== found.etag)
    return undefined;

  const id = fileIdOf(path, found.etag);
  const claim: PendingFile = {
    version: 2,
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
    return pipeline;
  }
  // The file with this ETag is not there any more, and never will be again: either another claim has moved it, or
  // it was overwritten or deleted, and then its claim names nothing.
  if (!(await lake.find(claim.path))) {
    fileVanished(context.log, { pipeline, source, id });
    await lake.remove(claimPath);
  }
  return pipeline;
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
