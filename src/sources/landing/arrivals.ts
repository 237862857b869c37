import type { AppContext } from "../../context.ts";
import type { Definition } from "../../domain/definition.ts";
import { isHidden } from "../../domain/landing.ts";
import { landingFolder } from "../../domain/paths.ts";
import { readClaimedFiles, countClaims } from "../../ledger/claims.ts";
import { NO_ARRIVALS, type Arrivals, type Position } from "../kind.ts";
import { landingSources } from "./sources.ts";

/** It costs one listing of the open claims, one of each landing folder, which claims empty, and two reads a file. */
export async function readArrivals(
  context: AppContext,
  definition: Definition,
  { maxFiles }: Position,
): Promise<Arrivals> {
  const [files, unclaimedFiles] = await Promise.all([
    readClaimedFiles(context.lake, definition.pipeline, maxFiles),
    countUnclaimed(context, definition),
  ]);
  return { ...NO_ARRIVALS, files, unclaimedFiles };
}

/** It costs one listing of the open claims. */
export const hasArrivals = async (
  { lake }: AppContext,
  { pipeline }: Definition,
): Promise<boolean> => (await countClaims(lake, pipeline)) > 0;

/** Dropped files so young that the next sweep or two may still find them unsettled. Older ones nobody waits for. */
async function countUnclaimed(
  { lake, config, now }: AppContext,
  definition: Definition,
): Promise<number> {
  const since = now() - (2 * config.lake.settleSeconds + 10) * 1000;
  const counts = await Promise.all(
    landingSources(definition).map(async ({ source }) => {
      const files = await lake.list(landingFolder(source.folder));
      return files.filter(
        ({ path, modifiedAt }) => modifiedAt >= since && !isHidden(path),
      ).length;
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
