/** How a process that npm has started sees that whoever started it is gone. */
import { readFileSync } from "node:fs";

const POLL_MS = 500;

/**
 * Calls back once when the parent dies, however it dies: this process is given to another one. npm runs a script in a
 * shell that outlives it: there, the shell's own parent counts as well.
 * @param {() => void} stop
 */
export function whenParentDies(stop) {
  const parent = process.ppid;
  const runByNpm = process.env.npm_lifecycle_event !== undefined;
  const grandparent = runByNpm ? parentOf(parent) : undefined;
  const watch = setInterval(() => {
    const isThere =
      process.ppid === parent &&
      (grandparent === undefined || parentOf(parent) === grandparent);
    if (isThere) return;
    clearInterval(watch);
    stop();
  }, POLL_MS);
  watch.unref();
}

/**
 * By Linux's process table. The shells of other systems become the one command that they are given, so there npm is
 * the parent.
 */
function parentOf(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return /^PPid:\s*(\d+)/m.exec(status)?.[1];
  } catch {
    return undefined;
  }
}
