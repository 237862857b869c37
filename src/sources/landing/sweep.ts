import type { LakeFile } from "../../adapters/lake/index.ts";
import type { AppContext } from "../../context.ts";
import type { Definition } from "../../domain/definition.ts";
import { landingFolder } from "../../domain/paths.ts";
import { removeOrphanedClaims } from "../../ledger/claims.ts";
import { fileFailed } from "../../telemetry/events.ts";
import type { NotTaken } from "../kind.ts";
import { claimFile, YOUNG } from "./claimFile.ts";
import { landingSources } from "./sources.ts";

/** So many files are claimed at once: each costs three calls, one after the other. */
const AT_ONCE = 8;

/** Health shows it to anybody: what a service answers may name addresses. */
const FAILED =
  "it could not be claimed: the line file.failed of the log says why";

/**
 * Claims every dropped file that nobody announced and that nobody writes any more, and answers which it could not
 * take. It costs O(such files). What fails for one file is told, and the others are taken all the same.
 */
export async function sweep(
  context: AppContext,
  definition: Definition,
): Promise<NotTaken[]> {
  const { lake, log } = context;
  const { pipeline } = definition;
  const notTaken: NotTaken[] = [];
  const claim = async (file: LakeFile): Promise<void> => {
    const { path, etag, modifiedAt } = file;
    try {
      const { notTaken: reason } = await claimFile(context, {
        path,
        etag,
        isClosed: false,
      });
      if (reason !== undefined && reason !== YOUNG)
        notTaken.push({ path, reason, modifiedAt, hasFailed: false });
    } catch (error) {
      fileFailed(log, { pipeline, path, message: String(error) });
      notTaken.push({ path, reason: FAILED, modifiedAt, hasFailed: true });
    }
  };
  for (const { source } of landingSources(definition)) {
    const files = await lake.list(landingFolder(source.folder));
    for (let at = 0; at < files.length; at += AT_ONCE)
      await Promise.all(files.slice(at, at + AT_ONCE).map(claim));
  }
  await removeOrphanedClaims(context, pipeline);
  return notTaken;
}
