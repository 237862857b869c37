/** Files of CSV in other encodings, and in those and other forms as their sources declare them. */
import type { FileVector } from "../vectors.ts";
import { both, casesOf, named, type Case } from "./cases.ts";
import { anna, bert, refusedFile, wantedRows } from "./rows.ts";

const encodings: readonly Case[] = [
  [
    "latin1",
    Buffer.from("id,name\n1,J\u00fcrgen\n2,Bert\n", "latin1"),
    wantedRows(/^row: not UTF-8$/u, bert),
  ],
  ["replacement-character", "id,name\n1,a\ufffdb\n2,Bert\n", named("a\ufffdb")],
  [
    "a bad byte",
    Buffer.from("69642c6e616d650a312c61ff0a322c426572740a", "hex"),
    wantedRows(/^row: not UTF-8$/u, bert),
  ],
  [
    "a bad byte in the header",
    Buffer.from("69642c6e616dff650a312c610a", "hex"),
    refusedFile(/^file: its header/u),
  ],
  [
    "an overlong form",
    Buffer.from("69642c6e616d650a312cc0af0a322c426572740a", "hex"),
    wantedRows(/^row: not UTF-8$/u, bert),
  ],
  [
    "utf16",
    Buffer.from("\ufeffid,name\n1,Anna\n", "utf16le"),
    refusedFile(/^file: .*UTF-16/u),
  ],
  [
    "utf16 without a mark",
    Buffer.from("id,name\n1,Anna\n", "utf16le"),
    refusedFile(/^file: .*zero bytes/u),
  ],
  [
    "zero bytes at its beginning",
    "id,name\n1,A\u0000nna\n2,Bert\n",
    refusedFile(/^file: .*zero bytes/u),
  ],
  [
    "zero bytes alone",
    Buffer.alloc(4_096),
    refusedFile(/^file: .*zero bytes/u),
  ],
];

/** A file as a spreadsheet of another country writes it. */
const german: readonly Case[] = [
  [
    "declared",
    Buffer.from("id;name;price\n1;J\u00fcrgen;1,5\n2;\u0080;-,5\n", "latin1"),
    wantedRows(
      { id: "1", name: "Jürgen", price: 1.5 },
      { id: "2", name: "€", price: -0.5 },
    ),
  ],
  [
    "thousands",
    "id;price;qty\n1;1.234,5;1\n2;1234,5;2\n",
    wantedRows(/^price: type number$/u, { id: "2", price: 1234.5, qty: 2n }),
  ],
  [
    "points",
    "id;price\n1;1.5\n2;2,5\n",
    wantedRows(/^price: type number$/u, { id: "2", price: 2.5 }),
  ],
  ["commas", "id,name\n1,Anna\n", refusedFile(/^file: .*delimiter: ','/u)],
  [
    "bytes that stand for nothing",
    Buffer.from("id;name\n1;a\u0081b\n2;Bert\n", "latin1"),
    wantedRows(/^row: not WINDOWS-1252$/u, bert),
  ],
];

const bare: readonly Case[] = [
  [
    "declared",
    'a title\n1\tAnna\t5\n2\tsaid "5"\t\n',
    wantedRows({ ...anna, qty: 5n }, { id: "2", name: 'said "5"' }),
  ],
  ["quoted", '\n"1"\t"Anna"\t"5"\n', wantedRows(/^qty: type integer$/u)],
  ["a title alone", "a title\n", wantedRows()],
  ["commas", "a title\n1,Anna,5\n", wantedRows(/^row: not 3 fields$/u)],
];

const wide: readonly Case[] = [
  [
    "little",
    Buffer.from("\ufeffid,name\n1,A😀\n2,Bert\n", "utf16le"),
    wantedRows({ id: "1", name: "A😀" }, bert),
  ],
  [
    "big",
    Buffer.from("\ufeffid,name\n1,Anna\n2,Bert\n", "utf16le").swap16(),
    both,
  ],
  [
    "half a letter",
    Buffer.from("\ufeffid,name\n1,Anna\n", "utf16le").subarray(0, -1),
    refusedFile(/^file: it is not utf-16/u),
  ],
  [
    "half a pair",
    Buffer.from("\ufeffid,name\n1,\ud83d\n", "utf16le"),
    refusedFile(/^file: it is not utf-16/u),
  ],
  ["utf-8", "id,name\n1,Anna\n", refusedFile(/^file: it is not utf-16/u)],
];

/** Their names say the source: files of several are looked at together. */
const declared = (source: string, cases: readonly Case[]): FileVector[] =>
  casesOf(
    source,
    "csv options",
    cases.map(([name, ...rest]) => [`${source} ${name}`, ...rest]),
  );

export const csvOptionFiles = (): FileVector[] => [
  ...casesOf("plain", "csv encoding", encodings),
  ...declared("german", german),
  ...declared("bare", bare),
  ...declared("wide", wide),
];
