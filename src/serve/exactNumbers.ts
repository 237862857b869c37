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
  exact: Readonly<Record<string, string>> | undefined,
): Row | null {
  if (value === null || exact === undefined) return value;
  return {
    ...value,
    ...Object.fromEntries(
      Object.entries(exact).map(([column, digits]) => [
        column,
        JSON.rawJSON(digits),
      ]),
    ),
  };
}
