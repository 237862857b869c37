import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { suggestion, type Mistake } from "./mistakes.ts";
import {
  keysAt,
  NAME,
  pipelineFile,
  type PipelineFile,
} from "./pipelineFile.ts";
import { sinkMistakes } from "./sinks.ts";
import {
  checkShape,
  mistakeAt,
  readSourceFile,
  type SourceFile,
} from "./sourceFile.ts";

/** A pipeline's folder as it was read. What could not be read is missing here and named among the mistakes. */
export interface PipelineFolder {
  readonly name: string;
  readonly source: SourceFile;
  readonly pipeline?: PipelineFile;
  /** By source. Whether one says what can be checked, the job's reader of contracts tells. */
  readonly contracts: ReadonlyMap<string, ReadContract>;
  readonly sql: ReadonlyMap<
    string,
    { readonly file: string; readonly text: string }
  >;
  readonly mistakes: readonly Mistake[];
}

interface ReadContract {
  readonly source: SourceFile;
  readonly document: object;
}

/** Folders that begin with a dot are an editor's. */
export const pipelineNames = (projectDir: string): string[] =>
  readdirSync(join(projectDir, "pipelines"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map(({ name }) => name);

export function readPipeline(projectDir: string, name: string): PipelineFolder {
  const folder = `pipelines/${name}`;
  const file = `${folder}/pipeline.yaml`;
  const nothing = {
    name,
    contracts: new Map<string, never>(),
    sql: new Map<string, never>(),
  };
  if (!existsSync(join(projectDir, file))) {
    const source = { file, value: undefined, mistakes: [], lineOf: () => 1 };
    return {
      ...nothing,
      source,
      mistakes: [
        {
          file,
          line: 1,
          message: "is missing: each pipeline's folder has one.",
        },
      ],
    };
  }
  const source = readSourceFile(projectDir, file);
  const mistakes: Mistake[] = [];
  if (!NAME.test(name)) {
    mistakes.push({
      file,
      line: 1,
      message: `the folder ${name} is no name: lower-case letters, digits and underscores.`,
    });
  }
  const read = checkShape(source, pipelineFile, (path) =>
    keysAt(path, source.value),
  );
  if ("mistakes" in read)
    return { ...nothing, source, mistakes: [...mistakes, ...read.mistakes] };
  const { contracts, mistakes: inContracts } = readContracts(
    projectDir,
    folder,
    source,
    read.value,
  );
  const { sql, mistakes: inSql } = readGold(
    projectDir,
    folder,
    source,
    read.value,
  );
  return {
    name,
    source,
    pipeline: read.value,
    contracts,
    sql,
    mistakes: [
      ...mistakes,
      ...inContracts,
      ...inSql,
      ...sinkMistakes(source, read.value),
    ],
  };
}

function readContracts(
  projectDir: string,
  folder: string,
  source: SourceFile,
  pipeline: PipelineFile,
) {
  const contracts = new Map<string, ReadContract>();
  const mistakes: Mistake[] = [];
  for (const [name, { kind, written }] of Object.entries(pipeline.sources)) {
    const path = ["sources", name];
    const file = `${folder}/${written.contract}`;
    if (!existsSync(join(projectDir, file))) {
      const at = [...path, "contract"];
      mistakes.push(
        missing(source, at, projectDir, folder, "contracts", written.contract),
      );
      continue;
    }
    const contract = readSourceFile(projectDir, file);
    mistakes.push(...contract.mistakes);
    if (contract.mistakes.length > 0) continue;
    const document = contract.value;
    if (typeof document !== "object" || document === null) {
      const message = "write an object with the properties of one event.";
      mistakes.push(mistakeAt(contract, [], message));
      continue;
    }
    contracts.set(name, { source: contract, document });
    for (const { path: below, message, near } of kind.mistakes(
      written,
      document,
    )) {
      const hint = near ? ` ${suggestion(near.word, near.words)}` : "";
      mistakes.push(mistakeAt(source, [...path, ...below], message + hint));
    }
  }
  return { contracts, mistakes };
}

function readGold(
  projectDir: string,
  folder: string,
  source: SourceFile,
  pipeline: PipelineFile,
) {
  const sql = new Map<string, { file: string; text: string }>();
  const mistakes: Mistake[] = [];
  for (const table of Object.keys(pipeline.gold)) {
    const file = `gold/${table}.sql`;
    if (existsSync(join(projectDir, folder, file))) {
      sql.set(table, {
        file,
        text: readFileSync(join(projectDir, folder, file), "utf8"),
      });
    } else
      mistakes.push(
        missing(source, ["gold", table], projectDir, folder, "gold", file),
      );
  }
  for (const file of filesIn(projectDir, folder, "gold")) {
    const table = file.replace(/\.sql$/, "");
    if (!file.endsWith(".sql") || table in pipeline.gold) continue;
    const message = `is not among the gold tables of pipeline.yaml: add ${table} with its key there, or remove the file.`;
    mistakes.push({ file: `${folder}/gold/${file}`, line: 1, message });
  }
  return { sql, mistakes };
}

function missing(
  source: SourceFile,
  path: readonly string[],
  projectDir: string,
  folder: string,
  kind: string,
  file: string,
): Mistake {
  const there = filesIn(projectDir, folder, kind).map(
    (name) => `${kind}/${name}`,
  );
  const message = `there is no file ${file}. ${suggestion(file, there)}`;
  return mistakeAt(source, path, message);
}

const filesIn = (
  projectDir: string,
  folder: string,
  kind: string,
): string[] => {
  const path = join(projectDir, folder, kind);
  return existsSync(path)
    ? readdirSync(path).filter((name) => !name.startsWith("."))
    : [];
};
