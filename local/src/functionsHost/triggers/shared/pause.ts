import type { Clock } from "../../../shared/clock.ts";

/** Waits, but not beyond the stop of the host. */
export function pause(
  clock: Clock,
  delayMs: number,
  stopping: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    if (stopping.aborted) {
      resolve();
      return;
    }
    const done = (): void => {
      cancel();
      stopping.removeEventListener("abort", done);
      resolve();
    };
    const cancel = clock.after(delayMs, done);
    stopping.addEventListener("abort", done);
  });
}
