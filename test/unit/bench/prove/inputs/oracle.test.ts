import { createHash } from "node:crypto";
import { n, y } from "../../../../../bench/prove/inputs/bodies/syntax.ts";
import { inputsOf } from "../../../../../bench/prove/inputs/inputs.ts";
import { integerOf } from "../../../../../bench/prove/inputs/oracle/cells.ts";
import {
  hasHalfOfPair,
  hasPropertyTwice,
  parseExactly,
} from "../../../../../bench/prove/inputs/oracle/exactJson.ts";
import {
  isInstant,
  judgeBody,
  readBody,
} from "../../../../../bench/prove/inputs/oracle/judge.ts";
import { readContract } from "../../../../../bench/prove/inputs/oracle/readContract.ts";

const bytes = (text: string): Uint8Array => Buffer.from(text);

test("what stands in the class y is JSON, and what stands in n is none", () => {
  expect(y.filter((text) => "refused" in readBody(bytes(text)))).toEqual([]);
  expect(n.filter((text) => "value" in readBody(bytes(text)))).toEqual([]);
});

test.each([
  ["9007199254740993", 9007199254740993n],
  ["9007199254740993e0", 9007199254740993n],
  ["9.007199254740993e15", 9007199254740993n],
  ["-92233720368547758080e-1", -9223372036854775808n],
  ["9223372036854775808", "range"],
  ["1e99999999999", "range"],
  ["0e99999999999", 0n],
  ["-0.0", 0n],
  ["50e-1", 5n],
  ["55e-1", "fraction"],
  ["1e-99999999999", "fraction"],
])("the digits %s are the integer %s", (digits, integer) => {
  expect(integerOf(digits)).toBe(integer);
});

test("a property that is named twice is found wherever it is, and a text that looks so is not", () => {
  for (const text of [
    '{"a":1,"a":2}',
    '[{"b":{"a":1,"\\u0061":2}}]',
    '{"a":[{"a":1}],"a":2}',
  ])
    expect(hasPropertyTwice(text)).toBe(true);
  for (const text of [
    '{"a":{"a":1}}',
    '[{"a":1},{"a":1}]',
    '{"a":"\\"a\\":1,\\"a\\":2"}',
    '["a","a"]',
    '{"a":"a","b":"a"}',
  ])
    expect(hasPropertyTwice(text)).toBe(false);
});

test("half of a pair is found in texts and in names", () => {
  for (const text of ['{"a":["\\ud800"]}', '{"\\udc00":1}', '"\\ude00\\ud83d"'])
    expect(hasHalfOfPair(parseExactly(text))).toBe(true);
  expect(hasHalfOfPair(parseExactly('{"\\ud83d\\ude00":"😀"}'))).toBe(false);
});

test.each([
  ["2024-02-29T00:00:00Z", true],
  ["2023-02-29T00:00:00Z", false],
  ["1900-02-29T00:00:00Z", false],
  ["2000-02-29t00:00:00.5+23:59", true],
  ["0000-01-01T00:00:00Z", false],
  ["2026-03-01T24:00:00Z", false],
  ["2026-03-01T09:00:00", false],
])("%s is an instant: %s", (text, isOne) => {
  expect(isInstant(text)).toBe(isOne);
});

test("a body is judged by its contract, and the first rule that it breaks is told", () => {
  const columns = readContract("usual", "reading");
  expect(judgeBody(bytes('{"device":"d","n":5e0,"x":-0.0}'), columns)).toEqual({
    accepted: {
      ...{ device: "text d", n: "integer 5", x: "double 0" },
      ...{ ok: "null", at: "null", note: "null" },
    },
  });
  for (const [text, reason] of [
    ['{"n":"a"}', "device: required"],
    ['{"device":"d","n":"a","x":"b"}', "n: type integer"],
    ["[]", "body: not an object"],
    ['{"device":"d","device":"e"}', "body: a property twice"],
  ] as const) {
    const judgement = judgeBody(bytes(text), columns);
    expect("refused" in judgement && judgement.refused.test(reason)).toBe(true);
  }
});

/** Of megabytes, which no assertion shows. */
const digestOf = (value: unknown): string =>
  createHash("sha256").update(JSON.stringify(value)).digest("hex");

test("the same seed makes the same inputs, hundreds of them, each file by a name of its own", () => {
  const { first, second } = inputsOf(7, 2);
  expect(digestOf(inputsOf(7, 2).first.events)).toBe(digestOf(first.events));
  expect(digestOf(inputsOf(8, 2).first.events)).not.toBe(
    digestOf(first.events),
  );
  for (const { files } of [first, second]) {
    const names = files.map(({ source, name }) => `${source}/${name}`);
    expect(new Set(names).size).toBe(names.length);
  }
  const events = Object.values(first.events).flat();
  expect(events.length + first.files.length).toBeGreaterThan(1_000);
});
