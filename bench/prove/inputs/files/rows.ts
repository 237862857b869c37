/** Rows of files as the proof writes them, and the cells that they have to become. */
import {
  booleanCell,
  doubleCell,
  integerCell,
  NULL,
  textCell,
  type Cells,
} from "../oracle/cells.ts";
import type { Wanted, WantedFile } from "../vectors.ts";

/** Of the contract `row`. What is absent is null in silver. */
export interface FileRow {
  readonly id: string;
  readonly name?: string;
  readonly qty?: bigint;
  readonly price?: number;
  readonly ok?: boolean;
  readonly at?: string;
}

export const cellsOf = ({ id, name, qty, price, ok, at }: FileRow): Cells => ({
  id: textCell(id),
  name: name === undefined ? NULL : textCell(name),
  qty: qty === undefined ? NULL : integerCell(qty),
  price: price === undefined ? NULL : doubleCell(price),
  ok: ok === undefined ? NULL : booleanCell(ok),
  at: at === undefined ? NULL : textCell(at),
});

/** A row that is taken, or the reason why it is not. */
export const wantedRows = (
  ...rows: readonly (FileRow | RegExp)[]
): WantedFile => ({
  rows: rows.map((row): Wanted =>
    row instanceof RegExp ? { refused: row } : { accepted: cellsOf(row) },
  ),
});

export const refusedFile = (reason: RegExp): WantedFile => ({
  refused: reason,
});

export const anna: FileRow = { id: "1", name: "Anna" };
export const bert: FileRow = { id: "2", name: "Bert" };
