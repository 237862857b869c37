/** What lies in a pipeline's folder and nobody reads: an author takes it for a part of her pipeline. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { nearestOf, type Mistake } from "./mistakes.ts";
import type { PipelineFile } from "./pipelineFile.ts";

export const PIPELINE_FILE = "pipeline.yaml";
const FOLDERS = ["gold", "contracts"];
/** Notes are nobody's mistake, nor is what an editor or Git keeps. */
const NOTES = [".md", ".txt"];
/** Endings of what a pipeline is made of here or elsewhere. */
const PARTS = [".yaml", ".yml", ".json", ".sql", ".py", ".ipynb"];

/** The names in a folder; none where it is not there. */
export const filesIn = (projectDir: string, folder: string): string[] => {
  const path = join(projectDir, folder);
  return existsSync(path) && statSync(path).isDirectory()
    ? readdirSync(path).filter((name) => !name.startsWith("."))
    : [];
};

/** What stands in the place of a missing `pipeline.yaml`. */
export function missingPipelineFile(
  projectDir: string,
  folder: string,
): Mistake {
  const other = filesIn(projectDir, folder).find((name) =>
    /^pipelines?\.(ya?ml|json)$/i.test(name),
  );
  return other === undefined
    ? {
        file: `${folder}/${PIPELINE_FILE}`,
        line: 1,
        message: `is missing. Write it with the pipeline's sources and gold, or remove the folder.`,
      }
    : {
        file: `${folder}/${other}`,
        line: 1,
        message: `has a name that nobody reads. Name it ${PIPELINE_FILE}.`,
      };
}

/** Beside the folders of pipelines. */
export const strayPipelines = (projectDir: string): Mistake[] =>
  filesIn(projectDir, "pipelines")
    .filter(
      (name) =>
        PARTS.includes(extname(name)) &&
        !statSync(join(projectDir, "pipelines", name)).isDirectory(),
    )
    .map((name) => ({
      file: `pipelines/${name}`,
      line: 1,
      message: `is in no pipeline's folder. Move it to pipelines/<name>/${PIPELINE_FILE} or the like, or remove it.`,
    }));

/** Beside `pipeline.yaml`. */
export const strayParts = (projectDir: string, folder: string): Mistake[] =>
  filesIn(projectDir, folder).flatMap((name) => {
    if (name === PIPELINE_FILE || FOLDERS.includes(name)) return [];
    const isFolder = statSync(join(projectDir, folder, name)).isDirectory();
    const near = isFolder ? nearestOf(name, FOLDERS) : undefined;
    if (isFolder && near === undefined) return [];
    if (!isFolder && !PARTS.includes(extname(name))) return [];
    return [
      {
        file: `${folder}/${name}`,
        line: 1,
        message: `is not read. ${near === undefined ? `Move it into gold/ or contracts/, or remove it.` : `Did you mean ${near}?`}`,
      },
    ];
  });

/** In `gold` and `contracts`. */
export const unusedFiles = (
  projectDir: string,
  folder: string,
  pipeline: PipelineFile,
): Mistake[] => [
  ...otherThan(projectDir, `${folder}/gold`, (name) =>
    unusedGold(name, pipeline),
  ),
  ...unusedContracts(projectDir, folder, pipeline),
];

/** Where a source names a file that is not there, it may mean the one that nobody names. */
function unusedContracts(
  projectDir: string,
  folder: string,
  { sources }: PipelineFile,
): Mistake[] {
  const used = Object.values(sources).map(({ written }) => written.contract);
  const there = filesIn(projectDir, `${folder}/contracts`);
  if (used.some((path) => !there.includes(path.replace(/^contracts\//, ""))))
    return [];
  return otherThan(projectDir, `${folder}/contracts`, (name) =>
    used.includes(`contracts/${name}`)
      ? undefined
      : `is the contract of no source. Write contract: contracts/${name} in a source of ${PIPELINE_FILE}, or remove the file.`,
  );
}

const otherThan = (
  projectDir: string,
  folder: string,
  why: (name: string) => string | undefined,
): Mistake[] =>
  filesIn(projectDir, folder)
    .filter((name) => !NOTES.includes(extname(name).toLowerCase()))
    .flatMap((name) => {
      const message = why(name);
      return message === undefined
        ? []
        : [{ file: `${folder}/${name}`, line: 1, message }];
    });

function unusedGold(name: string, { gold }: PipelineFile): string | undefined {
  if (!name.endsWith(".sql"))
    return "is not read: gold tables are SQL. Write a SELECT into a file <table>.sql, or remove the file.";
  const table = name.slice(0, -".sql".length);
  return Object.hasOwn(gold, table)
    ? undefined
    : `is not among the gold tables of ${PIPELINE_FILE}. Add ${table} with its key there, or remove the file.`;
}
