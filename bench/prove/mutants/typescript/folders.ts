/** What is mutated of the app. */
import { filesBelow } from "../../../../test/support/app/imports.ts";
import { chanceOf } from "../../chance.ts";
import type { Folder } from "./stryker.ts";

const NAMES = [
  "domain",
  "ledger",
  "ingest",
  "sources",
  "orchestrators",
  "process",
  "sinks",
];

const filesOf = (name: string): string[] => filesBelow(`src/${name}`, ".ts");

export const allFolders = (): Folder[] =>
  NAMES.map((name) => {
    const files = filesOf(name);
    return { name, files, mutate: files };
  });

/** Files of a sample: about sixty mutants. */
const SAMPLE_FILES = 5;

export function sampleOf(seed: number): Folder {
  const all = NAMES.flatMap(filesOf);
  const chance = chanceOf(seed, "mutants", 0);
  const files = chance
    .several(SAMPLE_FILES, 0, all.length - 1)
    .flatMap((at) => all[at] ?? []);
  return { name: "sample", files, mutate: files };
}
