/** Events of the hub `readings`: what is JSON, what numbers are, what the contract says of each property. */
import { gzipSync } from "node:zlib";
import { chanceOf } from "../../chance.ts";
import { naughtyTexts, zeroTexts } from "../naughty.ts";
import { textCell } from "../oracle/cells.ts";
import { judgeBody } from "../oracle/judge.ts";
import { readContract } from "../oracle/readContract.ts";
import type { EventVector, Message, Wanted } from "../vectors.ts";
import { randomInstant, randomNumber, randomText } from "./random.ts";
import { i, n, y } from "./syntax.ts";
import {
  instantsAndOthers,
  numbersOfAllKinds,
  rareInstants,
} from "./values.ts";

const columns = readContract("usual", "reading");

/** A body of which nothing but the contract and JSON itself decide, unless it is said. */
function judged(
  kind: string,
  name: string,
  body: string | Buffer,
  wanted?: Wanted,
): EventVector {
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  const rows = new Map([[0, wanted ?? judgeBody(bytes, columns)]]);
  return { kind, name, body: bytes, rows };
}

/** Accepted, if it is, with what stands beside the part that may be refused. */
function either(text: string): Wanted {
  const judgement = judgeBody(Buffer.from(text), columns);
  if ("refused" in judgement) throw new Error(`${text} is refused.`);
  return { either: judgement.accepted };
}

const reading = (rest: string): string => `{"device":"d",${rest}}`;

const few = (text: string): string =>
  text.length > 40 ? `${text.slice(0, 40)}… (${text.length})` : text;

const syntax = (): EventVector[] => [
  ...Object.entries({ y, n }).flatMap(([letter, texts]) =>
    texts.flatMap((text) => [
      judged(`json ${letter}`, `w: ${few(text)}`, reading(`"w":${text}`)),
      judged(`json ${letter}`, few(text), text),
    ]),
  ),
  // Our own readers may give up on these, too: nothing but what stands beside them is judged.
  ...i.flatMap((text) => [
    judged(
      "json i",
      `w: ${few(text)}`,
      reading(`"w":${text}`),
      either(reading('"w":0')),
    ),
    judged("json i", few(text), text, { refused: /^(body|device): ./u }),
  ]),
];

const numbers = (): EventVector[] =>
  numbersOfAllKinds.flatMap((digits) => [
    judged("number", `n: ${few(digits)}`, reading(`"n":${digits}`)),
    judged("number", `x: ${few(digits)}`, reading(`"x":${digits}`)),
  ]);

const instants = (): EventVector[] => [
  ...instantsAndOthers.map((text) =>
    judged("instant", text, reading(`"at":"${text}"`)),
  ),
  ...rareInstants.map((text) => {
    const cells = either(reading('"w":0'));
    const at = {
      ...("either" in cells ? cells.either : {}),
      at: textCell(text),
    };
    return judged("instant", text, reading(`"at":"${text}"`), { either: at });
  }),
];

const contract = (): EventVector[] =>
  [
    ...[
      "{}",
      '{"device":null}',
      '{"device":1}',
      '{"device":["d"]}',
      '{"Device":"d"}',
      '{"device ":"d"}',
      '{"device":""}',
      '{"DEVICE":"d","device":"e"}',
      '{"devic\\u0065":"d"}',
      "[]",
      '["device"]',
      '"device"',
      "1",
      "true",
      "null",
    ],
    ...[
      ...["null", '"1"', "true", "[1]", "{}", "1.5", "1"].map((value) =>
        reading(`"n":${value}`),
      ),
    ],
    ...["null", '"1.5"', "false", "[]", '""', "1"].map((value) =>
      reading(`"x":${value}`),
    ),
    ...["null", '"true"', "1", "0", "[]", "true", "false"].map((value) =>
      reading(`"ok":${value}`),
    ),
    ...["null", "1", "[]", "{}", '"null"', '""'].map((value) =>
      reading(`"note":${value}`),
    ),
    reading('"n":"a","x":"b","at":1'),
  ].map((text) => judged("contract", few(text), text));

const encodings = (): EventVector[] => {
  const good = reading('"note":"é"');
  const utf16 = Buffer.from(`\ufeff${good}`, "utf16le");
  const bytes: readonly (readonly [string, Buffer])[] = [
    ["utf8-bom", Buffer.from(`\ufeff${good}`)],
    ["two marks", Buffer.from(`\ufeff\ufeff${good}`)],
    [
      "half a mark",
      Buffer.concat([Buffer.from([0xef, 0xbb]), Buffer.from(good)]),
    ],
    ["a mark alone", Buffer.from("\ufeff")],
    ["latin1", Buffer.from(good, "latin1")],
    ["utf-16le with a mark", utf16],
    ["utf-16le", utf16.subarray(2)],
    ["utf-16be", Buffer.from(utf16).swap16()],
    [
      "utf-32le",
      Buffer.from(
        Uint32Array.from(good, (letter) => letter.codePointAt(0) ?? 0).buffer,
      ),
    ],
    ["gzip", gzipSync(good)],
    [
      "zero bytes behind it",
      Buffer.concat([Buffer.from(good), Buffer.alloc(8)]),
    ],
    ["zero bytes alone", Buffer.alloc(16)],
    ["avro", Buffer.from("Obj\u0001\u0000")],
    ["a long text", Buffer.from(reading(`"note":"${"é".repeat(100_000)}"`))],
    ...[
      "ff",
      "c0af",
      "eda080",
      "e282",
      "f8888080",
      "f4908080",
      "fffe",
      "80",
    ].map(
      (hex) =>
        [
          `byte ${hex}`,
          Buffer.concat([
            Buffer.from('{"device":"'),
            Buffer.from(hex, "hex"),
            Buffer.from('"}'),
          ]),
        ] as const,
    ),
  ];
  return bytes.map(([name, content]) => judged("encoding", name, content));
};

const twiceAndHalves = (): EventVector[] =>
  [
    ...[
      '{"device":"d","device":"d"}',
      '{"device":"d","n":1,"n":2}',
      '{"device":"d","w":{"a":1,"a":1}}',
      '{"device":"d","w":[{"a":1},{"a":2,"\\u0061":3}]}',
      '{"device":"d","w":{"device":"e"}}',
      '{"device":"d","w":[{"a":1},{"a":1}]}',
      '{"device":"d","":1,"":2}',
      '{"device":"d","note":"\\"n\\":1,\\"n\\":2"}',
    ],
    ...[
      '"\\ud800"',
      '"\\udc00"',
      '"\\udc00\\ud800"',
      '"a\\ud83d"',
      '"\\ud83d\\u0041"',
      '"\\ud83dx\\ude00"',
      '"\\ud83d\\ud83d\\ude00"',
      '"\\\\ud800"',
      '"\\\\\\ud800"',
      '"\\uD83D\\uDE00"',
      '"\\ud83d\\\\ude00"',
    ].flatMap((text) => [
      reading(`"note":${text}`),
      reading(`"w":[${text}]`),
      `{"device":"d",${text}:1}`,
    ]),
  ].map((text) => judged("twice or half", few(text), text));

const severalInOne = (): EventVector[] =>
  [
    '{"device":"d"}{"device":"e"}',
    '{"device":"d"}\n{"device":"e"}',
    '{"device":"d"},{"device":"e"}',
    '[{"device":"d"},{"device":"e"}]',
    '{"records":[{"device":"d"}]}',
    '{"device":"d"}]',
    '{"device":"d"}}',
    '{"device":"d"} trailing',
    ' \t\r\n{"device":"d"}\n\n',
    '\f{"device":"d"}',
    '\u00a0{"device":"d"}',
    '{"device":"d"}\u0000',
    "hello",
    "",
    " ",
    "id,name\n1,Anna\n",
  ].map((text) => judged("several in one", few(text), text));

const texts = (): EventVector[] =>
  [...naughtyTexts, ...zeroTexts].flatMap((text) => {
    const quoted = JSON.stringify(text);
    const escaped = quoted.replace(/[^\u0020-\u007e]/gu, (letter) =>
      unitsOf(letter),
    );
    return [
      judged(
        "text",
        JSON.stringify(text),
        `{"device":${quoted},"note":${escaped}}`,
      ),
    ];
  });

/** A letter as escapes of its UTF-16 units. */
const unitsOf = (letter: string): string =>
  Array.from(
    { length: letter.length },
    (_, at) => `\\u${letter.charCodeAt(at).toString(16).padStart(4, "0")}`,
  ).join("");

/** Bodies that are no bytes: of a text its UTF-8 arrives, of another value and of sequences their JSON. */
const messages = (): EventVector[] => {
  const text = '{"device":"value","n":1}';
  const all: readonly (readonly [string, Message, string])[] = [
    ["a text", { body: text, bodyType: "value" }, text],
    [
      "a map",
      { body: { device: "map", n: 2 }, bodyType: "value" },
      '{"device":"map","n":2}',
    ],
    ["a number", { body: 7, bodyType: "value" }, "7"],
    [
      "a sequence",
      { body: [["device", 1]], bodyType: "sequence" },
      '[["device",1]]',
    ],
  ];
  return all.map(([name, body, arrives]) => ({
    ...judged("message", name, arrives),
    body,
  }));
};

/** So many of each kind follow from the seed. */
const generated = (seed: number, count: number): EventVector[] =>
  Array.from({ length: count }, (_, at) => {
    const chance = chanceOf(seed, "readings", at);
    const body = {
      device: randomText(chance),
      ...(chance.oneIn(3) ? { note: randomText(chance) } : {}),
      ...(chance.oneIn(3) ? { ok: chance.oneIn(2) } : {}),
      ...(chance.oneIn(3) ? { at: randomInstant(chance) } : {}),
    };
    const properties = JSON.stringify(body).slice(1, -1);
    const text = `{${properties},"n":${randomNumber(chance)},"x":${randomNumber(chance)}}`;
    // Some are cut off, or have one letter in place of another.
    const cut = chance.between(1, text.length - 1);
    const letter = chance.pick(Array.from('{}[]",:\\0e.-\u0000 '));
    if (chance.oneIn(6))
      return judged("generated", few(text), text.slice(0, cut));
    if (chance.oneIn(6))
      return judged(
        "generated",
        few(text),
        text.slice(0, cut) + letter + text.slice(cut + 1),
      );
    return judged("generated", few(text), text);
  });

/** The first batch. The time of the newest that is no future says which of the second are late. */
export const readings = (seed: number, count: number): EventVector[] => [
  ...[...syntax(), ...numbers(), ...instants(), ...contract()],
  ...[...encodings(), ...twiceAndHalves(), ...severalInOne()],
  ...[...texts(), ...messages(), ...generated(seed, count)],
  judged("future", "far-future", reading('"n":1,"at":"2099-01-01T00:00:00Z"')),
];

/** The second batch: what the far future of the first has no say in. Late is what is older than an hour before the newest of the past. */
export function laterReadings(first: readonly EventVector[]): EventVector[] {
  const newest = Math.max(
    ...first
      .flatMap(({ rows }) => [...rows.values()])
      .flatMap((wanted) =>
        "accepted" in wanted ? (wanted.accepted["at"] ?? []) : [],
      )
      .map((cell) => Date.parse(cell.replace(/^text /u, "").toUpperCase()))
      .filter((time) => time <= Date.now()),
  );
  const at = (minutes: number): string =>
    new Date(newest + minutes * 60_000).toISOString();
  const late = (vector: EventVector): EventVector => ({
    ...vector,
    rows: new Map(
      [...vector.rows].map(([row, wanted]) => [
        row,
        "accepted" in wanted ? { ...wanted, isLate: true } : wanted,
      ]),
    ),
  });
  return [
    judged("future", "newer than the newest", reading(`"at":"${at(1)}"`)),
    judged("future", "an hour before it", reading(`"at":"${at(-60)}"`)),
    late(judged("future", "a minute more", reading(`"at":"${at(-61)}"`))),
    late(judged("future", "long ago", reading('"at":"1990-01-01T00:00:00Z"'))),
    judged("future", "without a time", reading('"n":1')),
  ];
}
