import type { Lake } from "../adapters/lake/index.ts";
import { batchPaths } from "../domain/paths.ts";
import type { AttemptRecord } from "../domain/records.ts";
import { findDocument, replaceDocument } from "./documents.ts";

const ATTEMPT = /\/(\d+)\.json$/;

/** The number of the last attempt at a batch that was written ahead; 0 when there is none. */
export async function lastAttempt(
  lake: Lake,
  pipeline: string,
  batch: number,
): Promise<number> {
  const files = await lake.list(batchPaths(pipeline, batch).attempts);
  return files
    .map(({ path }) => Number(ATTEMPT.exec(path)?.[1] ?? 0))
    .reduce((last, attempt) => Math.max(last, attempt), 0);
}

/** Keeps whose fault the failure of an attempt was. The token stays: repeated, it says the same again. */
export async function recordFault(
  lake: Lake,
  pipeline: string,
  batch: number,
  attempt: number,
  fault: NonNullable<AttemptRecord["fault"]>,
): Promise<void> {
  const path = batchPaths(pipeline, batch).attempt(attempt);
  const record = await findDocument<AttemptRecord>(lake, path);
  if (record) await replaceDocument(lake, path, { ...record, fault });
}

/** How many of the attempts `from` to `to`, both included, failed by the job's own code. At most ten are read. */
export async function failuresByCode(
  lake: Lake,
  pipeline: string,
  batch: number,
  { from, to }: { from: number; to: number },
): Promise<number> {
  const numbers = Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const attempts = await Promise.all(
    numbers.map((attempt) =>
      findDocument<AttemptRecord>(
        lake,
        batchPaths(pipeline, batch).attempt(attempt),
      ),
    ),
  );
  return attempts.filter((attempt) => attempt?.fault === "code").length;
}
