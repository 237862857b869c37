import type { LakeFile } from "../../adapters/lake/index.ts";
import type { AppContext } from "../../context.ts";
import type { Definition } from "../../domain/definition.ts";
import { isHidden, isSettled } from "../../domain/landing.ts";
import { landingFolder } from "../../domain/paths.ts";
import { readClaimedFiles, countClaims } from "../../ledger/claims.ts";
import {
  latestOf,
  NO_ARRIVALS,
  type Arrivals,
  type Position,
} from "../kind.ts";
import { claimEach } from "./claimEach.ts";
import { landingSources, sourceOfClaim } from "./sources.ts";

/**
 * It costs one listing of each landing folder, which claims empty, one of the open claims, and two reads a file. Files
 * that have settled meanwhile are claimed: whoever was told of them too early leaves them to this.
 */
export async function readArrivals(
  context: AppContext,
  definition: Definition,
  { maxFiles }: Position,
): Promise<Arrivals> {
  const { lake, config } = context;
  const { pipeline } = definition;
  const unclaimed = await claimSettled(context, definition, maxFiles);
  const files = await readClaimedFiles(
    lake,
    pipeline,
    maxFiles,
    sourceOfClaim(definition),
  );
  const settlesAt = latestOf(unclaimed.map(({ modifiedAt }) => modifiedAt));
  return {
    ...NO_ARRIVALS,
    files,
    unclaimedFiles: unclaimed.length,
    ...(settlesAt === undefined
      ? {}
      : { settlesAt: settlesAt + config.lake.settleSeconds * 1000 }),
  };
}

/** It costs one listing of the open claims. */
export const hasArrivals = async (
  { lake }: AppContext,
  { pipeline }: Definition,
): Promise<boolean> => (await countClaims(lake, pipeline)) > 0;

/**
 * Claims what has settled of the young dropped files, as many as a batch may take, and answers the others. Older ones
 * nobody waits for: the sweep takes them, or says why not. An empty file may stay so for ever.
 */
async function claimSettled(
  context: AppContext,
  definition: Definition,
  most: number,
): Promise<LakeFile[]> {
  const { lake, config, now } = context;
  const { settleSeconds } = config.lake;
  const since = now() - (2 * settleSeconds + 10) * 1000;
  const young: LakeFile[] = [];
  for (const { source } of landingSources(definition)) {
    const files = await lake.list(landingFolder(source.folder));
    young.push(
      ...files.filter(
        ({ path, modifiedAt, bytes }) =>
          modifiedAt >= since && bytes > 0 && !isHidden(path),
      ),
    );
  }
  const settled = young
    .filter((file) => isSettled(file, now(), settleSeconds))
    .slice(0, most);
  await claimEach(context, definition.pipeline, settled);
  const tried = new Set(settled);
  return young.filter((file) => !tried.has(file));
}
