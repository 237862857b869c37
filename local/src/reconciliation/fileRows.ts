import { open, stat } from "node:fs/promises";
import { createReadStream } from "node:fs";
import { buffer as readAll } from "node:stream/consumers";
import { createGunzip } from "node:zlib";
import avro from "avsc";
import type { FileFormat } from "../platform/definitions.ts";

/**
 * The rows of a file as its bytes say, counted by other means than the job's. Nothing where it cannot be read, which
 * the job says in its own words, and for Parquet.
 */
export async function countRows(
  path: string,
  format: FileFormat,
): Promise<number | undefined> {
  if ((await stat(path)).size === 0) return format.kind === "reference" ? 1 : 0;
  try {
    switch (format.kind) {
      case "csv":
        return countRecords(await readText(path, format.encoding), format);
      case "json": {
        const value: unknown = JSON.parse(await readText(path));
        return Array.isArray(value) ? value.length : 1;
      }
      case "ndjson":
        return (await readText(path))
          .split("\n")
          .filter((line) => line.trim() !== "").length;
      case "avro":
        return await countAvro(path);
      case "reference":
        return 1;
      default:
        return undefined;
    }
  } catch {
    return undefined;
  }
}

/** Where a character of a CSV stands. After a malformed quote nothing quotes until the line ends. */
type Place = "start" | "plain" | "quoted" | "closed" | "malformed";

/** Records below the header. A line break within quotes ends no record; an empty line is none. */
function countRecords(text: string, format: FileFormat): number {
  const quote = "quote" in format ? format.quote : undefined;
  let rest = text;
  for (let line = 0; line < (format.skipLines ?? 0); line += 1)
    rest = rest.replace(/^.*?(?:\r\n|\n|\r|$)/su, "");
  let delimiter = format.delimiter ?? ",";
  const hint = /^"?sep=(.)"?\s*?(?:\r\n|\n|\r)/u.exec(rest);
  if (format.columns === undefined && hint?.[1] !== undefined) {
    delimiter = hint[1];
    rest = rest.slice(hint[0].length);
  }
  let records = format.columns === undefined ? -1 : 0;
  let place: Place = "start";
  let hasContent = false;
  for (const character of rest) {
    if (place !== "quoted" && (character === "\n" || character === "\r")) {
      if (hasContent) records += 1;
      hasContent = false;
      place = "start";
      continue;
    }
    hasContent = true;
    place = nextPlace(place, character, delimiter, quote);
  }
  if (hasContent) records += 1;
  return Math.max(0, records);
}

function nextPlace(
  place: Place,
  character: string,
  delimiter: string,
  quote: string | undefined,
): Place {
  if (place === "malformed") return place;
  if (place === "quoted") return character === quote ? "closed" : place;
  if (character === delimiter) return "start";
  if (place === "closed") return character === quote ? "quoted" : "malformed";
  return place === "start" && character === quote ? "quoted" : "plain";
}

/** Whole, and without a byte order mark: the files of a laptop are small. */
async function readText(path: string, encoding = "utf-8"): Promise<string> {
  const file = await open(path);
  const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
  await file.close();
  const isGzip = buffer[0] === 0x1f && buffer[1] === 0x8b;
  const raw = createReadStream(path);
  const bytes = await readAll(isGzip ? raw.pipe(createGunzip()) : raw);
  // The decoder takes this name for the little-endian one, whatever the mark says.
  const isBig = encoding === "utf-16" && bytes[0] === 0xfe;
  return new TextDecoder(isBig ? "utf-16be" : encoding).decode(bytes);
}

function countAvro(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let rows = 0;
    avro
      .createFileDecoder(path)
      .on("data", () => (rows += 1))
      .on("error", reject)
      .on("end", () => resolve(rows));
  });
}
