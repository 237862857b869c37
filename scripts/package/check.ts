import { spawnSync } from "node:child_process";
import { venvPython } from "../setup/paths.mjs";
import { sentenceOf, type Mistake } from "./mistakes.ts";
import { mistakeAt } from "./sourceFile.ts";
import type { PipelineFolder } from "./readPipeline.ts";

/** What the job's own readers say of a pipeline's gold. */
export interface CheckedGold {
  readonly reads: Readonly<Record<string, readonly string[]>>;
  /** The tables, each after those that it reads. */
  readonly order: readonly string[];
}

export interface Checked {
  readonly gold: ReadonlyMap<string, CheckedGold>;
  readonly mistakes: readonly Mistake[];
  /** What is not refused. */
  readonly warnings: readonly Mistake[];
}

interface Answer {
  readonly pipelines: Readonly<
    Record<
      string,
      {
        readonly tables: Readonly<
          Record<string, { readonly reads: readonly string[] }>
        >;
        readonly order: readonly string[];
        readonly mistakes: readonly ToldInFile[];
        readonly warnings: readonly ToldInFile[];
      }
    >
  >;
  readonly contracts: {
    readonly mistakes: readonly (Told & {
      readonly contract: number;
      readonly path: readonly PropertyKey[];
    })[];
  };
}

/** Of an answer: as much as Node keeps of a program's output is 1 MB by default. */
const MAX_BYTES = 64 * 2 ** 20;

interface Told {
  readonly message: string;
  readonly instead: string;
}

interface ToldInFile extends Told {
  /** In the pipeline's folder. */
  readonly file: string;
  readonly line: number;
}

/**
 * Gold SQL and contracts are checked by the code that reads them in the job, so both understand the same: what it
 * would refuse in a batch is a mistake here. One start of Python for all pipelines.
 */
export function checkWithJob(folders: readonly PipelineFolder[]): Checked {
  // Two sources may have one contract.
  const contracts = [
    ...new Map(
      folders
        .flatMap((folder) => [...folder.contracts.values()])
        .map((contract) => [contract.source.file, contract]),
    ).values(),
  ];
  const answer = ask({
    pipelines: folders.map(
      ({ name, sourceNames, contracts: own, keys, sql }) => ({
        pipeline: name,
        sources: Object.fromEntries(
          sourceNames.map((source) => [
            source,
            own.get(source)?.document ?? null,
          ]),
        ),
        gold: Object.fromEntries(
          [...sql].map(([table, { file, text }]) => [
            table,
            { file, sql: text, key: keys.get(table) ?? [] },
          ]),
        ),
      }),
    ),
    contracts: contracts.map(({ document }) => document),
  });
  return {
    gold: new Map(
      Object.entries(answer.pipelines).map(([name, { tables, order }]) => [
        name,
        {
          order,
          reads: Object.fromEntries(
            Object.entries(tables).map(([table, { reads }]) => [table, reads]),
          ),
        },
      ]),
    ),
    warnings: Object.entries(answer.pipelines).flatMap(([name, { warnings }]) =>
      inPipeline(name, warnings),
    ),
    mistakes: [
      ...Object.entries(answer.pipelines).flatMap(([name, { mistakes }]) =>
        inPipeline(name, mistakes),
      ),
      ...answer.contracts.mistakes.flatMap(({ contract, path, ...told }) => {
        const source = contracts[contract]?.source;
        return source === undefined
          ? []
          : mistakeAt(source, path, sentenceOf(told));
      }),
    ],
  };
}

const inPipeline = (
  name: string,
  found: readonly ToldInFile[],
): readonly Mistake[] =>
  found.map(({ file, line, ...told }) => ({
    file: `pipelines/${name}/${file}`,
    line,
    message: sentenceOf(told),
  }));

function ask(request: object): Answer {
  const { status, stdout, stderr } = spawnSync(
    venvPython,
    ["-m", "assay_jobs.check"],
    { input: JSON.stringify(request), encoding: "utf8", maxBuffer: MAX_BYTES },
  );
  if (status !== 0)
    throw new Error(`The pipelines could not be checked:\n${stderr}`);
  // As databricks/src/assay_jobs/check says.
  return JSON.parse(stdout) as Answer;
}
