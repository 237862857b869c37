import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

/** Resolves when the process has ended, at once where there is none or it has ended before. */
export async function endProcess(
  child: ChildProcess | undefined,
  signal: NodeJS.Signals,
): Promise<void> {
  if (child === undefined) return;
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "close");
  child.kill(signal);
  await ended;
}
