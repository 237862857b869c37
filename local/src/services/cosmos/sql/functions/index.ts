import { arrays } from "./arrays.ts";
import { dates } from "./dates.ts";
import type { SqlFunction } from "./definition.ts";
import { numbers } from "./numbers.ts";
import { strings } from "./strings.ts";
import { types } from "./types.ts";

const functions = new Map<string, SqlFunction>(
  [arrays, dates, numbers, strings, types].flatMap((group) =>
    Object.entries(group),
  ),
);

/** A built-in function by its name in capitals. */
export const functionNamed = (name: string): SqlFunction | undefined =>
  functions.get(name);

export const functionNames = (): readonly string[] =>
  [...functions.keys()].sort();
