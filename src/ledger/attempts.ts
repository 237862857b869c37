/** The attempts at a batch: a token ahead of the submit, then the run, then how it ended. */
import type { Lake } from "../adapters/lake/index.ts";
import { batchPaths } from "../domain/paths.ts";
import type { AttemptRecord } from "../domain/records.ts";
import {
  findDocument,
  findDocumentWithEtag,
  replaceDocument,
} from "./documents.ts";

const ATTEMPT = /\/(\d+)\.json$/;

/** The number of the last attempt at a batch that was written ahead; 0 when there is none. */
export async function findLastAttemptNumber(
  lake: Lake,
  pipeline: string,
  batch: number,
): Promise<number> {
  const { attempts, attempt } = batchPaths(pipeline, batch);
  const files = await lake.list(attempts);
  return files
    .map(({ path }) => ({ path, at: Number(ATTEMPT.exec(path)?.[1] ?? 0) }))
    .filter(({ path, at }) => path === attempt(at))
    .map(({ at }) => at)
    .reduce((last, attempt) => Math.max(last, attempt), 0);
}

/** All attempts at a batch, in their order. One listing, and a read each. */
export async function readAttempts(
  lake: Lake,
  pipeline: string,
  batch: number,
): Promise<AttemptRecord[]> {
  const last = await findLastAttemptNumber(lake, pipeline, batch);
  return readAttemptsBetween(lake, pipeline, batch, { from: 1, to: last });
}

/** The attempts `from` to `to`, both included, as far as they exist. */
async function readAttemptsBetween(
  lake: Lake,
  pipeline: string,
  batch: number,
  { from, to }: { from: number; to: number },
): Promise<AttemptRecord[]> {
  const { attempt } = batchPaths(pipeline, batch);
  const numbers = Array.from(
    { length: Math.max(0, to - from + 1) },
    (_, index) => from + index,
  );
  const found = await Promise.all(
    numbers.map((number) => findDocument<AttemptRecord>(lake, attempt(number))),
  );
  return found.filter((record) => record !== undefined);
}

/** Adds to the record of an attempt, whoever else adds to it meanwhile. The token stays: repeated, it says the same. */
export async function amendAttempt(
  lake: Lake,
  pipeline: string,
  batch: number,
  attempt: number,
  more: Pick<AttemptRecord, "runId"> | AttemptEnd,
): Promise<void> {
  const path = batchPaths(pipeline, batch).attempt(attempt);
  for (;;) {
    const found = await findDocumentWithEtag<AttemptRecord>(lake, path);
    if (!found) return;
    const { document, etag } = found;
    if (await replaceDocument(lake, path, { ...document, ...more }, etag))
      return;
  }
}

/** How the run of an attempt ended. `seconds` alone says that it did. */
export interface AttemptEnd {
  readonly seconds: number;
  /** Absent where it succeeded. */
  readonly failedBy?: NonNullable<AttemptRecord["failedBy"]>;
}

/** The newest attempt at a batch. One listing and a read, however many there are. */
export async function findLastAttempt(
  lake: Lake,
  pipeline: string,
  batch: number,
): Promise<AttemptRecord | undefined> {
  const to = await findLastAttemptNumber(lake, pipeline, batch);
  const range = { from: Math.max(1, to), to };
  const [last] = await readAttemptsBetween(lake, pipeline, batch, range);
  return last;
}

/** Two attempts may be under way at once: it need not be the last one that ended the batch. */
const NEWEST_ATTEMPTS = 4;

/** How long the job run took that ended a batch; undefined where that is not known. */
export async function findRunSeconds(
  lake: Lake,
  pipeline: string,
  batch: number,
): Promise<number | undefined> {
  const to = await findLastAttemptNumber(lake, pipeline, batch);
  const range = { from: Math.max(1, to - NEWEST_ATTEMPTS + 1), to };
  const newest = await readAttemptsBetween(lake, pipeline, batch, range);
  return newest.findLast(
    ({ seconds, failedBy }) => seconds !== undefined && failedBy === undefined,
  )?.seconds;
}

/** How many of the attempts `from` to `to`, both included, failed by the job's own code. At most ten are read. */
export async function countFailuresByCode(
  lake: Lake,
  pipeline: string,
  batch: number,
  range: { from: number; to: number },
): Promise<number> {
  const attempts = await readAttemptsBetween(lake, pipeline, batch, range);
  return attempts.filter(({ failedBy }) => failedBy === "code").length;
}
