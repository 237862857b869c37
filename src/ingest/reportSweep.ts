import type { AppContext } from "../context.ts";
import { setAsideFolder, sweepReportPath } from "../domain/paths.ts";
import type { SetAsideFile, SweepReport } from "../domain/records.ts";
import { findDocument, replaceDocument } from "../ledger/documents.ts";
import type { NotTaken } from "../sources/kind.ts";

export type SweepStep = SweepReport["failed"][number];

/** What a sweep of a pipeline could not do. */
export interface Swept {
  readonly notTaken: readonly NotTaken[];
  readonly failed: readonly SweepStep[];
}

const MAX_FILES = 20;
const MAX_COUNTED = 1_000;

/** Leaves to be seen what a sweep could not do. It costs one listing of what is set aside, a page at most, and one write. */
export async function reportSweep(
  { lake, now }: AppContext,
  pipeline: string,
  { notTaken, failed }: Swept,
): Promise<void> {
  const oldest = [...notTaken].sort(
    (a, b) =>
      Number(b.hasFailed) - Number(a.hasFailed) || a.modifiedAt - b.modifiedAt,
  );
  const setAside = await lake.listSome(setAsideFolder(pipeline), MAX_COUNTED);
  const last = setAside.reduce<(typeof setAside)[number] | undefined>(
    (newest, file) =>
      newest && newest.modifiedAt >= file.modifiedAt ? newest : file,
    undefined,
  );
  const known = last && (await findDocument<SetAsideFile>(lake, last.path));
  const found: SweepReport = {
    version: 3,
    failed,
    sweptAt: new Date(now()).toISOString(),
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
    ...(known
      ? {
          lastSetAside: {
            name: known.name,
            source: known.source,
            reason: known.reason,
            setAsideAt: known.setAsideAt,
          },
        }
      : {}),
  };
  await replaceDocument(lake, sweepReportPath(pipeline), found);
}
