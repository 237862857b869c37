import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { unservedFiles } from "../../../local/src/platform/unservedFiles.ts";
import { temporaryState } from "../../support/assay.ts";
import { weather } from "./definitions.ts";

const stateDir = temporaryState();
const landing = join(stateDir, "lake", "landing", "stations");
afterAll(() => rmSync(stateDir, { recursive: true }));

const namesOf = (): string[] =>
  unservedFiles(stateDir, weather).map(({ what }) => what);

test("a dropped file whose name the local lake does not show is told, and one that is hidden on purpose is not", () => {
  expect(namesOf()).toEqual([]);
  for (const name of [
    "good.csv",
    ".hidden\\.csv",
    "a\\b.csv",
    "line\nend.csv",
  ]) {
    mkdirSync(join(landing, "below"), { recursive: true });
    writeFileSync(join(landing, "below", name), "a\n1\n");
  }
  expect(namesOf().sort()).toEqual([
    String.raw`The file "landing/stations/below/a\\b.csv" of weather`,
    String.raw`The file "landing/stations/below/line\nend.csv" of weather`,
  ]);
  rmSync(landing, { recursive: true });
  expect(namesOf()).toEqual([]);
});
