/** A folder of pipelines as an author has it, for the tests of what she gets wrong. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { clashesOf } from "../../scripts/package/clashes.ts";
import { strayPipelines } from "../../scripts/package/folderFiles.ts";
import {
  pipelineNames,
  readPipeline,
} from "../../scripts/package/readPipeline.ts";

/** Made anew for each test. */
export let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), "assay-author-"))));
afterEach(() => {
  rmSync(dir, { recursive: true });
});

export const write = (file: string, content: string | Uint8Array): void => {
  const path = join(dir, "pipelines", file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
};

export const SOURCES = `sources:
  s: { hub: s, contract: contracts/c.schema.json }
`;
export const GOLD = `gold:
  t: { key: [id] }
`;

/** A pipeline without mistakes, but for what the test writes over it. */
export function aPipeline(yaml: string, name = "p"): void {
  write(`${name}/pipeline.yaml`, yaml);
  write(`${name}/contracts/c.schema.json`, '{ "properties": {} }');
  write(`${name}/gold/t.sql`, "SELECT id FROM silver.s");
}

/** Each with the file below `pipelines/` and the line. */
export const mistakes = (): string[] => {
  const folders = pipelineNames(dir).map((name) => readPipeline(dir, name));
  return [
    ...strayPipelines(dir),
    ...folders.flatMap((folder) => folder.mistakes),
    ...clashesOf(folders),
  ].map(
    ({ file, line, message }) =>
      `${file.replace("pipelines/", "")}:${String(line)} ${message}`,
  );
};
