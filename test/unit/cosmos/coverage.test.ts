import { readFileSync } from "node:fs";
import {
  notEmulated,
  operations,
} from "../../../local/src/services/cosmos/operations/index.ts";

const page = readFileSync(
  new URL("../../../local/src/services/cosmos/COVERAGE.md", import.meta.url),
  "utf8",
);
const rows = [
  ...page.matchAll(/^\| (\w+) +\| (yes|partly|no) +\| (.*?) *\|$/gm),
];
const named = (...answers: string[]) =>
  rows
    .filter(([, , answer = ""]) => answers.includes(answer))
    .map(([, name]) => name)
    .sort();

test("the page lists every operation that the service has, and no other", () => {
  expect(named("yes", "partly")).toEqual(Object.keys(operations).sort());
});

test("the page lists everything that is refused by name", () => {
  expect(named("no")).toEqual(Object.keys(notEmulated).sort());
});

test("what is there only partly is explained", () => {
  for (const [, name, answer, note] of rows)
    if (answer === "partly") expect([name, note]).not.toEqual([name, ""]);
});
