/** Texts that are keys of rows and the names of documents. */
import { chanceOf } from "../../chance.ts";
import { naughtyTexts, zeroTexts } from "../naughty.ts";
import { judgeBody } from "../oracle/judge.ts";
import { readContract } from "../oracle/readContract.ts";
import type { EventVector, Wanted } from "../vectors.ts";
import { event } from "./event.ts";
import { randomText } from "./random.ts";

const columns = readContract("oddities", "text");

/** Each text is half of a key, in either place, and comes twice: the second one is the repetition. */
export function keys(seed: number, count: number): EventVector[] {
  const more = Array.from({ length: count }, (_, at) =>
    randomText(chanceOf(seed, "keys", at)),
  );
  // A document's id has 1,023 bytes at most and a partition 2,048, three for each that is no plain letter.
  const long = ["a", "é", "/"].flatMap((letter) =>
    [340, 342, 682, 684, 1_023, 1_024, 2_048, 2_049].map((length) =>
      letter.repeat(length),
    ),
  );
  const all = [
    ...new Set([...naughtyTexts, ...zeroTexts, "", ...more, ...long]),
  ];
  const known = new Set<string>();
  return all.flatMap((text) =>
    [
      { text, note: "a" },
      { text: "a", note: text },
      { text, note: "a" },
    ].map((body) => {
      const json = JSON.stringify(body);
      const isRepeated = known.has(json);
      known.add(json);
      const wanted: Wanted = isRepeated
        ? { repeated: true }
        : judgeBody(Buffer.from(json), columns);
      return event("key", json.slice(0, 60), json, wanted);
    }),
  );
}

/** Keys of the first batch come again in the second. */
export const laterKeys = (): EventVector[] =>
  ["null", "😀", "/", "new"].map((text) => {
    const json = JSON.stringify({ text, note: "a" });
    return event(
      "key",
      json,
      json,
      text === "new"
        ? judgeBody(Buffer.from(json), columns)
        : { repeated: true },
    );
  });
