import type { LakeFile } from "../../adapters/lake/index.ts";
import type { AppContext } from "../../context.ts";
import { fileFailed } from "../../telemetry/events.ts";
import type { NotTaken, TakenIn } from "../kind.ts";
import { claimFile, YOUNG } from "./claimFile.ts";

/** So many files are claimed at once: each costs three calls, one after the other. */
const AT_ONCE = 8;

/** What a service answers may name addresses. */
const FAILED =
  "it could not be claimed: the line file.failed of the log says why";

/** Claims dropped files, in their order. What fails for one of them is told, and the others are taken all the same. */
export async function claimEach(
  context: AppContext,
  pipeline: string,
  files: readonly LakeFile[],
): Promise<TakenIn> {
  const notTaken: NotTaken[] = [];
  let hasTaken = false;
  const claim = async (file: LakeFile): Promise<void> => {
    const { path, etag, modifiedAt } = file;
    try {
      const found = await claimFile(context, { path, etag, isClosed: false });
      const { notTaken: reason } = found;
      if (reason === undefined) hasTaken ||= found.pipeline !== undefined;
      else if (reason !== YOUNG)
        notTaken.push({ path, reason, modifiedAt, hasFailed: false });
    } catch (error) {
      fileFailed(context.log, { pipeline, path, message: String(error) });
      notTaken.push({ path, reason: FAILED, modifiedAt, hasFailed: true });
    }
  };
  for (let at = 0; at < files.length; at += AT_ONCE)
    await Promise.all(files.slice(at, at + AT_ONCE).map(claim));
  return { hasTaken, notTaken };
}
