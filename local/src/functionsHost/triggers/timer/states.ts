import type { Store } from "../../hostDatabase.ts";

/** The schedule status of a timer: instants in milliseconds, 0 for never. */
interface TimerState {
  readonly last: number;
  readonly next: number;
  readonly updated: number;
}

export interface TimerStates {
  read(functionName: string): TimerState | undefined;
  write(functionName: string, state: TimerState): void;
}

export function timerStates(store: Store): TimerStates {
  const select = store.prepare(
    "SELECT last, next, updated FROM timer WHERE function = ?",
  );
  const upsert = store.prepare(
    "INSERT OR REPLACE INTO timer (function, last, next, updated) VALUES (?, ?, ?, ?)",
  );
  return {
    read: (name) => select.get(name) as TimerState | undefined,
    write: (name, { last, next, updated }) => {
      upsert.run(name, last, next, updated);
    },
  };
}
