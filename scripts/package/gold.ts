import { spawnSync } from "node:child_process";
import { venvPython } from "../setup/paths.mjs";
import type { Mistake } from "./mistakes.ts";
import type { PipelineFolder } from "./readPipeline.ts";

/** What the SQL parser of the jobs says of a pipeline's gold. */
export interface CheckedGold {
  readonly reads: Readonly<Record<string, readonly string[]>>;
  /** The tables, each after those that it reads. */
  readonly order: readonly string[];
  readonly mistakes: readonly Mistake[];
}

interface Answer {
  readonly tables: Readonly<
    Record<string, { readonly reads: readonly string[] }>
  >;
  readonly order: readonly string[];
  readonly mistakes: readonly {
    file: string;
    line: number;
    message: string;
    instead: string;
  }[];
}

/** Gold SQL is checked by the parser that rewrites it in the job, so both understand the same. */
export function checkGold({
  name,
  pipeline,
  sql,
}: PipelineFolder): CheckedGold {
  const gold = Object.fromEntries(
    [...sql].map(([table, { file, text }]) => [
      table,
      { file, sql: text, key: pipeline?.gold[table]?.key ?? [] },
    ]),
  );
  const request = {
    pipeline: name,
    sources: Object.keys(pipeline?.sources ?? {}),
    gold,
  };
  const { status, stdout, stderr } = spawnSync(
    venvPython,
    ["-m", "assay_jobs.check_sql"],
    {
      input: JSON.stringify(request),
      encoding: "utf8",
    },
  );
  if (status !== 0)
    throw new Error(`The SQL of ${name} could not be checked:\n${stderr}`);
  const answer = JSON.parse(stdout) as Answer;
  return {
    reads: Object.fromEntries(
      Object.entries(answer.tables).map(([table, { reads }]) => [table, reads]),
    ),
    order: answer.order,
    mistakes: answer.mistakes.map(({ file, line, message, instead }) => ({
      file: `pipelines/${name}/${file}`,
      line,
      message: instead === "" ? message : `${message} ${instead}`,
    })),
  };
}
