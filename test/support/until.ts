import { setTimeout } from "node:timers/promises";

/** Spark starts in 4 s, and in a minute when others share its cores. */
const PATIENCE_MS = 240_000;
/** Ten looks a second leave the processor to what is waited for, and are fewer than any service's limit of calls. */
const LONGEST_PAUSE_MS = 100;

type Found<T> = T | false | undefined;

/** Polls until `look` gives something, and gives that. Fails with a sentence when it takes too long. */
export async function until<T>(
  look: () => Found<T> | Promise<Found<T>>,
  what: string | (() => string),
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (let pauseMs = 1; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) {
      const sentence = typeof what === "string" ? what : what();
      throw new Error(
        `Waited ${patienceMs / 1000} s in vain for: ${sentence}.`,
      );
    }
    await setTimeout(pauseMs);
  }
}
