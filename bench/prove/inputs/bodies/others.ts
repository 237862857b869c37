/** Events of the other hubs of the proof: texts as keys, names of properties, bodies that hold several, large documents. */
import { chanceOf } from "../../chance.ts";
import { naughtyTexts, zeroTexts } from "../naughty.ts";
import { NULL, textCell, type Cells } from "../oracle/cells.ts";
import { escaped, judgeBody, judgeValue, readBody } from "../oracle/judge.ts";
import { readContract } from "../oracle/readContract.ts";
import type { EventVector, Wanted } from "../vectors.ts";
import { randomText } from "./random.ts";

const textColumns = readContract("others", "text");
const nameColumns = readContract("others", "names");
const itemColumns = readContract("others", "item");
const noteColumns = readContract("others", "note");

const event = (
  kind: string,
  name: string,
  text: string,
  wanted: Wanted,
): EventVector => ({
  ...{ kind, name, body: Buffer.from(text) },
  rows: new Map([[0, wanted]]),
});

/** Each text is half of a key, in either place, and comes twice: the second one is the repetition. */
export function texts(seed: number, count: number): EventVector[] {
  const more = Array.from({ length: count }, (_, at) =>
    randomText(chanceOf(seed, "texts", at)),
  );
  // A document's id has 1,023 bytes at most and a partition 2,048, three for each that is no plain letter.
  const long = ["a", "é", "/"].flatMap((letter) =>
    [340, 342, 682, 684, 1_023, 1_024, 2_048, 2_049].map((length) =>
      letter.repeat(length),
    ),
  );
  const all = [
    ...new Set([...naughtyTexts, ...zeroTexts, "", ...more, ...long]),
  ];
  const known = new Set<string>();
  return all.flatMap((text) =>
    [
      { text, note: "a" },
      { text: "a", note: text },
      { text, note: "a" },
    ].map((body) => {
      const json = JSON.stringify(body);
      const isRepeated = known.has(json);
      known.add(json);
      const wanted: Wanted = isRepeated
        ? { repeated: true }
        : judgeBody(Buffer.from(json), textColumns);
      return event("key", json.slice(0, 60), json, wanted);
    }),
  );
}

/** All names at once, then each alone with a value that its type does not have. */
export function names(): EventVector[] {
  const all = Object.fromEntries(
    nameColumns.map(({ property, column }) => [property, `of ${column}`]),
  );
  const accepted: Cells = Object.fromEntries(
    nameColumns.map(({ column }) => [column, textCell(`of ${column}`)]),
  );
  const nothing = Object.fromEntries(
    nameColumns.map(({ column }) => [column, NULL]),
  );
  return [
    event("property", "all of them", JSON.stringify(all), { accepted }),
    event("property", "none of them", "{}", { accepted: nothing }),
    ...nameColumns.map(({ property }) =>
      event(
        "property",
        JSON.stringify(property.slice(0, 40)),
        `{${JSON.stringify(property)}:1}`,
        {
          refused: new RegExp(`^${escaped(property)}: type string$`, "su"),
        },
      ),
    ),
  ];
}

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
  return new Map(
    items.map((item, at) => [at + 1, judgeValue(item, itemColumns)]),
  );
}

/** An event of one megabyte at most; three of them make a document that no store takes. */
export const LARGE_NOTE = 900_000;

export const notes = (): EventVector[] =>
  [
    ...["x", "y", "z"].map((letter) => ({
      device: "large",
      note: letter.repeat(LARGE_NOTE),
    })),
    { device: "small", note: "a" },
    { device: "fits", note: "é".repeat(LARGE_NOTE / 2) },
  ].map((body) => {
    const json = JSON.stringify(body);
    return event(
      "large",
      body.device,
      json,
      judgeBody(Buffer.from(json), noteColumns),
    );
  });

/** Keys of the first batch come again in the second. */
export const laterTexts = (): EventVector[] =>
  ["null", "😀", "/", "new"].map((text) => {
    const json = JSON.stringify({ text, note: "a" });
    return event(
      "key",
      json,
      json,
      text === "new"
        ? judgeBody(Buffer.from(json), textColumns)
        : { repeated: true },
    );
  });
