import { chanceOf } from "../chance.ts";
import type { BatchFiles } from "./batchFiles.ts";

/** Where in the life of a batch everything is killed. */
export interface Kill {
  readonly moment: Moment;
  /** So long after that moment was seen. */
  readonly afterMs: number;
}

const moments = {
  sent: () => true,
  planned: (files: BatchFiles, batch: number) =>
    files.has(batch, "manifest.json"),
  submitted: (files: BatchFiles, batch: number) =>
    files.has(batch, "attempts", "1.json"),
  working: (files: BatchFiles, batch: number) => files.has(batch, "work"),
  refined: (files: BatchFiles, batch: number) =>
    files.has(batch, "silver.json"),
  ended: (files: BatchFiles, batch: number) => files.has(batch, "process.json"),
} as const;

export type Moment = keyof typeof moments;

export const hasCome = (
  { moment }: Kill,
  files: BatchFiles,
  batch: number,
): boolean => moments[moment](files, batch) || files.has(batch, "process.json");

/** Batches in which there is a kill, from `first` to `last`; Spark's steps take longer than the stand-in's. */
export function killsOf(
  seed: number,
  count: number,
  first: number,
  last: number,
  longestMs: number,
): ReadonlyMap<number, Kill> {
  const names = Object.keys(moments) as Moment[];
  const batches = chanceOf(seed, "kills", first).several(count, first, last);
  return new Map(
    batches.map((batch) => {
      const chance = chanceOf(seed, "kill", batch);
      const moment = chance.pick(names);
      return [batch, { moment, afterMs: chance.between(0, longestMs) }];
    }),
  );
}
