import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Thrown when another platform runs on the same state. */
export class StateInUse extends Error {
  constructor(stateDir: string, pid: string) {
    super(
      `Assay already runs on ${stateDir} (process ${pid}): stop it with Ctrl-C first.`,
    );
    this.name = "StateInUse";
  }
}

/** The names of the lock's own files: whoever empties a state leaves them. */
export const lockFiles: readonly string[] = ["platform.lock", "platform.pid"];

const SQLITE_BUSY = 5;

/**
 * One platform per state. The result gives the lock back. The system holds it, through SQLite, and frees it however
 * the process ends: an id in a file would belong to another program one day.
 */
export function lockState(stateDir: string): () => void {
  mkdirSync(stateDir, { recursive: true });
  const [lock = "", pid = ""] = lockFiles.map((name) => join(stateDir, name));
  const held = new DatabaseSync(lock);
  try {
    held.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    held.close();
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error;
    throw new StateInUse(stateDir, readFileSync(pid, "utf8"));
  }
  writeFileSync(pid, String(process.pid));
  return () => held.close();
}
