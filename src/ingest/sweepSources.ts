import type { AppContext } from "../context.ts";
import { setAsideFolder, sweepReportPath } from "../domain/paths.ts";
import type { SetAsideFile, SweepReport } from "../domain/records.ts";
import { findDocument, replaceDocument } from "../ledger/documents.ts";
import { sourceKinds } from "../sources/index.ts";
import type { NotTaken } from "../sources/kind.ts";

/** Takes in what nobody announced to a pipeline, and leaves a report of what it could not take. */
export async function sweepSources(
  context: AppContext,
  pipeline: string,
): Promise<void> {
  const definition = context.pipelines.definitions.get(pipeline);
  if (!definition) return;
  const notTaken: NotTaken[] = [];
  for (const kind of sourceKinds)
    notTaken.push(...(await kind.sweep(context, definition)));
  await report(context, pipeline, notTaken);
}

const MAX_FILES = 20;
const MAX_COUNTED = 1_000;

/** It costs one listing of what is set aside, a page at most, and one write. */
async function report(
  { lake, now }: AppContext,
  pipeline: string,
  notTaken: readonly NotTaken[],
): Promise<void> {
  const oldest = [...notTaken].sort((a, b) => a.modifiedAt - b.modifiedAt);
  const setAside = await lake.listSome(setAsideFolder(pipeline), MAX_COUNTED);
  const last = setAside.reduce<(typeof setAside)[number] | undefined>(
    (newest, file) =>
      newest && newest.modifiedAt >= file.modifiedAt ? newest : file,
    undefined,
  );
  const known = last && (await findDocument<SetAsideFile>(lake, last.path));
  const found: SweepReport = {
    version: 3,
    sweptAt: new Date(now()).toISOString(),
    files: oldest.slice(0, MAX_FILES).map(({ path, reason, modifiedAt }) => ({
      path,
      reason,
      since: new Date(modifiedAt).toISOString(),
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
