import { readFileSync } from "node:fs";
import { AssayError, errorTable } from "../../src/errors.ts";

test("docs/errors.md is the table of errors", () => {
  const rows = Object.entries(errorTable).map(
    ([code, entry]) =>
      `| \`${code}\` | ${entry.fault} | ${entry.retryable ? "yes" : "no"} | ${"status" in entry ? entry.status : ""} | ${entry.whatToDo} |`,
  );
  const page = readFileSync("docs/errors.md", "utf8");
  const written = page
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.replace(/ +\|/g, " |").replace(/\| +/g, "| "));
  expect(written).toEqual(
    rows.map((row) => row.replace(/ +\|/g, " |").replace(/\| +/g, "| ")),
  );
});

test("an error says whose fault it is, its status, and what to do", () => {
  expect(new AssayError("KEY_WRONG", "The key has 2 parts.")).toMatchObject({
    message: "KEY_WRONG: The key has 2 parts.",
    fault: "input",
    status: 400,
    whatToDo: errorTable.KEY_WRONG.whatToDo,
  });
});
