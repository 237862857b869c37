import { readFileSync } from "node:fs";

/** Operation -> yes, partly or no, of the table below a heading (or of the only one) of a COVERAGE.md. */
export function coverageOf(
  path: string,
  heading = "",
): ReadonlyMap<string, string> {
  const text = readFileSync(path, "utf8");
  const section =
    heading === ""
      ? text
      : (text.split(/^## /m).find((part) => part.startsWith(heading)) ?? "");
  const rows = section
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .slice(2)
    .map((line) => line.split("|").map((cell) => cell.trim()));
  return new Map(rows.map(([, name = "", covered = ""]) => [name, covered]));
}
