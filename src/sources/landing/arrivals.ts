import type { LakeFile } from "../../adapters/lake/index.ts";
import type { AppContext } from "../../context.ts";
import type { Definition } from "../../domain/definition.ts";
import { isHidden, isSettled } from "../../domain/landing.ts";
import { landingFolder } from "../../domain/paths.ts";
import { readClaimedFiles, countClaims } from "../../ledger/claims.ts";
import { fileFailed } from "../../telemetry/events.ts";
import {
  latestOf,
  NO_ARRIVALS,
  type Arrivals,
  type Position,
} from "../kind.ts";
import { claimFile } from "./claimFile.ts";
import { landingSources } from "./sources.ts";

/**
 * It costs one listing of each landing folder, which claims empty, one of the open claims, and two reads a file. Files
 * that have settled meanwhile are claimed: whoever was told of them too early leaves them to this.
 */
export async function readArrivals(
  context: AppContext,
  definition: Definition,
  { maxFiles }: Position,
): Promise<Arrivals> {
  const { pipeline } = definition;
  const unclaimed = await claimSettled(context, definition);
  const files = await readClaimedFiles(context.lake, pipeline, maxFiles);
  const settlesAt = latestOf(unclaimed.map(({ modifiedAt }) => modifiedAt));
  return {
    ...NO_ARRIVALS,
    files,
    unclaimedFiles: unclaimed.length,
    ...(settlesAt === undefined
      ? {}
      : { settlesAt: settlesAt + context.config.lake.settleSeconds * 1000 }),
  };
}

/** It costs one listing of the open claims. */
export const hasArrivals = async (
  { lake }: AppContext,
  { pipeline }: Definition,
): Promise<boolean> => (await countClaims(lake, pipeline)) > 0;

/**
 * Claims what has settled of the young dropped files, and answers the others. Older ones nobody waits for: the sweep
 * takes them, or says why not. An empty file may stay so for ever.
 */
async function claimSettled(
  context: AppContext,
  definition: Definition,
): Promise<LakeFile[]> {
  const { lake, config, now, log } = context;
  const { settleSeconds } = config.lake;
  const since = now() - (2 * settleSeconds + 10) * 1000;
  const young: LakeFile[] = [];
  for (const { source } of landingSources(definition)) {
    const files = await lake.list(landingFolder(source.folder));
    for (const file of files) {
      const { path, etag, modifiedAt, bytes } = file;
      if (modifiedAt < since || bytes === 0 || isHidden(path)) continue;
      if (!isSettled(file, now(), settleSeconds)) young.push(file);
      else
        await claimFile(context, { path, etag, isClosed: false }).catch(
          (error: unknown) => {
            const { pipeline } = definition;
            fileFailed(log, { pipeline, path, message: String(error) });
          },
        );
    }
  }
  return young;
}
