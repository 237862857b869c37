/** What else lies in people's folders: files of other formats, odd names, pictures, empty and hidden files. */
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { chanceOf } from "../../chance.ts";
import type { Chance } from "../../chance.ts";
import { randomText } from "../bodies/random.ts";
import { naughtyTexts } from "../naughty.ts";
import { integerCell, NULL, textCell } from "../oracle/cells.ts";
import { readContract } from "../oracle/readContract.ts";
import type { FileVector } from "../vectors.ts";
import { anna, bert, refusedFile, wantedRows, type FileRow } from "./rows.ts";

const CSV = Buffer.from("id,name\n1,Anna\n2,Bert\n");
const both = wantedRows(anna, bert);
const refused = refusedFile(/^file: ./u);

/** The beginnings by which formats are known. */
const STRANGERS: readonly (readonly [string, Buffer])[] = [
  ["not-a-csv.xml", Buffer.from('<rows><row id="1"/></rows>\n')],
  ["page.html", Buffer.from("<!DOCTYPE html><html><body>404</body></html>")],
  ["book.xlsx", Buffer.from("504b0304140000000800", "hex")],
  ["archive.zip", Buffer.from("504b0506000000000000", "hex")],
  ["archive.7z", Buffer.from("377abcaf271c0004", "hex")],
  ["old.xls", Buffer.from("d0cf11e0a1b11ae1", "hex")],
  ["paper.pdf", Buffer.from("%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n", "latin1")],
  ["picture.png", Buffer.from("89504e470d0a1a0a0000000d", "hex")],
  ["picture.jpg", Buffer.from("ffd8ffe000104a464946", "hex")],
  ["rows.csv.bz2", Buffer.from("425a68393141592653590000", "hex")],
  ["rows.csv.zst", Buffer.from("28b52ffd0400", "hex")],
  ["rows.csv.xz", Buffer.from("fd377a585a000004", "hex")],
  ["rows.csv.lz4", Buffer.from("04224d186440a7", "hex")],
  ["rows.orc", Buffer.from("ORC\u0000\u0001")],
  [
    "noise.bin",
    Buffer.from(Array.from({ length: 2_000 }, (_, at) => (at * 151 + 7) % 256)),
  ],
  ["one byte", Buffer.from("x")],
  ["a space", Buffer.from(" ")],
];

/** Each stranger, and a good file of each of the others, in each folder. */
export function strangers(good: ReadonlyMap<string, Buffer>): FileVector[] {
  const formats = ["plain", "list", "lines", "avro", "parquet"];
  const minified = Buffer.from(
    `[${Array.from({ length: 30_000 }, () => '{"id":"1","name":"Anna"}').join(",")}]`,
  );
  const files = new Map([...good, ["minified.json", minified]]);
  const drop = (source: string, name: string, bytes: Buffer): FileVector => ({
    ...{ kind: "wrong format", source, bytes, wanted: refused },
    name: `stranger ${name}`,
  });
  return formats.flatMap((source) => [
    ...STRANGERS.filter(
      ([name]) => source !== "lines" || name !== "a space",
    ).map(([name, bytes]) => drop(source, name, bytes)),
    ...[...files]
      .filter(([name]) => !isOwn(source, name))
      .map(([name, bytes]) => drop(source, name, bytes)),
  ]);
}

const OWN: Readonly<Record<string, readonly string[]>> = {
  plain: ["good.csv"],
  list: ["good.json", "minified.json"],
  lines: ["good.ndjson"],
  avro: ["good.avro"],
  parquet: ["good.parquet"],
};

const isOwn = (source: string, name: string): boolean =>
  OWN[source]?.includes(name) === true;

export const goodTexts = (): ReadonlyMap<string, Buffer> =>
  new Map([
    ["good.csv", CSV],
    [
      "good.json",
      Buffer.from('[{"id":"1","name":"Anna"},\n{"id":"2","name":"Bert"}]'),
    ],
    [
      "good.ndjson",
      Buffer.from('{"id":"1","name":"Anna"}\n{"id":"2","name":"Bert"}\n'),
    ],
  ]);

/** What a path of the lake, a file system or a URI cannot hold is no name of a file. */
const isNoName = (text: string): boolean =>
  /[/\\\p{Cc}\ufffe\uffff]/u.test(text) || /^\.|^$|[. ]$/u.test(text);

/** Each naughty text as a part of a name, and names that mean something to Spark, Hadoop or a shell. */
export function oddNames(): FileVector[] {
  const special = [
    "_leading-underscore.csv",
    "_dir/rows.csv",
    "_temporary/0/part-00000.csv",
    "date=2026-03-01/rows.csv",
    "a/b/c/d/e.csv",
    "rows._COPYING_",
    "_SUCCESS",
    "_delta_log/00000000000000000000.json",
    "no ending",
    "UPPER.CSV",
    "upper.csv",
    "two.dots..csv",
    "-rf.csv",
    "part-00000[1].csv",
    "{a,b}.csv",
    "*.csv",
    "100%.csv",
    "a%2Fb.csv",
    "a%252Fb.csv",
    "a+b&c=d?e#f.csv",
    "${env:HOME}.csv",
    "$(id).csv",
    "'quoted' \"twice\".csv",
    "back`tick.csv",
    "semi;colon.csv",
    "a:b.csv",
    `${"ы".repeat(100)}.csv`,
    `${"x".repeat(200)}.csv`,
    "é.csv",
    "e\u0301.csv",
    "日本語.csv",
    "😀.csv",
    "\u202egnp.csv",
    "CON.csv",
    "~7E.csv",
    "~.csv",
  ];
  const naughty = naughtyTexts
    .filter((text) => !isNoName(text))
    .map((text) => `naughty/${text}.csv`);
  return [...new Set([...special, ...naughty])].map((name) => ({
    ...{ kind: "name of a file", source: "plain", name, bytes: CSV },
    wanted: both,
  }));
}

/** One row under a header of all names that a CSV can hold, quoted where they have to be. */
export function namedColumns(): FileVector[] {
  const columns = readContract("kinds", "names");
  const inCsv = columns.filter(
    ({ property }) =>
      property.trim() === property && !property.includes("\u0000"),
  );
  const line = (texts: readonly string[]): string =>
    `${texts.map(quoted).join(",")}\r\n`;
  const text =
    line(inCsv.map(({ property }) => property)) +
    line(inCsv.map(({ column }) => `of ${column}`));
  const cells = columns.map(({ column }) => [column, NULL]);
  const known = inCsv.map(({ column }) => [column, textCell(`of ${column}`)]);
  return [
    {
      ...{ kind: "property", source: "named", name: "all names.csv" },
      bytes: Buffer.from(text),
      wanted: {
        rows: [
          {
            accepted: Object.fromEntries([...cells, ...known]) as Readonly<
              Record<string, string>
            >,
          },
        ],
      },
    },
  ];
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** Files of CSV that a careful writer makes of random rows, its ends of lines and quotes left to chance. */
export const generatedCsv = (seed: number, count: number): FileVector[] =>
  Array.from({ length: count }, (_, at) => {
    const chance = chanceOf(seed, "csv", at);
    const rows = Array.from({ length: chance.between(1, 12) }, (): FileRow => ({
      id: randomText(chance),
      ...(chance.oneIn(4) ? {} : { name: randomText(chance) }),
      ...(chance.oneIn(3)
        ? {}
        : { qty: BigInt(chance.between(-1_000, 1_000)) }),
      ...(chance.oneIn(3)
        ? {}
        : { price: chance.between(-9_999, 9_999) / 100 }),
      ...(chance.oneIn(3) ? {} : { ok: chance.oneIn(2) }),
    }));
    const text = [
      `id,name,qty,price,ok`,
      ...rows.map(({ id, name = "", qty = "", price = "", ok = "" }) =>
        [id, name, qty, price, ok]
          .map((cell) => field(String(cell), chance))
          .join(","),
      ),
    ]
      .map((line) => line + chance.pick(["\n", "\r\n", "\r"]))
      .join("");
    const bytes = Buffer.from(text);
    return {
      ...{ kind: "csv generated", source: "plain" },
      name: `generated ${at}.csv`,
      bytes: chance.oneIn(4) ? gzipSync(bytes) : bytes,
      wanted: wantedRows(...rows),
    };
  });

const field = (text: string, chance: Chance): string =>
  /[",\r\n]/u.test(text) || chance.oneIn(3) ? quoted(text) : text;

/** Referred to, never read: whatever they hold. */
export function pictures(): FileVector[] {
  const types: readonly (readonly [string, string])[] = [
    ["map.png", "image/png"],
    ["UPPER.JPG", "image/jpeg"],
    ["rows.csv.gz", "application/gzip"],
    ["no ending", "application/octet-stream"],
    ["Ünï 😀 '\".pdf", "application/pdf"],
    ["sub/folder/film.mp4", "video/mp4"],
  ];
  return types.map(([name, type], at) => {
    const bytes = Buffer.from(`${name} ${"x".repeat(at * 1_000)}`);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const accepted = {
      name: textCell(name),
      bytes: integerCell(String(bytes.length)),
      type: textCell(type),
      sha256: textCell(sha256),
    };
    return {
      kind: "reference",
      source: "pictures",
      name,
      bytes,
      wanted: { rows: [{ accepted }] },
    };
  });
}

/** These are no input: they stay where they are, and health says why. */
export const left = (): FileVector[] => [
  {
    kind: "left",
    source: "plain",
    name: "empty.csv",
    bytes: Buffer.alloc(0),
    wanted: { left: /empty/u },
  },
  {
    kind: "left",
    source: "list",
    name: "empty.json",
    bytes: Buffer.alloc(0),
    wanted: { left: /empty/u },
  },
  {
    kind: "left",
    source: "lines",
    name: "empty.ndjson",
    bytes: Buffer.alloc(0),
    copied: "old",
    wanted: { left: /empty/u },
  },
  {
    kind: "left",
    source: "plain",
    name: ".hidden.csv",
    bytes: CSV,
    copied: "now",
    wanted: { left: "unseen" },
  },
  {
    kind: "left",
    source: "plain",
    name: ".dir/rows.csv",
    bytes: CSV,
    copied: "now",
    wanted: { left: "unseen" },
  },
];

/** Dropped again under a name of the first batch: what cannot be read replaces nothing. */
export const redropped = (): FileVector[] => [
  {
    kind: "dropped again",
    source: "plain",
    name: "simple.csv",
    bytes: Buffer.from("id,name\n3,Cleo\n"),
    wanted: wantedRows({ id: "3", name: "Cleo" }),
  },
  {
    kind: "dropped again",
    source: "plain",
    name: "crlf.csv",
    bytes: Buffer.from("id,name\n"),
    wanted: wantedRows(),
  },
  {
    kind: "dropped again",
    source: "plain",
    name: "cr.csv",
    bytes: gzipSync(CSV).subarray(0, -4),
    wanted: refusedFile(/^file: its gzip/u),
  },
  {
    kind: "dropped again",
    source: "plain",
    name: "all quoted.csv",
    bytes: Buffer.from("id,name\n,Anna\n"),
    wanted: wantedRows(/^id: required$/u),
  },
  {
    kind: "dropped again",
    source: "list",
    name: "list.json",
    bytes: Buffer.from("[]"),
    wanted: wantedRows(),
  },
];
