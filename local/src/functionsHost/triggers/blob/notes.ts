import { inTransaction } from "../../../shared/transaction.ts";
import type { Store } from "../../hostDatabase.ts";

/** A blob that a function is to be called with, noted before its event is acknowledged. */
export interface Note {
  readonly id: number;
  readonly function: string;
  /** Container and path. */
  readonly path: string;
  readonly etag: string;
  readonly attempts: number;
}

interface Notes {
  add(notes: readonly Omit<Note, "id" | "attempts">[], now: number): void;
  /** Of those whose time has come, the ones that wait longest. */
  due(now: number, most: number): readonly Note[];
  /** When the next one is due, of those that are not yet. */
  nextDue(now: number): number | undefined;
  /** Written before an attempt is made: one that ends the process counts as well. */
  plan(id: number, attempts: number, due: number): void;
  remove(id: number): void;
}

export function notes(store: Store): Notes {
  const insert = store.prepare(
    "INSERT INTO blob (function, path, etag, due) VALUES (?, ?, ?, ?)",
  );
  const due = store.prepare(
    "SELECT id, function, path, etag, attempts FROM blob WHERE due <= ? ORDER BY due, id LIMIT ?",
  );
  const next = store.prepare("SELECT min(due) AS due FROM blob WHERE due > ?");
  const plan = store.prepare(
    "UPDATE blob SET attempts = ?, due = ? WHERE id = ?",
  );
  const remove = store.prepare("DELETE FROM blob WHERE id = ?");
  return {
    add(added, now) {
      inTransaction(store, () => {
        for (const note of added)
          insert.run(note.function, note.path, note.etag, now);
      });
    },
    due: (now, most) => due.all(now, most) as unknown as Note[],
    nextDue: (now) =>
      (next.get(now) as { due: number | null }).due ?? undefined,
    plan: (id, attempts, at) => {
      plan.run(attempts, at, id);
    },
    remove: (id) => {
      remove.run(id);
    },
  };
}
