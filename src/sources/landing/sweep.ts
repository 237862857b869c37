import type { LakeFile } from "../../adapters/lake/index.ts";
import type { AppContext } from "../../context.ts";
import type { Definition } from "../../domain/definition.ts";
import { isHidden, isSettled } from "../../domain/landing.ts";
import { landingFolder } from "../../domain/paths.ts";
import { defineCache } from "../../ledger/caches.ts";
import { removeOrphanedClaims } from "../../ledger/claims.ts";
import type { TakenIn } from "../kind.ts";
import { claimEach } from "./claimEach.ts";
import { landingSources, sourceOfClaim } from "./sources.ts";

/** Files that one sweep of a pipeline asks the lake about, with three calls each. The next one goes on behind them. */
const FILES_A_SWEEP = 1_000;

/** The last file that this process has looked at, by pipeline, where there were more than one sweep takes. */
const sweptTo = defineCache(() => new Map<string, string>());

/**
 * Claims dropped files that nobody announced and that nobody writes any more, so many at most, and answers which of
 * those it could not take. It costs a listing of the landing folders, which claims empty, and O(such files).
 */
export async function sweep(
  context: AppContext,
  definition: Definition,
): Promise<TakenIn> {
  const { lake, now, config } = context;
  const { pipeline } = definition;
  const found: LakeFile[] = [];
  for (const { source } of landingSources(definition))
    found.push(...(await lake.list(landingFolder(source.folder))));
  // An empty file is looked at: it may have been so for a day. A young one is left to the next sweep without a word.
  const settled = found.filter(
    (file) =>
      file.bytes === 0 || isSettled(file, now(), config.lake.settleSeconds),
  );
  const hidden = settled.filter(({ path }) => isHidden(path));
  const others = settled.filter(({ path }) => !isHidden(path));
  const next = nextOf(others, sweptTo(context), pipeline);
  const [left, taken] = [
    await claimEach(context, pipeline, hidden),
    await claimEach(context, pipeline, next),
  ];
  await removeOrphanedClaims(context, pipeline, sourceOfClaim(definition));
  return { ...taken, notTaken: [...left.notTaken, ...taken.notTaken] };
}

/** Those behind the ones that the sweep before has looked at, and then from the start: none that fails stops others. */
function nextOf(
  files: readonly LakeFile[],
  known: Map<string, string>,
  pipeline: string,
): LakeFile[] {
  const after = known.get(pipeline) ?? "";
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const behind = sorted.filter(({ path }) => path > after);
  const before = sorted.filter(({ path }) => path <= after);
  const next = [...behind, ...before].slice(0, FILES_A_SWEEP);
  const last = next.at(-1);
  if (last && next.length < files.length) known.set(pipeline, last.path);
  else known.delete(pipeline);
  return next;
}
