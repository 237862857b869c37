/** What is found of the inputs: rows of the tables by delta-rs, rows of the API by its own answers. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { venvPython } from "../../../scripts/setup/paths.mjs";
import {
  booleanCell,
  doubleCell,
  integerCell,
  NULL,
  textCell,
  type Cell,
  type Cells,
} from "./oracle/cells.ts";

/** A row as `readTables.py` prints it. */
export type Row = Readonly<Record<string, unknown>>;

const LARGEST_ANSWER_BYTES = 1024 ** 3;

export function readTables(
  stateDir: string,
  names: readonly string[],
): Readonly<Record<string, readonly Row[]>> {
  const program = join(import.meta.dirname, "readTables.py");
  const output = execFileSync(
    venvPython,
    [program, join(stateDir, "warehouse"), ...names],
    { encoding: "utf8", maxBuffer: LARGEST_ANSWER_BYTES },
  );
  return JSON.parse(output) as Readonly<Record<string, readonly Row[]>>;
}

/** The columns of a row that are no columns of Assay's own. */
export const cellsOfRow = (row: Row): Cells =>
  Object.fromEntries(
    Object.entries(row)
      .filter(([name]) => !name.startsWith("_"))
      .map(([name, value]) => [name, cellOfValue(value)]),
  );

function cellOfValue(value: unknown): Cell {
  if (value === null || value === undefined) return NULL;
  if (typeof value === "string") return textCell(value);
  if (typeof value === "boolean") return booleanCell(value);
  if (typeof value === "number") return doubleCell(value);
  const digits = integerIn(value);
  return digits === undefined ? JSON.stringify(value) : integerCell(digits);
}

const integerIn = (value: unknown): string | undefined =>
  (value as { readonly integer?: string } | null)?.integer;

export const textOf = (row: Row, column: string): string => {
  const value = row[column];
  return typeof value === "string" ? value : "";
};

export const numberOf = (row: Row, column: string): number =>
  Number(integerIn(row[column]) ?? 0);

export const bytesOf = (row: Row, column: string): Buffer | undefined => {
  const bytes = (row[column] as { readonly bytes?: string } | null)?.bytes;
  return bytes === undefined ? undefined : Buffer.from(bytes, "base64");
};

/** A row of a log. */
export interface Judged {
  readonly batch: number;
  readonly verdict: string;
  readonly reason: string;
  readonly problems: readonly {
    readonly path: string;
    readonly problem: string;
  }[];
  /** Of an event its partition, of a file's row the file's name. */
  readonly partition: string;
  readonly sequence: number;
  /** 0 where the source does not split. */
  readonly item: number;
  readonly body: Buffer | undefined;
}

/** A file without rows leaves a mark in the log, which is no row. */
export const judgedOf = (rows: readonly Row[]): Judged[] =>
  rows
    .filter((row) => textOf(row, "_verdict") !== "empty")
    .map((row) => ({
      batch: numberOf(row, "_batch"),
      verdict: textOf(row, "_verdict"),
      reason: textOf(row, "_reason"),
      problems: (row["_problems"] ?? []) as Judged["problems"],
      partition: textOf(row, "_partition"),
      sequence: numberOf(row, "_sequence"),
      item: numberOf(row, "_item"),
      body: bytesOf(row, "_body"),
    }));
