import type { Lake } from "../../adapters/lake/index.ts";
import type { AppContext } from "../../context.ts";
import { batchPaths } from "../../domain/paths.ts";
import type { BlockedRecord, Manifest } from "../../domain/records.ts";
import { eventsOf } from "../../domain/slices.ts";
import { findLastAttempt, findRunSeconds } from "../../ledger/attempts.ts";
import { needManifest, type Newest } from "../../ledger/batches.ts";
import { findDocument } from "../../ledger/documents.ts";
import { minutesSince, type Finding } from "./finding.ts";

/** A batch that is older and has no end is told in any case, however many attempts it has had. */
const OVERDUE_MINUTES = 60;
/** However short the batches of a pipeline are, an attempt may take this long: a cluster may have to start. */
const SHORTEST_MINUTES = 10;
/** Where nothing is known of how long a batch takes. */
const UNKNOWN_MINUTES = 20;
/** An attempt may take so many times what the batch before took; in proportion more, where it holds more. */
const TIMES_THE_LAST = 3;

/** The newest batch, where it is blocked or takes longer than it should: its job run or its orchestration hangs. */
export async function checkBatch(
  context: AppContext,
  pipeline: string,
  newest: Newest | undefined,
): Promise<Finding | undefined> {
  if (newest?.state.state === "blocked")
    return {
      state: "blocked",
      detail: await describeBlock(context, pipeline, newest.state.batch),
    };
  return newest?.state.state === "unfinished"
    ? checkUnfinished(context, newest)
    : undefined;
}

/** Costs nothing more in a batch's first ten minutes. */
async function checkUnfinished(
  { lake, now }: AppContext,
  { manifest }: Newest,
): Promise<Finding | undefined> {
  const { pipeline, batch, createdAt } = manifest;
  const minutes = minutesSince(createdAt, now());
  if (minutes <= SHORTEST_MINUTES) return undefined;
  const [last, allowed] = await Promise.all([
    findLastAttempt(lake, pipeline, batch),
    findAllowedMinutes(lake, manifest),
  ]);
  const tried = minutesSince(last?.createdAt ?? createdAt, now());
  if (minutes <= OVERDUE_MINUTES && tried <= allowed) return undefined;
  const attempt =
    last === undefined
      ? "no attempt at it has begun"
      : `attempt ${last.attempt} for ${tried}`;
  return {
    state: "unfinished",
    detail: `batch ${batch} for ${minutes} minutes, ${attempt}`,
  };
}

/** The most minutes that an attempt may take: by what the batch before took, and how much each of the two holds. */
async function findAllowedMinutes(
  lake: Lake,
  { pipeline, batch, slices, files }: Manifest,
): Promise<number> {
  const seconds =
    batch === 1 ? undefined : await findRunSeconds(lake, pipeline, batch - 1);
  if (seconds === undefined) return UNKNOWN_MINUTES;
  const before = await needManifest(lake, pipeline, batch - 1);
  const times = Math.max(
    eventsOf(slices) / Math.max(1, eventsOf(before.slices)),
    bytesOf(files) / Math.max(1, bytesOf(before.files)),
  );
  const allowed = (seconds / 60) * TIMES_THE_LAST * Math.max(1, times);
  return Math.max(SHORTEST_MINUTES, allowed);
}

const bytesOf = (files: Manifest["files"]): number =>
  files.reduce((sum, { bytes }) => sum + bytes, 0);

/** Without the message: it may quote data. */
async function describeBlock(
  { lake }: AppContext,
  pipeline: string,
  batch: number,
): Promise<string> {
  const path = batchPaths(pipeline, batch).blocked;
  const blocked = await findDocument<BlockedRecord>(lake, path);
  if (!blocked) return `batch ${batch}`;
  const { code, file, line, retryAt } = blocked;
  const place =
    file === undefined
      ? ""
      : ` in ${[file, line].filter((part) => part !== undefined).join(":")}`;
  const again =
    retryAt === undefined
      ? "a mended definition frees it"
      : `tried again at ${retryAt}`;
  return `batch ${batch}: ${code}${place}; ${again}, or npm run retry, or npm run skip`;
}
