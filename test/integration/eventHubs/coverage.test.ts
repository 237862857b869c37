import { readFileSync } from "node:fs";
import { operations } from "../../../local/src/services/eventHubs/operations/index.ts";

const table = new URL(
  "../../../local/src/services/eventHubs/COVERAGE.md",
  import.meta.url,
);

it("COVERAGE.md has a row for every operation, and says no for everything else", () => {
  const rows = readFileSync(table, "utf8").matchAll(
    /^\| `(\w+)` +\| (yes|partly|no) +\|/gm,
  );
  const said = new Map([...rows].map(([, name, answer]) => [name, answer]));
  const supported = [...said].flatMap(([name, answer]) =>
    answer === "no" ? [] : [name],
  );
  expect(supported.sort()).toEqual(Object.keys(operations).sort());
});
