import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  contractFile,
  isInstant,
  keywordsAt,
  type Contract,
} from "./contractFile.ts";
import { suggestion, type Mistake } from "./mistakes.ts";
import {
  isEventSource,
  keysAt,
  NAME,
  pipelineFile,
  type PipelineFile,
} from "./pipelineFile.ts";
import { checkShape, readSourceFile, type SourceFile } from "./sourceFile.ts";

/** A pipeline's folder as it was read. What could not be read is missing here and named among the mistakes. */
export interface PipelineFolder {
  readonly name: string;
  readonly source: SourceFile;
  readonly pipeline?: PipelineFile;
  readonly contracts: ReadonlyMap<
    string,
    {
      readonly source: SourceFile;
      readonly value: Contract;
      readonly document: object;
    }
  >;
  readonly sql: ReadonlyMap<
    string,
    { readonly file: string; readonly text: string }
  >;
  readonly mistakes: readonly Mistake[];
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
    mistakes: [...mistakes, ...inContracts, ...inSql],
  };
}

function readContracts(
  projectDir: string,
  folder: string,
  source: SourceFile,
  pipeline: PipelineFile,
) {
  const contracts = new Map<
    string,
    { source: SourceFile; value: Contract; document: object }
  >();
  const mistakes: Mistake[] = [];
  for (const [name, entry] of Object.entries(pipeline.sources)) {
    const file = `${folder}/${entry.contract}`;
    if (!existsSync(join(projectDir, file))) {
      mistakes.push(
        missing(
          source,
          ["sources", name, "contract"],
          projectDir,
          folder,
          "contracts",
          entry.contract,
        ),
      );
      continue;
    }
    const document = readSourceFile(projectDir, file);
    const contract = checkShape(document, contractFile, (path) =>
      keywordsAt(path, document.value),
    );
    if ("mistakes" in contract) {
      mistakes.push(...contract.mistakes);
      continue;
    }
    contracts.set(name, {
      source: document,
      value: contract.value,
      document: document.value as object,
    });
    if (!isEventSource(entry)) continue;
    const line = source.lineOf(["sources", name, "event_time"]);
    if (
      entry.event_time !== undefined &&
      !isInstant(contract.value, entry.event_time)
    ) {
      const instants = Object.keys(contract.value.properties).filter(
        (property) => isInstant(contract.value, property),
      );
      const message = `event_time: ${entry.event_time} is no property with x-parse or a date format in ${entry.contract}. ${suggestion(entry.event_time, instants)}`;
      mistakes.push({ file: source.file, line, message: message.trim() });
    }
    if (entry.late_after !== undefined && entry.event_time === undefined) {
      const message =
        "late_after: needs event_time, the property that says when the event happened.";
      mistakes.push({
        file: source.file,
        line: source.lineOf(["sources", name, "late_after"]),
        message,
      });
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
  const message =
    `${path.join(".")}: there is no file ${file}. ${suggestion(file, there)}`.trim();
  return { file: source.file, line: source.lineOf(path), message };
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
