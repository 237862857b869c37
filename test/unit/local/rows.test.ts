import { renderAnswer } from "../../../local/src/cli/renderAnswer.ts";
import { renderRows } from "../../../local/src/cli/rows.ts";

const widest = (text: string): number =>
  Math.max(...text.split("\n").map((line) => line.length));

test("rows are a table, numbers to the right, nothing shortened without need", () => {
  expect(
    renderRows(
      ["city", "days"],
      [
        ["Reykjavík", "7"],
        ["Rome", null],
      ],
      80,
    ),
  ).toBe(
    [
      "city       days",
      "---------  ----",
      "Reykjavík     7",
      "Rome       null",
      "(2 rows)",
    ].join("\n"),
  );
});

test("the widest columns are shortened until the table fits", () => {
  const text = renderRows(
    ["a", "b", "c"],
    [["x".repeat(99), "short", "1"]],
    40,
  );
  expect(widest(text)).toBe(40);
  expect(text).toMatch(/x… {2}short {2}1$/m);
});

test("rows of more columns than fit are lists, one value a line", () => {
  const columns = Array.from({ length: 20 }, (_, at) => `column_${at}`);
  const text = renderRows(
    columns,
    [columns.map((name) => `${name} value`)],
    80,
  );
  expect(text).toContain("column_19  column_19 value\n");
  expect(widest(text)).toBeLessThanOrEqual(80);
});

test("a value can break no line and move no cursor", () => {
  const text = renderRows(["a"], [["one\ntwo\u001b[2J\u007f"]]);
  expect(text.split("\n")[2]).toBe("one\\ntwo\\u001b[2J\\u007f");
});

test("an answer is a table with its batch, a refusal a sentence", () => {
  const value = { airport: "ORD", name: "O'Hare ".repeat(30), flights: 14 };
  const one = renderAnswer("/a", 200, { value, asOf: { batch: 2 } }, 80);
  expect(one).toContain("GET /a, as of batch 2\n  airport");
  expect(widest(one)).toBe(80);
  const items = [{ value: { a: 1 } }, { value: { a: 2, b: null } }];
  const page = renderAnswer("/p", 200, { items, continuation: "c" }, 80);
  expect(page).toBe(
    [
      "GET /p",
      "  a     b",
      "  -  ----",
      "  1  null",
      "  2  null",
      "  … more, by its continuation",
    ].join("\n"),
  );
  expect(
    renderAnswer("/n", 404, { code: "NOT_FOUND", whatToDo: "Ask." }, 80),
  ).toBe("GET /n\n  404 NOT_FOUND: Ask.");
});
