import type { Definition } from "../domain/definition.ts";
import { AssayError } from "../errors.ts";
import type { AppContext } from "../context.ts";
import {
  documentsOfSink,
  newestRows,
  refusedShareOf,
  shareOf,
  type NewestRows,
  type RecentRows,
} from "../domain/rows.ts";
import { readPipelineChecks } from "./health.ts";
import { without } from "../domain/without.ts";
import type {
  PipelineListView,
  PipelineView,
  SinkView,
} from "./views/pipelines.ts";

/** Every pipeline of the package. Costs what health costs, at most once a second. */
export async function listPipelines(
  context: AppContext,
): Promise<PipelineListView> {
  const checks = await readPipelineChecks(context);
  return {
    pipelines: [...checks].map(([pipeline, { health }]) => ({
      pipeline,
      state: health.state,
    })),
  };
}

/** Costs what health costs, at most once a second. */
export async function describePipeline(
  context: AppContext,
  pipeline: string,
): Promise<PipelineView> {
  const check = (await readPipelineChecks(context)).get(pipeline);
  if (check === undefined)
    throw new AssayError(
      "PIPELINE_UNKNOWN",
      `There is no pipeline ${pipeline}.`,
    );
  const { health, withKey, recent = {}, sinks = {} } = check;
  const { state, detail } = health;
  const known = {
    pipeline,
    state,
    ...(detail === undefined ? {} : { detail }),
    ...withKey,
  };
  const definition = context.pipelines.definitions.get(pipeline);
  if (definition === undefined)
    return { ...known, sources: {}, tables: {}, sinks: {} };
  return {
    ...known,
    definition: definition.digest,
    sources: sourcesOf(definition, recent),
    tables: tablesOf(definition, recent),
    sinks: sinksOf(sinks, recent),
  };
}

/** What the pipeline's YAML says of them; a contract is too long for an overview. And what became of their rows. */
const sourcesOf = (
  { sources }: Definition,
  { rows: noted = {} }: RecentRows,
): PipelineView["sources"] =>
  Object.fromEntries(
    Object.entries(sources).map(([name, source]) => [
      name,
      {
        ...without(source, "contract"),
        kind: source.kind,
        input: source.input,
        ...(noted[name] ? { newest: rowsOf(newestRows(noted[name])) } : {}),
      },
    ]),
  );

const rowsOf = (newest: NewestRows) => ({
  ...newest,
  quarantinedShare: shareOf(newest.quarantined, newest.rows),
  lateShare: shareOf(newest.late, newest.rows),
});

const tablesOf = (
  { gold }: Definition,
  { tables: noted = {} }: RecentRows,
): PipelineView["tables"] =>
  Object.fromEntries(
    Object.entries(gold).map(([name, { key }]) => {
      const counts = noted[name];
      const refusedShare = counts && refusedShareOf(counts);
      return [name, { key, ...(counts ? { ...counts, refusedShare } : {}) }];
    }),
  );

const sinksOf = (
  sinks: Readonly<Record<string, SinkView>>,
  recent: RecentRows,
): PipelineView["sinks"] =>
  Object.fromEntries(
    Object.entries(sinks).map(([name, sink]) => {
      const documents = documentsOfSink(recent, sink);
      return [
        name,
        documents === undefined
          ? sink
          : { ...sink, refusedShare: shareOf(sink.refused, documents) },
      ];
    }),
  );
