import { readFileSync, readdirSync } from "node:fs";

/** USER_HZ is 100 on every Linux that Node runs on (proc(5), time fields of /proc/pid/stat). */
const TICKS_PER_SECOND = 100;

export interface ProcessTimes {
  readonly pid: number;
  readonly parent: number;
  /** User and system time of its own and of the children it has waited for. */
  readonly seconds: number;
}

/** Reads `/proc/<pid>/stat`. The command's name may hold spaces and brackets: fields begin after the last. */
export function parseStat(text: string): ProcessTimes {
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const field = (number: number): number => Number(fields[number - 3]);
  const ticks = field(14) + field(15) + field(16) + field(17);
  return {
    pid: Number.parseInt(text, 10),
    parent: field(4),
    seconds: ticks / TICKS_PER_SECOND,
  };
}

/** CPU-seconds of the trees below these processes, themselves included. */
export function cpuSecondsOf(
  processes: readonly ProcessTimes[],
  roots: readonly number[],
): number {
  const inTree = new Set(roots);
  // Parents may stand after their children in the list.
  for (let size = 0; size !== inTree.size;) {
    size = inTree.size;
    for (const { pid, parent } of processes)
      if (inTree.has(parent)) inTree.add(pid);
  }
  return processes
    .filter(({ pid }) => inTree.has(pid))
    .reduce((sum, { seconds }) => sum + seconds, 0);
}

/** CPU-seconds used so far by the trees of running processes. Linux only. */
export const cpuSeconds = (...roots: readonly number[]): number =>
  cpuSecondsOf(runningProcesses(), roots);

function runningProcesses(): ProcessTimes[] {
  const found: ProcessTimes[] = [];
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      found.push(parseStat(readFileSync(`/proc/${name}/stat`, "utf8")));
    } catch {
      // It ended between the listing and the reading.
    }
  }
  return found;
}
