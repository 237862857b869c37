/** Files of CSV in gzip, whole and broken. */
import { gzipSync } from "node:zlib";
import type { FileVector } from "../vectors.ts";
import { both, casesOf, CSV, type Case } from "./cases.ts";
import { refusedFile } from "./rows.ts";

const packed = gzipSync(CSV);
const large = gzipSync(Buffer.from(`id,name\n${"1,Anna\n".repeat(50_000)}`));
/** Of these the content may be good, and its packing is not. */
const packing: readonly Case[] = [
  ["real-gzip.csv.gz", packed, both],
  ["gzip without its ending", packed, both],
  [
    "two in one",
    Buffer.concat([gzipSync("id,name\n1,Anna\n"), gzipSync("2,Bert\n")]),
    both,
  ],
  ["zeros behind it", Buffer.concat([packed, Buffer.alloc(512)]), both],
  [
    "plain-text-named-gz.csv.gz",
    CSV,
    refusedFile(/^file: its name ends in \.gz/u),
  ],
  ["gzip twice", gzipSync(packed), refusedFile(/^file: /u)],
  ["gzip of nothing", gzipSync(""), refusedFile(/^file: it is empty/u)],
  [
    "gzip cut off within its header",
    packed.subarray(0, 5),
    refusedFile(/^file: its gzip/u),
  ],
  [
    "gzip cut off at its end",
    packed.subarray(0, -3),
    refusedFile(/^file: its gzip/u),
  ],
  [
    "gzip cut off in the middle",
    large.subarray(0, large.length >> 1),
    refusedFile(/^file: its gzip/u),
  ],
  [
    "gzip with another check sum",
    changed(packed, packed.length - 6),
    refusedFile(/^file: its gzip/u),
  ],
  [
    "gzip with a damaged body",
    changed(large, 40),
    refusedFile(/^file: its gzip/u),
  ],
  [
    "trash behind it",
    Buffer.concat([packed, Buffer.from("trash")]),
    refusedFile(/^file: its gzip/u),
  ],
];

function changed(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(at) ^ 0x55, at);
  return copy;
}

export const gzipFiles = (): FileVector[] =>
  casesOf("plain", "gzip", packing).map((file) => ({
    ...file,
    name: file.name.replace(/\.csv\.gz\.csv$/u, ".csv.gz"),
  }));
