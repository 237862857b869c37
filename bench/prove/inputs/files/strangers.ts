/** Files of other formats: what no reader knows, and what is good in another folder. */
import type { FileVector } from "../vectors.ts";
import { CSV } from "./cases.ts";
import { refusedFile } from "./rows.ts";

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
