/** The change set between two states of gold, as lines of parts. */
import { keyOf, type Cell, type Gold, type Row } from "./movements.ts";

export interface TableChanges {
  readonly rows: number;
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
  readonly refused: Readonly<Record<string, never>>;
  readonly lines: readonly string[];
}

export function changesOf(
  table: string,
  before: Gold | undefined,
  after: Gold,
): TableChanges {
  const old = before?.get(table) ?? new Map<string, Row>();
  const rows = after.get(table) ?? new Map<string, Row>();
  const upserts = [...rows].filter(
    ([key, row]) => valueOf(row) !== textOf(old.get(key)),
  );
  const deletes = [...old].filter(([key]) => !rows.has(key));
  const inserted = upserts.filter(([key]) => !old.has(key)).length;
  return {
    rows: rows.size,
    inserted,
    updated: upserts.length - inserted,
    deleted: deletes.length,
    refused: {},
    lines: [
      ...upserts.map(([key, row]) => upsertOf(table, row, !old.has(key))),
      ...deletes.map(([, row]) =>
        JSON.stringify({ op: "delete", key: keyOf(table, row) }),
      ),
    ],
  };
}

function upsertOf(table: string, row: Row, isNew: boolean): string {
  const exact = Object.entries(row).filter(
    ([, cell]) =>
      typeof cell === "bigint" && String(Number(cell)) !== `${cell}`,
  );
  return JSON.stringify({
    op: "upsert",
    key: keyOf(table, row),
    isNew,
    value: valueOf(row),
    ...(exact.length === 0
      ? {}
      : {
          exact: Object.fromEntries(
            exact.map(([column, cell]) => [column, String(cell)]),
          ),
        }),
  });
}

const textOf = (row: Row | undefined): string | undefined =>
  row === undefined ? undefined : valueOf(row);

/** JSON with all digits. */
const valueOf = (row: Row): string =>
  `{${Object.entries(row)
    .map(([column, cell]) => `${JSON.stringify(column)}:${jsonOf(cell)}`)
    .join(",")}}`;

const jsonOf = (cell: Cell): string =>
  typeof cell === "bigint" ? String(cell) : JSON.stringify(cell);
