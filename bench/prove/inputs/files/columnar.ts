/** Files of Avro and Parquet, whole and broken in every place. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { venvPython } from "../../../../scripts/setup/paths.mjs";
import { chanceOf } from "../../chance.ts";
import { randomText } from "../bodies/random.ts";
import { naughtyTexts } from "../naughty.ts";
import type { FileVector, WantedFile } from "../vectors.ts";
import { refusedFile, wantedRows, type FileRow } from "./rows.ts";

type Kind = "avro" | "parquet";

const AT = "2026-03-01T09:00:00.000000Z";
const damaged = refusedFile(/^file: /u);

/** Values at the edges of their types, and naughty texts. */
function rowsOf(seed: number): FileRow[] {
  const edges: readonly FileRow[] = [
    { id: "1", name: "Anna", qty: 2n ** 63n - 1n, price: 0.1, ok: true },
    { id: "2", qty: -(2n ** 63n), price: -Number.MAX_VALUE, ok: false },
    { id: "3", qty: 9_007_199_254_740_993n, price: 5e-324 },
    { id: "4", name: "", qty: 0n, price: -0 },
    { id: "5" },
  ];
  const texts = [...naughtyTexts, randomText(chanceOf(seed, "columnar", 0))];
  return [...edges, ...texts.map((name, at) => ({ id: `text ${at}`, name }))];
}

function write(rows: readonly FileRow[]): ReadonlyMap<string, Buffer> {
  const plain = rows.map(({ id, name = null, qty, price, ok = null }) => ({
    ...{ id, name, ok },
    qty: qty === undefined ? null : String(qty),
    price: price === undefined ? null : String(price),
  }));
  const program = join(import.meta.dirname, "columnar.py");
  const output = execFileSync(venvPython, [program], {
    input: JSON.stringify({ rows: plain }),
    encoding: "utf8",
    maxBuffer: 64 * 1024 ** 2,
  });
  const files = JSON.parse(output) as Readonly<Record<string, string>>;
  return new Map(
    Object.entries(files).map(([name, text]) => [
      name,
      Buffer.from(text, "base64"),
    ]),
  );
}

export function columnarFiles(seed: number, count: number): FileVector[] {
  const rows = rowsOf(seed);
  const files = write(rows);
  const bytesOf = (name: string): Buffer => files.get(name) ?? Buffer.alloc(0);
  const [first = { id: "" }] = rows;
  const many = Array.from({ length: 6 }, () => rows).flat();
  const wanted: Readonly<Record<string, WantedFile>> = {
    ...Object.fromEntries(
      [
        "plain.avro",
        "deflate.avro",
        "plain.parquet",
        "gzip.parquet",
        "zstd.parquet",
        "uncompressed.parquet",
      ].map((name) => [name, wantedRows(...rows)]),
    ),
    "many.avro": wantedRows(...many),
    "many.parquet": wantedRows(...many),
    "deep.avro": wantedRows(first),
    "small-integer.parquet": wantedRows({ ...first, qty: 5n }),
    "nanoseconds.parquet": refusedFile(/^file: .*nanoseconds/u),
    "recursive.avro": refusedFile(/^file: Spark cannot read/u),
    "unsigned.parquet": wantedRows(/^qty: integer beyond 64 bits$/u),
    ...Object.fromEntries(
      ["avro", "parquet"].flatMap((kind) => [
        [`none.${kind}`, wantedRows()],
        [`instant.${kind}`, wantedRows({ ...first, at: AT })],
        [`decimal.${kind}`, wantedRows({ ...first, price: 0.25 })],
        [`other-type.${kind}`, wantedRows(/^ok: type boolean$/u)],
        [`more.${kind}`, wantedRows(first)],
        [`nan.${kind}`, wantedRows(/^price: type number$/u)],
      ]),
    ),
  };
  return [
    ...[...files].map(([name, bytes]) => ({
      ...{ kind: kindOf(name), source: kindOf(name), name, bytes },
      wanted: wanted[name] ?? damaged,
    })),
    ...broken("avro", bytesOf("deflate.avro"), bytesOf("many.avro")),
    ...broken("parquet", bytesOf("plain.parquet"), bytesOf("many.parquet")),
    ...flipped(seed, "avro", bytesOf("deflate.avro"), count),
    ...flipped(seed, "parquet", bytesOf("plain.parquet"), count),
  ];
}

const kindOf = (name: string): Kind =>
  name.endsWith("avro") ? "avro" : "parquet";

/** A frame that is broken shows: such a file is refused as a whole. */
function broken(kind: Kind, small: Buffer, large: Buffer): FileVector[] {
  const cases: readonly (readonly [string, Buffer])[] = [
    ["its mark alone", small.subarray(0, 4)],
    ["cut off within its header", small.subarray(0, 60)],
    ["cut off in the middle", large.subarray(0, large.length >> 1)],
    ["cut off at its last byte", large.subarray(0, -1)],
    ["cut off before its last mark", large.subarray(0, -16)],
    ["another mark", Buffer.concat([Buffer.from("XXXX"), small.subarray(4)])],
    ["gzip around it", gzipSync(small)],
    [
      "zeros behind its mark",
      Buffer.concat([small.subarray(0, 4), Buffer.alloc(2_000)]),
    ],
    [
      "ones behind its mark",
      Buffer.concat([small.subarray(0, 4), Buffer.alloc(2_000, 0xff)]),
    ],
    ["two in one", Buffer.concat([small, small])],
    ["trash behind it", Buffer.concat([small, Buffer.from("trash")])],
    [
      "a byte order mark before it",
      Buffer.concat([Buffer.from("\ufeff"), small]),
    ],
  ];
  return cases.map(([name, bytes]) => ({
    ...{ kind: `${kind} broken`, source: kind, bytes },
    name: `${name}.${kind}`,
    // Parquet is read from its end, so a second file before it does not count.
    wanted:
      name === "two in one" && kind === "parquet" ? { either: true } : damaged,
  }));
}

/** Neither format has a check sum that must be there: what is damaged within may be other values, or a file that is refused. */
const flipped = (
  seed: number,
  kind: Kind,
  whole: Buffer,
  count: number,
): FileVector[] =>
  Array.from({ length: count }, (_, at) => {
    const chance = chanceOf(seed, `flipped ${kind}`, at);
    const bytes = Buffer.from(whole);
    const from = chance.between(4, whole.length - 1);
    const length = chance.between(1, 12);
    for (
      let place = from;
      place < Math.min(from + length, whole.length);
      place += 1
    )
      bytes.writeUInt8(chance.between(0, 255), place);
    return {
      ...{ kind: `${kind} damaged`, source: kind, bytes },
      name: `damaged ${at} from ${from}.${kind}`,
      wanted: { either: true } as const,
    };
  });
