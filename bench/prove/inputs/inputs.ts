/** All inputs of the proof: what goes into which hub and which folder, in two rounds. */
import { laterReadings, readings } from "./bodies/readings.ts";
import { keys, laterKeys } from "./bodies/keys.ts";
import { notes } from "./bodies/notes.ts";
import { namedColumns, names } from "./bodies/properties.ts";
import { split } from "./bodies/split.ts";
import { columnarFiles } from "./files/columnar.ts";
import { csvFiles } from "./files/csv.ts";
import { csvOptionFiles } from "./files/csvOptions.ts";
import { generatedCsv } from "./files/generatedCsv.ts";
import { gzipFiles } from "./files/gzip.ts";
import { jsonFiles } from "./files/json.ts";
import { left } from "./files/left.ts";
import { oddNames } from "./files/names.ts";
import { pictures } from "./files/pictures.ts";
import { redropped } from "./files/redropped.ts";
import { goodTexts, strangers } from "./files/strangers.ts";
import type { EventVector, FileVector } from "./vectors.ts";

/** What is sent or dropped together. */
export interface Round {
  /** By hub, in the order of their positions. */
  readonly events: Readonly<Record<string, readonly EventVector[]>>;
  readonly files: readonly FileVector[];
}

export interface Inputs {
  readonly first: Round;
  /** When the first is processed: what depends on an earlier batch. */
  readonly second: Round;
}

/** @param count how many of each kind follow from the seed */
export function inputsOf(seed: number, count: number): Inputs {
  const first = readings(seed, count * 4);
  const columnar = columnarFiles(seed, count);
  const good = new Map(goodTexts());
  for (const { name, bytes } of columnar)
    if (name === "plain.avro" || name === "plain.parquet")
      good.set(name.replace("plain", "good"), bytes);
  return {
    first: {
      events: {
        readings: first,
        texts: keys(seed, count),
        names: names(),
        arrays: split("array"),
        records: split("records"),
        notes: notes(),
      },
      files: [
        ...csvFiles(),
        ...csvOptionFiles(),
        ...gzipFiles(),
        ...generatedCsv(seed, count),
        ...jsonFiles(),
        ...columnar,
        ...strangers(good),
        ...oddNames(),
        ...namedColumns(),
        ...pictures(),
        ...left(),
      ],
    },
    second: {
      events: {
        readings: laterReadings(first),
        texts: laterKeys(),
      },
      files: redropped(),
    },
  };
}
