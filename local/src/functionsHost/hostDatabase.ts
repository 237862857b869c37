import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** What the host must find again after a restart: checkpoints, timers, blobs to be handled. */
export type Store = DatabaseSync;

export function openStore(stateDir: string): Store {
  const dir = join(stateDir, "functions");
  mkdirSync(dir, { recursive: true });
  const store = new DatabaseSync(join(dir, "host.db"));
  // A write is in the operating system's hands before it is acknowledged: a killed process loses nothing.
  // A machine that loses power may lose the last writes, which at-least-once delivery repairs.
  store.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = OFF;
    CREATE TABLE IF NOT EXISTS checkpoint (
      stream TEXT PRIMARY KEY, sequence_number INTEGER NOT NULL, offset TEXT NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS timer (
      function TEXT PRIMARY KEY, last INTEGER NOT NULL, next INTEGER NOT NULL, updated INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS blob (
      id INTEGER PRIMARY KEY, function TEXT NOT NULL, path TEXT NOT NULL, etag TEXT NOT NULL,
      attempts INTEGER NOT NULL DEFAULT 0, due INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX IF NOT EXISTS blobByDue ON blob (due, id);
  `);
  return store;
}
