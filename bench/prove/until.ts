import { setTimeout as delay } from "node:timers/promises";

const PAUSE_MS = 10;

/** Polls until the condition holds. It counts real time, whatever the platform's clock says. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what: () => string,
  patienceSeconds: number,
): Promise<void> {
  const deadline = performance.now() + patienceSeconds * 1000;
  while (!(await holds())) {
    if (performance.now() > deadline)
      throw new Error(
        `It was waited ${patienceSeconds} s in vain for: ${what()}.`,
      );
    await delay(PAUSE_MS);
  }
}
