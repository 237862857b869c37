import type { ProcessRecord } from "./records.ts";

/** How many activities publish a batch at most; each takes its share of the parts of the change sets. */
export const MAX_PUBLISH_WIDTH = 16;
/** Fewer changes than this are not worth an activity of their own. */
const ROWS_PER_SHARE = 5_000;

/** One file of a change set. */
export interface ChangePart {
  readonly table: string;
  readonly path: string;
  readonly rows: number;
}

export const changePartsOf = (process: ProcessRecord): ChangePart[] =>
  Object.entries(process.gold).flatMap(([table, { changes }]) =>
    changes.map(({ path, rows }) => ({ table, path, rows })),
  );

export function publishWidth(parts: readonly ChangePart[]): number {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  return Math.min(
    parts.length,
    MAX_PUBLISH_WIDTH,
    Math.ceil(rows / ROWS_PER_SHARE),
  );
}

/** The parts of share `share` of `width`: the largest first, each to the share with the least. */
export function shareOf(
  parts: readonly ChangePart[],
  share: number,
  width: number,
): ChangePart[] {
  const shares = Array.from({ length: width }, () => ({
    rows: 0,
    parts: [] as ChangePart[],
  }));
  for (const part of [...parts].sort(
    (a, b) => b.rows - a.rows || (a.path < b.path ? -1 : 1),
  )) {
    const least = shares.reduce((a, b) => (b.rows < a.rows ? b : a));
    least.rows += part.rows;
    least.parts.push(part);
  }
  return shares[share]?.parts ?? [];
}
