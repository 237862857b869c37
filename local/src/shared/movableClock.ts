import { existsSync, readFileSync, watch } from "node:fs";
import { basename, dirname } from "node:path";
import { systemClock, type Clock } from "./clock.ts";

interface Waiting {
  readonly dueAt: number;
  readonly action: () => void;
  cancel: () => void;
}

/** The real `Date`: after `moveDate` the global one is another. */
const RealDate = Date;
const realNow = RealDate.now;

/** Real time, moved on by an offset. What falls due by a move is called at once, in order of its due time. */
export class MovableClock implements Clock {
  #offsetMs = 0;
  readonly #waiting = new Set<Waiting>();

  now(): number {
    return realNow() + this.#offsetMs;
  }

  after(delayMs: number, action: () => void): () => void {
    const entry: Waiting = {
      dueAt: this.now() + Math.max(0, delayMs),
      action,
      cancel: () => undefined,
    };
    this.#waiting.add(entry);
    this.#arm(entry);
    return () => {
      entry.cancel();
      this.#waiting.delete(entry);
    };
  }

  /** Time never goes back: a smaller offset is not taken. */
  moveTo(offsetMs: number): void {
    if (!(offsetMs > this.#offsetMs)) return;
    this.#offsetMs = offsetMs;
    const inOrder = [...this.#waiting].sort((a, b) => a.dueAt - b.dueAt);
    for (const entry of inOrder) {
      entry.cancel();
      this.#arm(entry);
    }
  }

  #arm(entry: Waiting): void {
    entry.cancel = systemClock.after(entry.dueAt - this.now(), () => {
      this.#waiting.delete(entry);
      entry.action();
    });
  }
}

/** A `Date` whose present is the clock's. */
export const dateOf = (clock: Clock): DateConstructor =>
  new Proxy(RealDate, {
    construct: (target, given: unknown[], made) =>
      Reflect.construct(
        target,
        given.length === 0 ? [clock.now()] : given,
        made,
      ) as Date,
    apply: () => new RealDate(clock.now()).toString(),
    get: (target, name): unknown =>
      name === "now" ? () => clock.now() : Reflect.get(target, name),
  });

/** From here on all code of this process, the app's as well, sees the clock's time. Its timers stay real. */
export function moveDate(clock: Clock): void {
  globalThis.Date = dateOf(clock);
}

/**
 * A clock whose offset, in ms, lies in a file, so that all processes of a platform move together. It must be
 * replaced whole, by renaming.
 */
export function clockOfFile(path: string): MovableClock {
  const clock = new MovableClock();
  const read = (): void => clock.moveTo(Number(readFileSync(path, "utf8")));
  read();
  const name = basename(path);
  watch(dirname(path), { persistent: false }, (_event, changed) => {
    // The state is removed while its last process still ends.
    if (changed === name && existsSync(path)) read();
  });
  return clock;
}
