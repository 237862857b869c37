/** What became of a job run, and what to do after it. */

export interface JobRunResult {
  readonly runId: number;
  readonly hasSucceeded: boolean;
  /** Whose fault a failure is, as far as Databricks can tell. */
  readonly fault: "code" | "platform";
  readonly message: string;
  readonly runPageUrl?: string;
  /** From start to end, queueing left out. */
  readonly seconds: number;
}

/** Attempts that failed by the job's own exit: it is not likely to end otherwise the fourth time. */
const MAX_CODE_ATTEMPTS = 3;
/** Attempts in all, with those that lost their cluster or were cancelled. */
const MAX_ATTEMPTS = 10;
/** A batch that no author can repair is tried again by itself, this rarely. */
export const PROBE_AFTER_SECONDS = 3600;

const FIRST_BACKOFF_SECONDS = 5;
const LONGEST_BACKOFF_SECONDS = 300;

/** Seconds to wait before the next attempt; undefined when there is none. `failed` is all that failed. */
export function backoffSeconds(
  failed: number,
  failedByCode: number,
): number | undefined {
  if (failed >= MAX_ATTEMPTS || failedByCode >= MAX_CODE_ATTEMPTS)
    return undefined;
  return Math.min(
    FIRST_BACKOFF_SECONDS * 3 ** (failed - 1),
    LONGEST_BACKOFF_SECONDS,
  );
}
