import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";

const MOST_BYTES = 16_384;
const WIDEST_LINE = 200;

/** The last lines of a log that may be large, each shortened: enough to see why its program ended. */
export function lastLines(path: string, count: number): string[] {
  if (!existsSync(path)) return [];
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const bytes = Buffer.alloc(Math.min(size, MOST_BYTES));
    readSync(file, bytes, 0, bytes.length, size - bytes.length);
    return bytes
      .toString()
      .split("\n")
      .filter((line) => line.trim() !== "")
      .slice(-count)
      .map((line) =>
        line.length > WIDEST_LINE ? `${line.slice(0, WIDEST_LINE - 1)}…` : line,
      );
  } finally {
    closeSync(file);
  }
}
