import { withExactNumbers } from "../../../src/serve/exactNumbers.ts";

test("a column with digits of its own is printed as they are, in its place", () => {
  const value = { a: 1, n: 9007199254740992, z: "x" };
  expect(
    JSON.stringify(withExactNumbers(value, { n: "9007199254740993" })),
  ).toBe('{"a":1,"n":9007199254740993,"z":"x"}');
});

test("a row without such columns, and a deleted one, stay as they are", () => {
  const value = { a: 1 };
  expect(withExactNumbers(value, {})).toBe(value);
  expect(withExactNumbers(null, { a: "1" })).toBeNull();
});
