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
      if (!(table in pipeline.gold))
        add(
          path,
          `${table} is not among the gold tables. ${suggestion(table, Object.keys(pipeline.gold))}`,
        );
      else if (tables.indexOf(table) < index)
        add(path, `${table} is there twice: write it once.`);
    }
    if (after === undefined) continue;
    const others = Object.keys(sinks).filter((each) => each !== name);
    if (!(after in sinks))
      add(
        ["sinks", name, "after"],
        `${after} is not among the sinks. ${suggestion(after, others)}`,
      );
    else if (waitsForItself(name, sinks))
      add(
        ["sinks", name, "after"],
        after === name
          ? "waits for itself: leave it out."
          : `${after} waits for ${name} in turn: leave one of the two out.`,
      );
  }
  return mistakes;
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
