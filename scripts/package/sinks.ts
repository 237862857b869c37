import type { SinkDefinition } from "../../src/domain/definition.ts";
import { sinkKinds } from "../../src/sinks/index.ts";
import { suggestion, type Mistake } from "./mistakes.ts";
import type { FileSink, PipelineFile } from "./pipelineFile.ts";
import { mistakeAt, type SourceFile } from "./sourceFile.ts";

/** The sinks of a pipeline; without `sinks`, one cosmos with all tables. */
export function sinksOf({ sinks }: PipelineFile): Record<string, FileSink> {
  if (sinks !== undefined) return sinks;
  const kind = sinkKinds["cosmos"];
  return kind === undefined ? {} : { cosmos: { kind, settings: {} } };
}

export const compileSink = (
  { kind, tables, after, settings }: FileSink,
  allTables: readonly string[],
): SinkDefinition => ({
  kind: kind.name,
  tables: [...(tables ?? allTables)],
  ...(after === undefined ? {} : { after }),
  settings,
});

/** Tables and sinks that are named and are not there, and circles. */
export function sinkMistakes(
  source: SourceFile,
  pipeline: PipelineFile,
): Mistake[] {
  const sinks = sinksOf(pipeline);
  const mistakes: Mistake[] = [];
  const add = (path: readonly string[], message: string): void => {
    mistakes.push(mistakeAt(source, path, message));
  };
  for (const [name, { tables = [], after }] of Object.entries(sinks)) {
    for (const [index, table] of tables.entries()) {
      const path = ["sinks", name, "tables"];
      if (!Object.hasOwn(pipeline.gold, table))
        add(
          path,
          `${table} is not among the gold tables. ${suggestion(table, Object.keys(pipeline.gold))}`,
        );
      else if (tables.indexOf(table) < index)
        add(path, `${table} is there twice. Write it once.`);
    }
    if (after === undefined) continue;
    const others = Object.keys(sinks).filter((each) => each !== name);
    if (!Object.hasOwn(sinks, after))
      add(
        ["sinks", name, "after"],
        `${after} is not among the sinks. ${others.length === 0 ? "Leave after out." : suggestion(after, others)}`,
      );
    else if (waitsForItself(name, sinks))
      add(
        ["sinks", name, "after"],
        after === name
          ? "waits for itself. Leave after out."
          : `${after} waits for ${name} in turn. Leave one of the two out.`,
      );
    else {
      const notThere = without(pipeline, sinks[name], sinks[after]);
      if (notThere.length > 0)
        add(
          ["sinks", name, "after"],
          `${after} does not deliver ${notThere.join(", ")}, so there is nothing to wait for. Add ${notThere.length === 1 ? "it" : "them"} to the tables of ${after}, or deliver ${notThere.length === 1 ? "it" : "them"} by another sink without after.`,
        );
    }
  }
  return mistakes;
}

/** The tables of a sink that another does not have: a batch that changes only these would not be waited for. */
function without(
  { gold }: PipelineFile,
  sink: FileSink | undefined,
  other: FileSink | undefined,
): string[] {
  const all = Object.keys(gold);
  const others = other?.tables ?? all;
  return (sink?.tables ?? all).filter((table) => !others.includes(table));
}

/** Follows `after`, as many steps as there are sinks. */
function waitsForItself(
  name: string,
  sinks: Readonly<Record<string, FileSink>>,
): boolean {
  let at = sinks[name]?.after;
  for (let step = 0; step < Object.keys(sinks).length; step += 1) {
    if (at === name) return true;
    at = at === undefined ? undefined : sinks[at]?.after;
  }
  return false;
}
