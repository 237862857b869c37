import type { Store } from "../../hostDatabase.ts";

/** How far a function has got in a partition. Kept across restarts. */
export interface Checkpoints {
  read(stream: string): number | undefined;
  write(stream: string, sequenceNumber: number, offset: string): void;
}

export function checkpoints(store: Store): Checkpoints {
  const select = store.prepare(
    "SELECT sequence_number FROM checkpoint WHERE stream = ?",
  );
  const upsert = store.prepare(
    "INSERT OR REPLACE INTO checkpoint (stream, sequence_number, offset) VALUES (?, ?, ?)",
  );
  return {
    read: (stream) =>
      (select.get(stream) as { sequence_number: number } | undefined)
        ?.sequence_number,
    write: (stream, sequenceNumber, offset) => {
      upsert.run(stream, sequenceNumber, offset);
    },
  };
}
