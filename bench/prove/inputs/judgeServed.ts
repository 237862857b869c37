/** What the API answers, against silver: gold takes its rows as they are. */
import { cellsOfRow, numberOf, textOf, type Row } from "./readTables.ts";
import type { Inputs } from "./inputs.ts";
import { judgeNotes, judgeKeys } from "./judgeDocuments.ts";
import {
  compareAnswer,
  compareRows,
  type Judge,
  type RowsOf,
} from "./compareRows.ts";
import { integerCell, textCell, type Cells } from "./oracle/cells.ts";
import { microsecondsOf } from "./oracle/instants.ts";
import type { Served } from "./served.ts";
import type { Tally } from "./tally.ts";

export const judgeServed = async (
  tally: Tally,
  served: Served,
  pipeline: string,
  rows: RowsOf,
  inputs: Inputs,
): Promise<void> => {
  const ofPipeline = judges[pipeline];
  if (ofPipeline === undefined)
    tally.fail(`Nothing judges the answers of ${pipeline}.`);
  for (const judge of ofPipeline ?? [])
    await judge(tally, served, rows, inputs);
};

const placeOf = (row: Row, names: Readonly<Record<string, string>>): Cells =>
  Object.fromEntries(
    Object.entries(names).map(([name, column]) => [
      name,
      typeof row[column] === "string"
        ? textCell(textOf(row, column))
        : integerCell(String(numberOf(row, column))),
    ]),
  );

const failAll = (tally: Tally, failures: readonly string[]): void => {
  for (const failure of failures) tally.fail(`${failure}.`);
};

const TEXT = textCell("");

/** The event's time against the text that it was read from, where the table has both. */
export const compareInstants = (found: readonly Cells[]): string[] =>
  found.flatMap(({ event_at: told, at: written }) => {
    if (told === undefined || written?.startsWith(TEXT) !== true) return [];
    const [wanted, got] = [written, told].map((cell) =>
      microsecondsOf(cell.slice(TEXT.length)),
    );
    return wanted !== undefined && wanted === got
      ? []
      : [`The API's event_at is ${told}, for ${written}`];
  });

/** All rows of a partition are those of silver, under the names that gold gives to their places. */
const partition =
  (
    pipeline: string,
    table: string,
    source: string,
    first: string,
    place: Readonly<Record<string, string>>,
    more: Cells = {},
  ): Judge =>
  async (tally, served, rows) => {
    const found = await served.partition(pipeline, table, first, [
      "x",
      "price",
    ]);
    const wanted = rows(source).map((row) => ({
      ...placeOf(row, place),
      ...more,
      ...cellsOfRow(row),
    }));
    failAll(tally, compareInstants(found));
    const shown = found.map((row) =>
      Object.fromEntries(
        Object.entries(row).filter(([name]) => name !== "event_at"),
      ),
    );
    failAll(
      tally,
      compareRows(`The API's ${table} of ${first}`, wanted, shown),
    );
  };

const AT_POSITION = { partition: "_partition", sequence: "_sequence" };
const IN_SPLIT = { sequence: "_sequence", item: "_item" };
const IN_FILE = { file: "_partition", row: "_sequence" };
const IN_BOTH = { place: "_partition", row: "_sequence" };

/** Tables that several sources share: the first column of the key names the source. */
const shared = (
  pipeline: string,
  table: string,
  place: Readonly<Record<string, string>>,
  sources: readonly string[],
): Judge[] =>
  sources.map((source) =>
    partition(pipeline, table, source, source, place, {
      source: textCell(source),
    }),
  );

const pictures: Judge = async (tally, served, rows) => {
  for (const row of rows("pictures")) {
    const name = textOf(row, "name");
    const found = await served.row("formats", "pictures", [name], "query");
    const { path, ...wanted } = cellsOfRow(row);
    if (path === undefined) tally.fail("A picture has no path.");
    for (const failure of compareAnswer(wanted, found))
      tally.fail(`The picture ${name}: ${failure}.`);
  }
};

const DECLARED = ["german", "bare", "wide", "avro", "parquet"];

const judges: Readonly<Record<string, readonly Judge[]>> = {
  usual: [
    partition("usual", "readings", "readings", "0", AT_POSITION),
    ...shared("usual", "rows", IN_FILE, ["plain", "list", "lines"]),
  ],
  oddities: [
    ...shared("oddities", "names", IN_BOTH, ["names", "named"]),
    ...shared("oddities", "items", IN_SPLIT, ["arrays", "records"]),
    ...[judgeKeys, judgeNotes],
  ],
  formats: [...shared("formats", "rows", IN_FILE, DECLARED), pictures],
};
