import fc from "fast-check";
import { bronzeNameOf, decodeName } from "../../../src/domain/names.ts";

test("a short name is kept but for what Spark passes over", () => {
  expect(bronzeNameOf("a_b.csv")).toBe("a_b.csv");
  expect(bronzeNameOf("_a_.csv")).toBe("~5Fa_.csv");
  expect(bronzeNameOf(".a.csv")).toBe("~2Ea.csv");
  expect(bronzeNameOf("a._COPYING_")).toBe("a._COPYING~5F");
  expect(bronzeNameOf("a._COPYING_.csv")).toBe("a._COPYING_.csv");
  expect(bronzeNameOf("a_COPYING_")).toBe("a_COPYING_");
});

test("a name of two hundred letters is whole, and a longer one keeps its beginning and its ending", () => {
  const name = (letters: number) => `${"a".repeat(letters - 7)}.csv.gz`;
  expect(bronzeNameOf(name(200))).toBe(name(200));
  expect(bronzeNameOf(name(201))).toBe(name(200));
  expect(bronzeNameOf(name(500))).toBe(name(200));
});

test("an ending has one or two parts of eight letters, and a name without one is cut", () => {
  const long = "a".repeat(300);
  expect(bronzeNameOf(long)).toBe("a".repeat(200));
  for (const ending of [".a", ".12345678", ".12345678.12345678"])
    expect(bronzeNameOf(`${long}${ending}`)).toBe(
      `${"a".repeat(200 - ending.length)}${ending}`,
    );
  expect(bronzeNameOf(`${long}.123456789`)).toBe("a".repeat(200));
  expect(bronzeNameOf(`${long}.x.y.z`)).toBe(`${"a".repeat(196)}.y.z`);
  expect(bronzeNameOf(`${long}.x/b`)).toBe("a".repeat(200));
});

test("a letter that is written as three is never cut", () => {
  const cut = (letters: number) =>
    bronzeNameOf(`${"a".repeat(letters)} ${"b".repeat(300)}`);
  expect(cut(199)).toBe("a".repeat(199));
  expect(cut(198)).toBe("a".repeat(198));
  expect(cut(197)).toBe(`${"a".repeat(197)}~20`);
});

test("whatever a drop is called, its name in bronze is short, safe and shown to Spark", () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, maxLength: 400, unit: "grapheme" }),
      (name) => {
        const bronze = bronzeNameOf(name);
        expect(bronze).toMatch(/^[A-Za-z0-9~-][A-Za-z0-9._~-]*$/);
        expect(bronze.length).toBeLessThanOrEqual(200);
        expect(bronze).not.toMatch(/\._COPYING_$/);
        if (bronze.length < 190) expect(decodeName(bronze)).toBe(name);
      },
    ),
  );
});
