import { judgeBody } from "../oracle/judge.ts";
import { readContract } from "../oracle/readContract.ts";
import type { EventVector } from "../vectors.ts";
import { event } from "./event.ts";

const columns = readContract("oddities", "note");

/** An event of one megabyte at most; three of them make a document that no store takes. */
export const LARGE_NOTE = 900_000;

export const notes = (): EventVector[] =>
  [
    ...["x", "y", "z"].map((letter) => ({
      device: "large",
      note: letter.repeat(LARGE_NOTE),
    })),
    { device: "small", note: "a" },
    { device: "fits", note: "é".repeat(LARGE_NOTE / 2) },
  ].map((body) => {
    const json = JSON.stringify(body);
    return event(
      "large",
      body.device,
      json,
      judgeBody(Buffer.from(json), columns),
    );
  });
