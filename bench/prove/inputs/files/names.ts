/** Files whose names mean something to what reads them. */
import { naughtyTexts } from "../naughty.ts";
import type { FileVector } from "../vectors.ts";
import { both, CSV } from "./cases.ts";

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
