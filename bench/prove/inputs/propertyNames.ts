/** Names that no column may have: one list for the contract, for the SQL that reads its columns, and for what is sent and dropped. */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Each property with its column. */
export const propertyNames: readonly (readonly [
  property: string,
  column: string,
])[] = [
  ["device-id", "device_id"],
  ["_id", "own_id"],
  ["@timestamp", "sent_at"],
  ["Order ID", "order_id"],
  ["a.b", "dot"],
  ["a..b", "dots"],
  ["a/b", "slash"],
  ["a\\b", "backslash"],
  ["a'b", "quote"],
  ['a"b', "double_quote"],
  ["a`b", "backtick"],
  ["a;b", "semicolon"],
  ["a,b", "comma"],
  ["a\nb", "line_feed"],
  ["a\r\nb", "two_line_ends"],
  ["a\tb", "tab"],
  ["a\u0000b", "zero"],
  ["a b", "space"],
  ["a\u00a0b", "hard_space"],
  ["a: b", "colon_space"],
  ["a:b", "colon"],
  ["$", "dollar"],
  ["$.a", "path"],
  ["$['a']", "quoted_path"],
  ["${env:HOME}", "substitution"],
  ["%s", "percent"],
  ["%2F", "escaped_slash"],
  ["#", "hash"],
  ["?", "question"],
  ["*", "star"],
  ["[0]", "index"],
  ["{a}", "braces"],
  ["<a>", "angle"],
  ["--", "comment"],
  ["/* a */", "long_comment"],
  ["a=b", "equals"],
  ["a|b", "bar"],
  ["\\u0041", "escape"],
  ["😀", "emoji"],
  ["Überraschung", "umlaut"],
  ["日本語", "kanji"],
  ["\u202eabc", "right_to_left"],
  ["a\u200bb", "zero_width"],
  ["café", "composed"],
  ["cafe\u0301", "decomposed"],
  ["null", "null_name"],
  ["true", "true_name"],
  ["1", "one"],
  ["select", "select"],
  ["order", "order"],
  ["from", "from"],
  ["case", "lower_case"],
  ["CASE", "upper_case"],
  ["__proto__", "proto"],
  ["constructor", "constructor"],
  ["toString", "to_string"],
  ["_batch", "other_batch"],
  ["_verdict", "other_verdict"],
  ["x".repeat(300), "long_name"],
];

/** The pipeline that reads them, and its two sources: events and files. */
const PIPELINE = "oddities";
const SOURCES = ["names", "named"];

/** Writes the contract and the SQL into the folder of the proof's pipelines, if it has the one that reads them. */
export function writePropertyNames(pipelinesDir: string): void {
  const folder = join(pipelinesDir, PIPELINE);
  if (!existsSync(folder)) return;
  const properties = Object.fromEntries(
    propertyNames.map(([property, column]) => [
      property,
      { type: "string", "x-column": column },
    ]),
  );
  const contract = JSON.stringify({ type: "object", properties });
  writeFileSync(join(folder, "contracts", "names.schema.json"), contract);
  const columns = propertyNames.map(([, column]) => `\`${column}\``).join(", ");
  const selects = SOURCES.map(
    (source) =>
      `SELECT '${source}' AS source, _partition AS place, _sequence AS row, ${columns} FROM silver.${source}`,
  );
  writeFileSync(
    join(folder, "gold", "names.sql"),
    `${selects.join("\nUNION ALL\n")}\n`,
  );
}
