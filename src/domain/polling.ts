/** When to ask for the state of a job run: seldom, and soon after it has ended. */

const FIRST_SECONDS = 5;
const NEAR = 0.98;
/** Up to here each wait is a quarter of the time gone by; after it, 41 %. */
const SHORT_RUN_SECONDS = 100;
const LONG_WAIT = Math.SQRT2 - 1;
/** After the predicted end each wait is so much of the time gone by since: half of it would ask once too often. */
const OVERRUN_WAIT = 0.55;

/**
 * Seconds until the next question. With a prediction: at 5, 10, 20, … seconds until 98 % of it, then closely around
 * it, then in waits that grow with the overrun. In all at most 4 + 2·log2(seconds of the run) calls from 8 s on,
 * `run-now` included (`test/unit/domain/polling.test.ts`).
 */
export function secondsToNextPoll(
  elapsedSeconds: number,
  predictedSeconds?: number,
): number {
  if (predictedSeconds === undefined || predictedSeconds <= 0) {
    if (elapsedSeconds < FIRST_SECONDS) return FIRST_SECONDS - elapsedSeconds;
    return (
      elapsedSeconds * (elapsedSeconds < SHORT_RUN_SECONDS ? 0.25 : LONG_WAIT)
    );
  }
  const nearEnd = Math.max(1, NEAR * predictedSeconds);
  if (elapsedSeconds < nearEnd) {
    const next = Math.max(FIRST_SECONDS, elapsedSeconds * 2);
    // Two questions close to each other would be one too many.
    return (next > nearEnd * 0.75 ? nearEnd : next) - elapsedSeconds;
  }
  const overrun = elapsedSeconds - nearEnd;
  return Math.max(1, 0.02 * predictedSeconds, overrun * OVERRUN_WAIT);
}
