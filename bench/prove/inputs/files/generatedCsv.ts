import { gzipSync } from "node:zlib";
import { chanceOf, type Chance } from "../../chance.ts";
import { randomText } from "../bodies/random.ts";
import type { FileVector } from "../vectors.ts";
import { wantedRows, type FileRow } from "./rows.ts";

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

export const quoted = (text: string): string =>
  `"${text.replaceAll('"', '""')}"`;
