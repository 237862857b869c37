import fc from "fast-check";
import type {
  BinaryOperator,
  Expression,
} from "../../../local/src/services/cosmos/sql/ast.ts";
import { execute } from "../../../local/src/services/cosmos/sql/execute.ts";
import { functionNames } from "../../../local/src/services/cosmos/sql/functions/index.ts";
import { QueryError } from "../../../local/src/services/cosmos/sql/lexer.ts";
import { parse } from "../../../local/src/services/cosmos/sql/parser.ts";
import {
  canonical,
  compare,
  equals,
  type Json,
  type JsonObject,
  type Value,
} from "../../../local/src/services/cosmos/sql/values.ts";
import { print } from "./printer.ts";

const run = (
  query: string,
  documents: readonly JsonObject[] = [],
  parameters: Record<string, Value> = {},
): Json[] => [
  ...[
    ...execute(
      parse(query),
      documents.map((body, rank) => ({ rank, body: () => body })),
      new Map(Object.entries(parameters)),
      Date.parse("2026-01-02T03:04:05.678Z"),
    ),
  ].map(({ value }) => value),
];

/** The value of an expression; undefined where the query gives no row. */
const value = (
  expression: string,
  parameters: Record<string, Value> = {},
): Value => run(`SELECT VALUE ${expression}`, [], parameters)[0];

const json: fc.Arbitrary<Json> = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { depthSize: "small" },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
    fc.string(),
    fc.array(tie("json"), { maxLength: 3 }),
    fc.dictionary(fc.string(), tie("json"), { maxKeys: 3 }),
  ),
})).json;
const any: fc.Arbitrary<Value> = fc.oneof(fc.constant(undefined), json);

describe("three-valued logic", () => {
  const operand = fc.oneof(fc.constantFrom<Value>(true, false, undefined), any);

  test("De Morgan's laws hold, with undefined and with what is no boolean", () => {
    fc.assert(
      fc.property(operand, operand, (a, b) => {
        const given = { "@a": a, "@b": b };
        expect(value("NOT (@a AND @b)", given)).toBe(
          value("(NOT @a) OR (NOT @b)", given),
        );
        expect(value("NOT (@a OR @b)", given)).toBe(
          value("(NOT @a) AND (NOT @b)", given),
        );
      }),
    );
  });

  test("AND and OR do not depend on the order of their operands", () => {
    fc.assert(
      fc.property(operand, operand, (a, b) => {
        const given = { "@a": a, "@b": b };
        expect(value("@a AND @b", given)).toBe(value("@b AND @a", given));
        expect(value("@a OR @b", given)).toBe(value("@b OR @a", given));
      }),
    );
  });

  test.each([
    ["undefined AND false", false],
    ["undefined AND true", undefined],
    ["undefined OR true", true],
    ["undefined OR false", undefined],
    ["NOT undefined", undefined],
    ["1 AND true", undefined],
    ["null = null", true],
    ["null = undefined", undefined],
    ["1 = '1'", false],
    ["1 != null", true],
    ["1 < '2'", undefined],
    ["null < 1", undefined],
    ["[1] < [2]", undefined],
    ["false < true", true],
    ["{a: 1, b: 2} = {b: 2, a: 1}", true],
    ["[1, 2] = [2, 1]", false],
    ["undefined ?? null ?? 1", null],
    ["'b' BETWEEN 'a' AND 'c'", true],
    ["2 BETWEEN 1 AND 'c'", undefined],
    ["undefined IN (1, undefined)", undefined],
    ["2 NOT IN (1, 3)", true],
    ["1 / 0", undefined],
    ["'a' || 1", undefined],
    ["'a' || 'b' = 'ab'", true],
    ["1 + 2 * 3 = 7 AND NOT 1 = 2", true],
    ["1 | 2", 3],
    ["[1, undefined, 2]", [1, 2]],
    ["{a: undefined, b: {}}", { b: {} }],
    ["{'__proto__': 1}['__proto__']", 1],
    [
      "'a_c' LIKE 'a!_c' ESCAPE '!' AND NOT ('abc' LIKE 'a!_c' ESCAPE '!')",
      true,
    ],
    ["'b3' LIKE '[a-c]%' AND NOT ('b3' LIKE '[^a-c]%')", true],
  ])("%s is %p", (expression, expected) => {
    expect(value(expression)).toEqual(expected);
  });
});

describe("order", () => {
  test("compare is a total order that agrees with equality", () => {
    fc.assert(
      fc.property(any, any, any, (a, b, c) => {
        expect(Math.sign(compare(a, b))).toBe(-Math.sign(compare(b, a)) + 0);
        expect(compare(a, b) === 0).toBe(equals(a, b));
        expect(canonical(a) === canonical(b)).toBe(equals(a, b));
        if (compare(a, b) <= 0 && compare(b, c) <= 0)
          expect(compare(a, c)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 1000 },
    );
  });

  test("types are ordered: undefined, null, booleans, numbers, strings, arrays, objects", () => {
    const values: Json[] = [{}, [], "", 0, false, null];
    const documents = [...values.map((v) => ({ v })), {}];
    const sorted = run("SELECT c.v FROM c ORDER BY c.v", documents);
    expect(sorted).toEqual([{}, ...values.toReversed().map((v) => ({ v }))]);
  });

  test("ORDER BY gives the same rows, sorted, equal ones in the order of their documents", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ v: json, n: fc.nat() })), (items) => {
        const rows = run("SELECT * FROM c ORDER BY c.v DESC", items);
        const expected = items.toSorted((a, b) => compare(b.v, a.v));
        expect(rows).toEqual(expected);
      }),
    );
  });
});

describe("paging", () => {
  test("going on after any row gives the rest", () => {
    const item = fc.record({
      a: fc.integer({ min: 0, max: 3 }),
      list: fc.array(fc.nat(), { maxLength: 3 }),
    });
    const query = fc.constantFrom(
      "SELECT VALUE c FROM c",
      "SELECT VALUE [c.a, x] FROM c JOIN x IN c.list",
      "SELECT VALUE [c.a, x] FROM c JOIN x IN c.list ORDER BY c.a DESC",
      "SELECT VALUE c.a FROM c ORDER BY c.a",
    );
    fc.assert(
      fc.property(query, fc.array(item), (text, items) => {
        const documents = items.map((body, rank) => ({
          rank,
          body: () => body,
        }));
        const rows = [...execute(parse(text), documents, new Map(), 0)];
        rows.forEach(({ position }, i) => {
          const rest = [
            ...execute(parse(text), documents, new Map(), 0, position),
          ];
          expect(rest).toEqual(rows.slice(i + 1));
        });
      }),
    );
  });
});

describe("the parser", () => {
  const operators: BinaryOperator[] = [
    ..."?? OR AND = != < <= > >= | ^ & || + - * / %".split(" "),
  ] as BinaryOperator[];
  const expression: fc.Arbitrary<Expression> = fc.letrec<{ e: Expression }>(
    (tie) => {
      const e = tie("e");
      return {
        e: fc.oneof(
          { depthSize: "small", withCrossShrink: true },
          fc
            .oneof(
              fc.constant(undefined),
              fc.constant(null),
              fc.boolean(),
              fc.string(),
              fc.nat(),
              fc.double({ min: 0, max: 1e21, noNaN: true }),
            )
            .map((v): Expression => ({ kind: "literal", value: v })),
          fc.constant<Expression>({ kind: "name", name: "c" }),
          fc.constant<Expression>({ kind: "parameter", name: "@p" }),
          fc.record({
            kind: fc.constant("member" as const),
            of: fc.constant<Expression>({ kind: "name", name: "c" }),
            key: e,
          }),
          fc.record({
            kind: fc.constant("unary" as const),
            operator: fc.constantFrom(
              "NOT" as const,
              "-" as const,
              "~" as const,
            ),
            operand: e,
          }),
          fc.record({
            kind: fc.constant("binary" as const),
            operator: fc.constantFrom(...operators),
            left: e,
            right: e,
          }),
          fc.record({
            kind: fc.constant("conditional" as const),
            condition: e,
            then: e,
            otherwise: e,
          }),
          fc.record({
            kind: fc.constant("in" as const),
            operand: e,
            items: fc.array(e, { minLength: 1, maxLength: 2 }),
          }),
          fc.record({
            kind: fc.constant("between" as const),
            operand: e,
            low: e,
            high: e,
          }),
          fc.record({
            kind: fc.constant("like" as const),
            operand: e,
            pattern: e,
            escape: fc.constantFrom(undefined, "!"),
          }),
          fc.record({
            kind: fc.constant("array" as const),
            items: fc.array(e, { maxLength: 2 }),
          }),
          fc.record({
            kind: fc.constant("object" as const),
            properties: fc.array(fc.tuple(fc.string(), e), { maxLength: 2 }),
          }),
          fc.record({
            kind: fc.constant("call" as const),
            name: fc.constant("IS_DEFINED"),
            args: fc.tuple(e),
          }),
        ),
      };
    },
  ).e;

  test("what is printed is parsed back to the same", () => {
    fc.assert(
      fc.property(expression, (e) => {
        const { selection } = parse(`SELECT VALUE ${print(e)} FROM c`);
        expect(selection).toEqual({ kind: "value", expression: e });
      }),
    );
  });

  test("no text makes it fail otherwise than with a query error", () => {
    const words = fc.constantFrom(
      ..."SELECT VALUE * FROM c WHERE c.a = 1 ( ) [ ] { } 'x' @p AND NOT IN JOIN ORDER BY , : ? . \\ \" GROUP TOP".split(
        " ",
      ),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(words).map((w) => w.join(" ")),
        ),
        (text) => {
          try {
            parse(text);
          } catch (error) {
            expect(error).toBeInstanceOf(QueryError);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  test("comments and escapes are read", () => {
    expect(run("SELECT VALUE 'a\\'\\u0041\\n' -- a comment\n")).toEqual([
      "a'A\n",
    ]);
  });
});

describe("functions", () => {
  test("each gives a value or undefined for any arguments, and never throws", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...functionNames()),
        fc.array(any, { maxLength: 6 }),
        (name, args) => {
          const given = Object.fromEntries(
            args.map((arg, i) => [`@p${String(i)}`, arg]),
          );
          try {
            const result = value(
              `${name}(${Object.keys(given).join(",")})`,
              given,
            );
            if (result !== undefined) {
              const sent = JSON.parse(JSON.stringify(result)) as Json;
              expect(equals(sent, result)).toBe(true);
            }
          } catch (error) {
            expect(error).toBeInstanceOf(QueryError);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });

  test.each<[string, Value]>([
    ["CONCAT('a', 'b', 'c')", "abc"],
    ["SUBSTRING('hello', 1, 3)", "ell"],
    ["LEFT('hello', 2) || RIGHT('hello', 2)", "helo"],
    ["REPLACE('a-b-c', '-', '$&')", "a$&b$&c"],
    ["INDEX_OF('hello', 'l')", 2],
    ["CONTAINS('Hello', 'hell', true)", true],
    ["REGEXMATCH('Hello', '^h', 'i')", true],
    ["STRINGTONUMBER(' 1.5 ')", 1.5],
    ["STRINGTONUMBER('x')", undefined],
    ["TOSTRING({a: 1})", '{"a":1}'],
    ["ROUND(-2.5)", -3],
    ["POWER(2, 10)", 1024],
    ["LOG(8, 2)", 3],
    ["SQRT(-1)", undefined],
    ["ABS('x')", undefined],
    ["ARRAY_SLICE([1, 2, 3, 4], -2)", [3, 4]],
    ["ARRAY_SLICE([1, 2, 3, 4], 1, 2)", [2, 3]],
    ["ARRAY_CONTAINS([{a: 1, b: 2}], {a: 1}, true)", true],
    ["ARRAY_CONTAINS([{a: 1, b: 2}], {a: 1})", false],
    ["ARRAY_CONCAT([1], [2], [3])", [1, 2, 3]],
    ["SETUNION([1, 2], [2, 3])", [1, 2, 3]],
    ["OBJECTTOARRAY({a: 1})", [{ k: "a", v: 1 }]],
    ["IIF(undefined, 1, 2)", 2],
    ["IS_DEFINED(undefined)", false],
    ["IS_NULL(undefined)", false],
    ["IS_INTEGER(1.5)", false],
    ["GETCURRENTDATETIME()", "2026-01-02T03:04:05.6780000Z"],
    ["GETCURRENTTIMESTAMP()", Date.parse("2026-01-02T03:04:05.678Z")],
    [
      "DATETIMEADD('month', 1, '2026-01-15T00:00:00Z')",
      "2026-02-15T00:00:00.0000000Z",
    ],
    ["DATETIMEDIFF('day', '2026-01-01T23:00:00Z', '2026-01-02T01:00:00Z')", 1],
    ["DATETIMEPART('year', '2026-01-01')", 2026],
    ["DATETIMEFROMPARTS(2026, 2, 3)", "2026-02-03T00:00:00.0000000Z"],
  ])("%s is %p", (expression, expected) => {
    expect(value(expression)).toEqual(expected);
  });
});
