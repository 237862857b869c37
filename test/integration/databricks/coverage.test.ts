import { expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  operations,
  refused,
} from "../../../local/src/services/databricks/operations/index.ts";

const page = readFileSync(
  join(
    import.meta.dirname,
    "../../../local/src/services/databricks/COVERAGE.md",
  ),
  "utf8",
);
const rows = [...page.matchAll(/^\| `([^`]+)` \| (yes|partly|no) \|/gm)].map(
  ([, name = "", covered = ""]) => ({ name, covered }),
);

test("the table of coverage names every operation that is answered, and no other", () => {
  const answered = rows
    .filter((row) => row.covered !== "no")
    .map((row) => row.name);
  expect(answered.sort()).toEqual(operations.map((one) => one.name).sort());
});

test("the table of coverage says no to every operation that is refused", () => {
  const no = rows.filter((row) => row.covered === "no").map((row) => row.name);
  expect(no.sort()).toEqual(refused.map((one) => one.name).sort());
});
