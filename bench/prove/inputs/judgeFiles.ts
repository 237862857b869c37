/** The files of one source: each with its rows in the log, or one row that says why it has none. */
import {
  cellsOfRow,
  judgedOf,
  numberOf,
  textOf,
  type Judged,
  type Row,
} from "./readTables.ts";
import { judgeRefusal, judgeRow } from "./compareRows.ts";
import type { Cells } from "./oracle/cells.ts";
import type { Tally } from "./tally.ts";
import type { FileVector } from "./vectors.ts";

/** What one round has left. */
interface FoundRows {
  readonly judged: ReadonlyMap<string, readonly Judged[]>;
  /** By name and row. */
  readonly silver: ReadonlyMap<string, Cells>;
  /** The names of which the log says that they hold no row. */
  readonly empty: ReadonlySet<string>;
}

/** @param lastOfFirst the last batch of the first round */
export function judgeFiles(
  tally: Tally,
  source: string,
  rounds: readonly (readonly FileVector[])[],
  lastOfFirst: number,
  tables: { readonly log: readonly Row[]; readonly silver: readonly Row[] },
): void {
  const rows = judgedOf(tables.log);
  const empty = new Set(
    tables.log
      .filter((row) => textOf(row, "_verdict") === "empty")
      .map((row) => textOf(row, "_partition")),
  );
  const replaced = new Set(
    (rounds[1] ?? []).filter(replaces).map(({ name }) => name),
  );
  for (const [round, files] of rounds.entries()) {
    const isOfRound = (batch: number): boolean =>
      batch > lastOfFirst === round > 0;
    const ofRound = rows.filter(({ batch }) => isOfRound(batch));
    const judged = Map.groupBy(ofRound, ({ partition }) => partition);
    const stands = tables.silver.filter((row) =>
      isOfRound(numberOf(row, "_batch")),
    );
    const silver = new Map(
      stands.map((row) => [
        placeOf(textOf(row, "_partition"), numberOf(row, "_sequence")),
        cellsOfRow(row),
      ]),
    );
    if (silver.size !== stands.length)
      tally.fail(`Silver's ${source} has a row of a file twice.`);
    const known = new Set(
      ofRound.map(({ partition, sequence }) => placeOf(partition, sequence)),
    );
    for (const place of silver.keys())
      if (!known.has(place))
        tally.fail(
          `Silver's ${source} has ${JSON.stringify(place)}, and its log does not.`,
        );
    const names = new Set(files.map(({ name }) => name));
    for (const name of judged.keys())
      if (!names.has(name))
        tally.fail(
          `The log of ${source} has the file ${JSON.stringify(name)} that nobody dropped.`,
        );
    for (const file of files) {
      const isGone = round === 0 && replaced.has(file.name);
      const found = { judged, silver, empty };
      const { failures, isRefused } = judgeFile(file, found, isGone);
      tally.count(file.kind, isRefused);
      for (const failure of failures)
        tally.fail(
          `${source}, ${file.kind} ${JSON.stringify(file.name.slice(0, 60))}: ${failure}.`,
        );
    }
  }
}

const placeOf = (name: string, row: number): string => `${name}\n${row}`;

/** What is refused, and what has no good row among others, replaces nothing. */
const replaces = ({ wanted }: FileVector): boolean =>
  "rows" in wanted &&
  (wanted.rows.length === 0 || wanted.rows.some((row) => "accepted" in row));

function judgeFile(
  { name, wanted }: FileVector,
  { judged, silver, empty }: FoundRows,
  isGone: boolean,
): { readonly failures: string[]; readonly isRefused: boolean } {
  const rows = [...(judged.get(name) ?? [])].sort(
    (a, b) => a.sequence - b.sequence,
  );
  const [first] = rows;
  const isRefused = rows.some(({ verdict }) => verdict === "quarantined");
  const silverOf = (sequence: number): Cells | undefined =>
    silver.get(placeOf(name, sequence));
  if ("left" in wanted)
    return {
      failures: rows.length === 0 ? [] : ["it is in the log"],
      isRefused: true,
    };
  if ("refused" in wanted) {
    const isAsWanted =
      rows.length === 1 &&
      first !== undefined &&
      wanted.refused.test(first.reason);
    const failures = isAsWanted
      ? judgeRefusal(first)
      : [`it is not refused for ${wanted.refused.source}: ${describe(rows)}`];
    return { failures, isRefused };
  }
  if (rows.length === 0 && !empty.has(name))
    return { failures: ["the log has nothing of it"], isRefused };
  if ("either" in wanted) {
    const failures = rows
      .filter(({ verdict }) => verdict === "quarantined")
      .flatMap((row) => judgeRefusal(row));
    return { failures, isRefused };
  }
  if (rows.length !== wanted.rows.length)
    return {
      failures: [`it has ${wanted.rows.length} rows: ${describe(rows)}`],
      isRefused,
    };
  const failures = wanted.rows.flatMap((row, at) => {
    const found = rows[at];
    if (found && found.sequence !== at + 1)
      return [`row ${at + 1} has the number ${found.sequence}`];
    if (isGone)
      return silverOf(at + 1) === undefined
        ? []
        : [`row ${at + 1}: silver has it, though another file has replaced it`];
    return judgeRow(row, found, silverOf(at + 1)).map(
      (text) => `row ${at + 1}: ${text}`,
    );
  });
  return { failures, isRefused };
}

const describe = (rows: readonly Judged[]): string => {
  const [first] = rows;
  if (first === undefined) return "the log has none of it";
  return `the log has ${rows.length} of it, the first is ${first.verdict} (${first.reason.slice(0, 120)})`;
};
