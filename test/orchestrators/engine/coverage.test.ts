import { readFileSync } from "node:fs";
import actionTypes from "durable-functions/lib/src/actions/ActionType.js";
import { readAnswer } from "../../../local/src/functionsHost/durable/actions.ts";
import { operations } from "../../../local/src/functionsHost/durable/operations.ts";

const page = readFileSync(
  new URL(
    "../../../local/src/functionsHost/durable/COVERAGE.md",
    import.meta.url,
  ),
  "utf8",
);
const rowsOf = (heading: string): string[][] =>
  (page.split("\n## ").find((section) => section.startsWith(heading)) ?? "")
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(2)
    .map((line) =>
      line
        .split("|")
        .slice(1, 3)
        .map((cell) => cell.trim()),
    );

test("the page lists every operation of the management API", () => {
  const listed = rowsOf("The management API").map(([name]) => name);
  expect(listed).toEqual([...new Set(operations.map(({ name }) => name))]);
});

test("the page lists every action of the SDK, and those it says no to are refused", () => {
  const listed = new Map(
    rowsOf("What an orchestration can ask for").map(([name = "", covered]) => [
      name,
      covered,
    ]),
  );
  for (const [name, number] of Object.entries(actionTypes.ActionType).filter(
    ([name]) => Number.isNaN(Number(name)),
  ))
    expect(listed.keys()).toContain(`${number} ${name}`);
  for (const [name, covered] of listed) {
    const action = { actionType: Number(name.split(" ")[0]) };
    const read = () =>
      readAnswer("any", {
        ok: true,
        returnValue: { isDone: false, schemaVersion: 2, actions: [[action]] },
      });
    if (covered === "no")
      expect(read).toThrow(/not supported by the local engine/);
    else expect(() => attempt(read)).not.toThrow(/not supported/);
  }
});

function attempt(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (/not supported/.test(String(error))) throw error;
  }
}
