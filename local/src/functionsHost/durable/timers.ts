import type { Clock } from "../../shared/clock.ts";
import type { ScheduledTimer, TaskKey } from "./rows.ts";

type ExecutionKey = Omit<TaskKey, "taskId">;

/** The timers that have not fired, each with a call of the clock. */
export class Timers {
  readonly #clock: Clock;
  readonly #onFired: (timer: ScheduledTimer) => void;
  readonly #cancels = new Map<string, Map<number, () => void>>();

  constructor(clock: Clock, onFired: (timer: ScheduledTimer) => void) {
    this.#clock = clock;
    this.#onFired = onFired;
  }

  arm(timer: ScheduledTimer): void {
    const ofExecution =
      this.#cancels.get(keyText(timer)) ?? new Map<number, () => void>();
    this.#cancels.set(keyText(timer), ofExecution);
    ofExecution.set(
      timer.taskId,
      this.#after(Date.parse(timer.fireAt) - this.#clock.now(), () => {
        this.disarm(timer);
        this.#onFired(timer);
      }),
    );
  }

  disarm(timer: TaskKey): void {
    const ofExecution = this.#cancels.get(keyText(timer));
    ofExecution?.get(timer.taskId)?.();
    ofExecution?.delete(timer.taskId);
    if (ofExecution?.size === 0) this.#cancels.delete(keyText(timer));
  }

  disarmExecution(execution: ExecutionKey): void {
    for (const cancel of this.#cancels.get(keyText(execution))?.values() ?? [])
      cancel();
    this.#cancels.delete(keyText(execution));
  }

  disarmAll(): void {
    for (const ofExecution of this.#cancels.values())
      for (const cancel of ofExecution.values()) cancel();
    this.#cancels.clear();
  }

  /** What is due fires without the clock, so that the timer after the last retry costs no time. */
  #after(delayMs: number, action: () => void): () => void {
    if (delayMs > 0) return this.#clock.after(delayMs, action);
    const immediate = setImmediate(action);
    return () => clearImmediate(immediate);
  }
}

const keyText = ({ instanceId, executionId }: ExecutionKey): string =>
  `${instanceId}\n${executionId}`;
