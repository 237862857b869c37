import type { JsonObject, Json, Value } from "../values.ts";
import { isArray, isObject } from "../values.ts";
import { ofStrings, total, type SqlFunction } from "./definition.ts";

/** Two texts and, optionally, whether to ignore case. */
const test = (run: (text: string, part: string) => boolean): SqlFunction =>
  total(2, 3, ([text, part, ignoreCase = false]) => {
    if (typeof text !== "string" || typeof part !== "string") return undefined;
    if (typeof ignoreCase !== "boolean") return undefined;
    return ignoreCase
      ? run(text.toLowerCase(), part.toLowerCase())
      : run(text, part);
  });

/** A text and a number. */
const sized = (run: (text: string, size: number) => Value): SqlFunction =>
  total(2, 2, ([text, size]) =>
    typeof text === "string" && typeof size === "number"
      ? run(text, Math.trunc(size))
      : undefined,
  );

function parsed(
  text: string,
  isWanted: (value: Json) => boolean,
): Json | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return isWanted(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const parsing = (isWanted: (value: Json) => boolean): SqlFunction =>
  ofStrings(1, 1, (text) => parsed(text.trim(), isWanted));

const MODIFIERS = /^[imsx]*$/;

function regexMatch(text: string, pattern: string, modifiers: string): Value {
  if (!MODIFIERS.test(modifiers)) return undefined;
  const isSpaced = modifiers.includes("x");
  const source = isSpaced ? pattern.replace(/\s+/g, "") : pattern;
  try {
    return new RegExp(source, modifiers.replace("x", "")).test(text);
  } catch {
    return undefined;
  }
}

export const strings: Readonly<Record<string, SqlFunction>> = {
  CONCAT: ofStrings(2, 200, (...texts) => texts.join("")),
  CONTAINS: test((text, part) => text.includes(part)),
  ENDSWITH: test((text, part) => text.endsWith(part)),
  INDEX_OF: total(2, 3, ([text, part, from = 0]) =>
    typeof text === "string" &&
    typeof part === "string" &&
    typeof from === "number"
      ? text.indexOf(part, from)
      : undefined,
  ),
  LEFT: sized((text, size) => (size <= 0 ? "" : text.slice(0, size))),
  LENGTH: ofStrings(1, 1, (text) => text.length),
  LOWER: ofStrings(1, 1, (text) => text.toLowerCase()),
  LTRIM: ofStrings(1, 1, (text) => text.trimStart()),
  REGEXMATCH: ofStrings(2, 3, (text, pattern = "", modifiers = "") =>
    regexMatch(text, pattern, modifiers),
  ),
  REPLACE: ofStrings(3, 3, (text, part = "", by = "") =>
    part === "" ? text : text.replaceAll(part, () => by),
  ),
  REPLICATE: sized((text, size) =>
    size < 0 || text.length * size > 10_000 ? undefined : text.repeat(size),
  ),
  REVERSE: ofStrings(1, 1, (text) => Array.from(text).reverse().join("")),
  RIGHT: sized((text, size) => (size <= 0 ? "" : text.slice(-size))),
  RTRIM: ofStrings(1, 1, (text) => text.trimEnd()),
  STARTSWITH: test((text, part) => text.startsWith(part)),
  STRINGEQUALS: test((text, part) => text === part),
  STRINGJOIN: total(2, 2, ([items, by]) =>
    isArray(items) &&
    items.every((item) => typeof item === "string") &&
    typeof by === "string"
      ? items.join(by)
      : undefined,
  ),
  STRINGSPLIT: ofStrings(2, 2, (text, by = "") => text.split(by)),
  STRINGTOARRAY: parsing(isArray),
  STRINGTOBOOLEAN: parsing((value) => typeof value === "boolean"),
  STRINGTONULL: parsing((value) => value === null),
  STRINGTONUMBER: parsing((value) => typeof value === "number"),
  STRINGTOOBJECT: parsing((value): value is JsonObject => isObject(value)),
  SUBSTRING: total(3, 3, ([text, start, size]) =>
    typeof text === "string" &&
    typeof start === "number" &&
    typeof size === "number"
      ? text.slice(Math.max(0, start), Math.max(0, start) + Math.max(0, size))
      : undefined,
  ),
  TOSTRING: total(1, 1, ([value]) =>
    value === undefined || typeof value === "string"
      ? value
      : JSON.stringify(value),
  ),
  TRIM: ofStrings(1, 1, (text) => text.trim()),
  UPPER: ofStrings(1, 1, (text) => text.toUpperCase()),
};
