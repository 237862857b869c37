import type { LakeFile } from "../adapters/lake/index.ts";
import type { AppContext } from "../context.ts";
import { isFileId } from "../domain/identity.ts";
import {
  inputStatusPath,
  nameOfDocument,
  planFailurePath,
  setAsideFolder,
  setAsidePath,
  sweepReportPath,
} from "../domain/paths.ts";
import type {
  InputStatus,
  PlanFailure,
  SetAsideFile,
  SweepReport,
} from "../domain/records.ts";
import { unplannedSince, type Work } from "../domain/unplanned.ts";
import { findStatus, replaceDocument } from "../ledger/documents.ts";
import type { NotTaken } from "../sources/kind.ts";

export type SweepStep = SweepReport["failed"][number];

/** What a sweep of a pipeline has found, and could not do. */
export interface Swept {
  readonly notTaken: readonly NotTaken[];
  readonly failed: readonly SweepStep[];
  readonly work: Work;
}

const MAX_FILES = 20;
const MAX_COUNTED = 1_000;

/**
 * Leaves to be seen what a sweep has found and could not do. It costs one listing of what is set aside, a page at most, one
 * read or three, and one write.
 */
export async function reportSweep(
  { lake, now }: AppContext,
  pipeline: string,
  { notTaken, failed, work }: Swept,
): Promise<void> {
  const path = sweepReportPath(pipeline);
  const sweptAt = new Date(now()).toISOString();
  const before = await findStatus<SweepReport>(lake, path);
  const unplanned = before?.unplanned
    ? unplannedSince(work, before.unplanned, sweptAt, {
        sweptAt: before.sweptAt,
        seen: await findStatus<InputStatus>(lake, inputStatusPath(pipeline)),
        failedAt: (
          await findStatus<PlanFailure>(lake, planFailurePath(pipeline))
        )?.at,
      })
    : unplannedSince(work, undefined, sweptAt);
  const oldest = [...notTaken].sort(
    (a, b) =>
      Number(b.hasFailed) - Number(a.hasFailed) || a.modifiedAt - b.modifiedAt,
  );
  const setAside = await listSetAside(lake, pipeline);
  const last = await readLast(lake, setAside);
  const found: SweepReport = {
    version: 3,
    sweptAt,
    failed,
    ...(unplanned ? { unplanned } : {}),
    files: oldest
      .slice(0, MAX_FILES)
      .map(({ path, reason, modifiedAt, hasFailed }) => ({
        path,
        reason,
        since: new Date(modifiedAt).toISOString(),
        hasFailed,
      })),
    moreFiles: Math.max(0, oldest.length - MAX_FILES),
    setAside: setAside.length,
    ...(last ? { lastSetAside: last } : {}),
  };
  await replaceDocument(lake, path, found);
}

/** A file of another name, which somebody has put there, is none of ours: it is passed over. */
async function listSetAside(
  lake: AppContext["lake"],
  pipeline: string,
): Promise<LakeFile[]> {
  const files = await lake.listSome(setAsideFolder(pipeline), MAX_COUNTED);
  return files.filter(({ path }) => {
    const id = nameOfDocument(path, (name) => setAsidePath(pipeline, name));
    return id !== undefined && isFileId(id);
  });
}

/** Undefined also where the newest cannot be read: what is told of it may be left out, the report may not. */
async function readLast(
  lake: AppContext["lake"],
  files: readonly LakeFile[],
): Promise<SweepReport["lastSetAside"]> {
  const newest = files.reduce<LakeFile | undefined>(
    (last, file) => (last && last.modifiedAt >= file.modifiedAt ? last : file),
    undefined,
  );
  const found = newest && (await findStatus<SetAsideFile>(lake, newest.path));
  if (!found) return undefined;
  const { name, source, reason, setAsideAt } = found;
  return { name, source, reason, setAsideAt };
}
