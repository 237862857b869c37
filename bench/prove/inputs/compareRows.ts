/** Rows as they were found against what was wanted of them. Each difference is a sentence. */
import type { Judged, Row } from "./readTables.ts";
import type { Inputs } from "./inputs.ts";
import type { Cells } from "./oracle/cells.ts";
import type { Served } from "./served.ts";
import type { Tally } from "./tally.ts";
import type { Wanted } from "./vectors.ts";

/** The rows of a table of silver. */
export type RowsOf = (table: string) => readonly Row[];

/** Holds answers of the API against silver. */
export type Judge = (
  tally: Tally,
  served: Served,
  rows: RowsOf,
  inputs: Inputs,
) => Promise<void>;

const SHOWN = 90;
export const short = (text: string): string =>
  text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;

/** What became of a row of the log, and of silver's row of the same place. */
export function judgeRow(
  wanted: Wanted,
  judged: Judged | undefined,
  silver: Cells | undefined,
): string[] {
  if (judged === undefined) return ["the log has no row of it"];
  const { verdict, reason } = judged;
  if ("repeated" in wanted)
    return verdict === "duplicate" && reason === "x-key" && !silver
      ? []
      : [`it is ${verdict} (${reason}), and not a duplicate`];
  if ("refused" in wanted)
    return wanted.refused.test(reason)
      ? judgeRefusal(judged, silver, wanted.place)
      : [
          `it is ${verdict} (${short(reason)}), and not refused for ${short(wanted.refused.source)}`,
        ];
  if ("either" in wanted)
    return verdict === "quarantined"
      ? judgeRefusal(judged, silver)
      : compareCells(wanted.either, silver);
  const expected = wanted.isLate === true ? "late" : "accepted";
  return verdict === expected
    ? compareCells(wanted.accepted, silver)
    : [`it is ${verdict} (${short(reason)}), and not ${expected}`];
}

/** A refusal has a place and a reason, and nothing of it is in silver. */
export function judgeRefusal(
  { verdict, reason, problems }: Judged,
  silver?: Cells,
  place?: string,
): string[] {
  const [first] = problems;
  return [
    ...(verdict === "quarantined"
      ? []
      : [`it is ${verdict}, and not quarantined`]),
    ...(silver === undefined ? [] : ["silver has it all the same"]),
    ...(first !== undefined &&
    reason === `${first.path}: ${first.problem}` &&
    problems.every(({ path, problem }) => path !== "" && problem !== "")
      ? []
      : ["its problems do not say where and what"]),
    ...(place === undefined || first === undefined || first.path === place
      ? []
      : [`the place of its problem is ${first.path}, and not ${place}`]),
  ];
}

export function compareCells(
  wanted: Cells,
  found: Cells | undefined,
): string[] {
  if (found === undefined) return ["silver has no row of it"];
  return Object.entries(wanted)
    .filter(([column, cell]) => found[column] !== cell)
    .map(
      ([column, cell]) =>
        `${column} is ${short(found[column] ?? "nothing")}, and not ${short(cell)}`,
    );
}

/** @param found a row of the API, or the status without one */
export const compareAnswer = (
  wanted: Cells,
  found: Cells | number,
): string[] =>
  typeof found === "number"
    ? [`the API answers ${found}`]
    : compareCells(wanted, found);

/** Two lists of rows that have to be the same, in any order. */
export function compareRows(
  what: string,
  wanted: readonly Cells[],
  found: readonly Cells[],
): string[] {
  const left = new Map<string, number>();
  const textOfRow = (row: Cells): string =>
    JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));
  for (const row of found)
    left.set(textOfRow(row), (left.get(textOfRow(row)) ?? 0) + 1);
  const missing = wanted.filter((row) => {
    const text = textOfRow(row);
    const count = left.get(text) ?? 0;
    left.set(text, count - 1);
    return count <= 0;
  });
  const extra = [...left]
    .filter(([, count]) => count > 0)
    .map(([text]) => text);
  return [
    ...missing.map((row) => `${what} lacks ${short(textOfRow(row))}`),
    ...extra.map((text) => `${what} has too much: ${short(text)}`),
  ];
}
