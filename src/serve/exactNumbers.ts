declare global {
  interface JSON {
    /** Since Node 22: an object that is printed as the text itself. TypeScript's library does not know it yet. */
    rawJSON(text: string): object;
  }
}

type Row = Readonly<Record<string, unknown>>;

/**
 * The row as its caller gets it: a column whose digits a double cannot hold is printed as it came from Spark. Cosmos
 * DB keeps numbers as doubles, so a document carries these digits as text beside its value.
 */
export function withExactNumbers(
  value: Row | null,
  exact: Readonly<Record<string, string>>,
): Row | null {
  const columns = Object.entries(exact);
  if (value === null || columns.length === 0) return value;
  const digits = columns.map(
    ([column, text]) => [column, JSON.rawJSON(text)] as const,
  );
  return { ...value, ...Object.fromEntries(digits) };
}
