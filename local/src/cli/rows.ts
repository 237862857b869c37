/** A column is not shortened below this, nor below its name: less tells nothing. */
const NARROWEST = 8;
const GAP = "  ";

type Cells = readonly (string | null)[];

/**
 * Rows as a table of plain text that fits the width: the widest columns are shortened first. Where even that is too
 * wide, every row is a list of its own.
 */
export function renderRows(
  columns: readonly string[],
  rows: readonly Cells[],
  width = Infinity,
): string {
  const cells = rows.map((row) => row.map((cell) => visible(cell ?? "null")));
  const natural = columns.map((column, index) =>
    Math.max(column.length, ...cells.map((row) => row[index]?.length ?? 0)),
  );
  const widths = fitted(columns, natural, width);
  const lines =
    widths === undefined
      ? asLists(columns, cells, width)
      : asTable(columns, cells, widths);
  const count = `(${rows.length} ${rows.length === 1 ? "row" : "rows"})`;
  return [...lines, count].join("\n");
}

/** What is in an event may hold line breaks, or move the cursor of a terminal. */
export const visible = (text: string): string =>
  text.replace(/\p{Cc}/gu, (character) =>
    JSON.stringify(character).slice(1, -1).replace("\u007f", "\\u007f"),
  );

export const shortened = (text: string, width: number): string =>
  text.length > width ? `${text.slice(0, width - 1)}…` : text;

/** Undefined where no column can be shortened any more. */
function fitted(
  columns: readonly string[],
  natural: readonly number[],
  width: number,
): number[] | undefined {
  const widths = [...natural];
  const gaps = GAP.length * (widths.length - 1);
  for (;;) {
    const tooMany = widths.reduce((a, b) => a + b, gaps) - width;
    if (tooMany <= 0) return widths;
    const room = widths.map(
      (at, index) => at > Math.max(NARROWEST, columns[index]?.length ?? 0),
    );
    const widest = Math.max(0, ...widths.filter((_, index) => room[index]));
    const index = widths.findIndex((at, one) => at === widest && room[one]);
    if (index < 0) return undefined;
    widths[index] = widest - 1;
  }
}

function asTable(
  columns: readonly string[],
  cells: readonly (readonly string[])[],
  widths: readonly number[],
): string[] {
  const areNumbers = columns.map((_, index) =>
    cells.every((row) => /^(null|-?\d[\d.eE+-]*)$/.test(row[index] ?? "")),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, index) => {
        const width = widths[index] ?? 0;
        const text = shortened(cell, width);
        return cells.length > 0 && areNumbers[index] === true
          ? text.padStart(width)
          : text.padEnd(width);
      })
      .join(GAP)
      .trimEnd();
  const rule = widths.map((width) => "-".repeat(width)).join(GAP);
  return [line(columns), rule, ...cells.map(line)];
}

function asLists(
  columns: readonly string[],
  cells: readonly (readonly string[])[],
  width: number,
): string[] {
  const most = Math.max(...columns.map((column) => column.length));
  const names = Math.min(most, Math.floor(width / 2));
  return cells.flatMap((row, at) => [
    ...(at === 0 ? [] : [""]),
    ...columns.map((column, index) =>
      shortened(
        `${shortened(column, names).padEnd(names)}${GAP}${row[index] ?? ""}`,
        width,
      ),
    ),
  ]);
}
