import type { Lake } from "../adapters/lake/index.ts";
import { batchPaths } from "../domain/paths.ts";

const ATTEMPT = /\/process-(\d+)\.json$/;

/** The number of the last attempt at a batch that was written ahead; 0 when there is none. */
export async function lastAttempt(
  lake: Lake,
  pipeline: string,
  batch: number,
): Promise<number> {
  const files = await lake.list(batchPaths(pipeline, batch).attempts);
  return Math.max(
    0,
    ...files.map(({ path }) => Number(ATTEMPT.exec(path)?.[1] ?? 0)),
  );
}
