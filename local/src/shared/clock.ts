/** Time as the services see it. Tests drive a manual one, so a day passes in a second. */
export interface Clock {
  now(): number;
  /** Calls `action` once, `delayMs` from now. The result cancels it. */
  after(delayMs: number, action: () => void): () => void;
}

const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, action) {
    // setTimeout fires at once when the delay does not fit in 31 bits: longer waits are cut.
    let timer: NodeJS.Timeout;
    let restMs = delayMs;
    const wait = (): void => {
      const stepMs = Math.min(Math.max(restMs, 0), LONGEST_TIMEOUT_MS);
      restMs -= stepMs;
      timer = setTimeout(() => (restMs > 0 ? wait() : action()), stepMs);
    };
    wait();
    return () => {
      clearTimeout(timer);
    };
  },
};

/** A clock that moves only when a test moves it. */
export class ManualClock implements Clock {
  #now: number;
  #waiting: { dueAt: number; action: () => void }[] = [];

  constructor(now = Date.parse("2026-01-01T00:00:00Z")) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  after(delayMs: number, action: () => void): () => void {
    const entry = { dueAt: this.#now + Math.max(0, delayMs), action };
    this.#waiting.push(entry);
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== entry);
    };
  }

  /** Moves time on, calling what falls due on the way, in order of its due time. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (;;) {
      const next = this.#waiting
        .filter((entry) => entry.dueAt <= until)
        .sort((a, b) => a.dueAt - b.dueAt)[0];
      if (!next) break;
      this.#waiting = this.#waiting.filter((entry) => entry !== next);
      this.#now = Math.max(this.#now, next.dueAt);
      next.action();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#now = until;
  }
}
