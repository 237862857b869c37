import { judgeValue, readBody } from "../oracle/judge.ts";
import { readContract } from "../oracle/readContract.ts";
import type { EventVector } from "../vectors.ts";

const columns = readContract("oddities", "item");

/** Bodies of a source that splits them: a row for each item, or one of number 0 where there is none. */
export const split = (kind: "array" | "records"): EventVector[] => {
  const wrap = (items: string): string =>
    kind === "array" ? items : `{"records":${items}}`;
  const lists = [
    '[{"device":"d","n":1},{"device":"e","n":2}]',
    '[{"device":"d"}]',
    "[]",
    '[{"device":"d"},7,null,"x",[],{"n":1},{"device":"d","n":"a"},{"device":"e","n":9007199254740993}]',
    "7",
    '"records"',
    "null",
    "{}",
    '{"device":"d","n":1}',
    '[{"device":"d"},{"device":"e"}',
    '[{"device":"d","device":"e"}]',
    '[{"device":"\\ud800"}]',
    '[{"device":"😀\\u0000"}]',
    '[[{"device":"d"}]]',
    `[${'{"device":"many"},'.repeat(500)}{"device":"last"}]`,
  ];
  const bodies = [
    ...lists.map(wrap),
    ...(kind === "array"
      ? ['{"records":[{"device":"d"}]}']
      : [
          '[{"device":"d"}]',
          '{"Records":[]}',
          '{"records":[{"device":"d"}],"more":1}',
          '{"time":"x","records":[{"device":"e","n":5}]}',
        ]),
    "hello",
    "",
    '[{"device":"d"}][]',
    '{"records":[]}{}',
  ];
  return bodies.map((text) => ({
    ...{
      kind: `split ${kind}`,
      name: text.slice(0, 60),
      body: Buffer.from(text),
    },
    rows: rowsOf(kind, text),
  }));
};

function rowsOf(kind: "array" | "records", text: string): EventVector["rows"] {
  const read = readBody(Buffer.from(text));
  if ("refused" in read) return new Map([[0, read]]);
  const { value } = read;
  const items =
    kind === "array" ? value : (value as { records?: unknown } | null)?.records;
  if (!Array.isArray(items)) return new Map([[0, { refused: /^body: no /u }]]);
  if (items.length === 0)
    return new Map([[0, { refused: /^body: an empty /u }]]);
  return new Map(items.map((item, at) => [at + 1, judgeValue(item, columns)]));
}
