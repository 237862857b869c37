import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { readAuthorText } from "./authorText.ts";
import {
  filesIn,
  missingPipelineFile,
  PIPELINE_FILE,
  strayParts,
  unusedFiles,
} from "./folderFiles.ts";
import { nearestOf, suggestion, type Mistake } from "./mistakes.ts";
import {
  knownAt,
  NAME,
  pipelineFile,
  type PipelineFile,
} from "./pipelineFile.ts";
import {
  contractsOf,
  hasOddName,
  readablePart,
  sourceNames,
} from "./readablePart.ts";
import { sinkMistakes } from "./sinks.ts";
import {
  checkShape,
  mistakeAt,
  nothingIn,
  readSourceFile,
  type SourceFile,
} from "./sourceFile.ts";

/** A pipeline's folder as it was read. What could not be read is missing here and named among the mistakes. */
export interface PipelineFolder {
  readonly name: string;
  readonly source: SourceFile;
  readonly pipeline?: PipelineFile;
  /** Also of a file with mistakes: what its SQL may read. */
  readonly sourceNames: readonly string[];
  /** By gold table; none where it has a mistake. */
  readonly keys: ReadonlyMap<string, readonly string[]>;
  /** By source. Whether one says what can be checked, the job's reader of contracts tells. */
  readonly contracts: ReadonlyMap<string, ReadContract>;
  readonly sql: ReadonlyMap<
    string,
    { readonly file: string; readonly text: string }
  >;
  readonly mistakes: readonly Mistake[];
}

export interface ReadContract {
  readonly source: SourceFile;
  readonly document: object;
}

/** Folders that begin with a dot are an editor's. */
export const pipelineNames = (projectDir: string): string[] =>
  filesIn(projectDir, "pipelines").filter((name) =>
    statSync(join(projectDir, "pipelines", name)).isDirectory(),
  );

export function readPipeline(projectDir: string, name: string): PipelineFolder {
  const folder = `pipelines/${name}`;
  const file = `${folder}/${PIPELINE_FILE}`;
  const nothing = {
    name,
    sourceNames: [],
    keys: new Map<string, never>(),
    contracts: new Map<string, never>(),
    sql: new Map<string, never>(),
  };
  if (!existsSync(join(projectDir, file)))
    return {
      ...nothing,
      source: nothingIn(file),
      mistakes: [missingPipelineFile(projectDir, folder)],
    };
  const source = readSourceFile(projectDir, file);
  const mistakes = strayParts(projectDir, folder);
  if (!NAME.test(name))
    mistakes.push({
      file,
      line: 1,
      message: `the folder's name ${name} is no name of a pipeline. Write lower-case letters, digits and underscores, 63 at most, a letter first.`,
    });
  const read = checkShape(source, pipelineFile, (path) =>
    knownAt(name, path, source.value),
  );
  const isWhole = "value" in read;
  const pipeline = isWhole ? read.value : readablePart(source.value);
  const where: Place = { projectDir, folder, source, pipeline };
  const { contracts, mistakes: inContracts } = readContracts(where);
  const { sql, mistakes: inSql } = readGold(where);
  return {
    name,
    source,
    ...(isWhole ? { pipeline } : {}),
    sourceNames: sourceNames(source.value),
    keys: new Map(
      Object.entries(pipeline.gold).map(([table, { key }]) => [table, key]),
    ),
    contracts,
    sql: hasOddName(source.value) ? new Map() : sql,
    mistakes: [
      ...mistakes,
      ...(isWhole ? [] : read.mistakes),
      ...inContracts,
      ...inSql,
      // What is used is known where all of it can be read.
      ...(isWhole
        ? [
            ...unusedFiles(projectDir, folder, pipeline),
            ...sinkMistakes(source, pipeline),
          ]
        : []),
    ],
  };
}

interface Place {
  readonly projectDir: string;
  readonly folder: string;
  readonly source: SourceFile;
  readonly pipeline: PipelineFile;
}

function readContracts({ projectDir, folder, source, pipeline }: Place) {
  const contracts = new Map<string, ReadContract>();
  const mistakes: Mistake[] = [];
  // Two sources may have one contract, whose mistakes are told once.
  const files = new Map<string, SourceFile>();
  for (const { name, contract: named } of contractsOf(source.value)) {
    const path = ["sources", name];
    const file = `${folder}/${named}`;
    if (!isFile(projectDir, file)) {
      const there = filesIn(projectDir, `${folder}/contracts`).map(
        (each) => `contracts/${each}`,
      );
      const message = `there is no file ${named}. ${there.length === 0 ? "Write it, with the properties of one event." : suggestion(named, there)}`;
      mistakes.push(mistakeAt(source, [...path, "contract"], message));
      continue;
    }
    const seen = files.get(file);
    const contract = seen ?? readSourceFile(projectDir, file);
    files.set(file, contract);
    const document = contract.value;
    const isObject =
      typeof document === "object" &&
      document !== null &&
      !Array.isArray(document);
    if (!isObject) {
      const message =
        "the contract is no object. Write an object with the properties of one event.";
      const own =
        contract.mistakes.length > 0
          ? contract.mistakes
          : [mistakeAt(contract, [], message)];
      if (seen === undefined) mistakes.push(...own);
      continue;
    }
    contracts.set(name, { source: contract, document });
    const own = pipeline.sources[name];
    for (const { path: below, message, near } of own?.kind.mistakes(
      own.written,
      document,
    ) ?? []) {
      const hint = near ? ` ${suggestion(near.word, near.words)}` : "";
      mistakes.push(mistakeAt(source, [...path, ...below], message + hint));
    }
  }
  return { contracts, mistakes };
}

function readGold({ projectDir, folder, source, pipeline }: Place) {
  const sql = new Map<string, { file: string; text: string }>();
  const mistakes: Mistake[] = [];
  for (const table of Object.keys(pipeline.gold)) {
    const file = `gold/${table}.sql`;
    if (!isFile(projectDir, `${folder}/${file}`)) {
      const free = filesIn(projectDir, `${folder}/gold`)
        .filter((each) => each.endsWith(".sql"))
        .map((each) => each.slice(0, -".sql".length))
        .filter((each) => !Object.hasOwn(pipeline.gold, each));
      const near = nearestOf(table, free);
      const instead = `Write the table's SELECT into it${near === undefined ? "" : `, or name the table ${near}, as the file gold/${near}.sql is`}.`;
      const message = `there is no file ${file}. ${instead}`;
      mistakes.push(mistakeAt(source, ["gold", table], message));
      continue;
    }
    const read = readAuthorText(projectDir, `${folder}/${file}`);
    if ("mistake" in read) mistakes.push(read.mistake);
    else sql.set(table, { file, text: read.text });
  }
  return { sql, mistakes };
}

const isFile = (projectDir: string, file: string): boolean => {
  const path = join(projectDir, file);
  return existsSync(path) && statSync(path).isFile();
};
