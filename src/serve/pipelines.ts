import type { Definition } from "../domain/definition.ts";
import { AssayError } from "../errors.ts";
import type { AppContext } from "../context.ts";
import { readHealth } from "./health.ts";
import { readSinks } from "./sinks.ts";
import { without } from "../domain/without.ts";
import type { PipelineListView, PipelineView } from "./views/pipelines.ts";

/** Every pipeline of the package. Costs what health costs, which stands for ten seconds. */
export async function listPipelines(
  context: AppContext,
): Promise<PipelineListView> {
  const { pipelines } = await readHealth(context);
  return {
    pipelines: Object.entries(pipelines).map(([pipeline, { state }]) => ({
      pipeline,
      state,
    })),
  };
}

/** Costs, beside health, what `readSinks` costs for one pipeline. */
export async function describePipeline(
  context: AppContext,
  pipeline: string,
): Promise<PipelineView> {
  const health = (await readHealth(context)).pipelines[pipeline];
  if (health === undefined)
    throw new AssayError(
      "PIPELINE_UNKNOWN",
      `There is no pipeline ${pipeline}.`,
    );
  const { state, detail } = health;
  const known = {
    pipeline,
    state,
    ...(detail === undefined ? {} : { detail }),
  };
  const definition = context.pipelines.definitions.get(pipeline);
  if (definition === undefined)
    return { ...known, sources: {}, tables: {}, sinks: {} };
  return {
    ...known,
    definition: definition.digest,
    sources: sourcesOf(definition),
    tables: Object.fromEntries(
      Object.entries(definition.gold).map(([table, { key }]) => [
        table,
        { key },
      ]),
    ),
    sinks: await readSinks(context, definition),
  };
}

/** What the pipeline's YAML says of them; a contract is too long for an overview. */
const sourcesOf = ({ sources }: Definition): PipelineView["sources"] =>
  Object.fromEntries(
    Object.entries(sources).map(([name, source]) => [
      name,
      {
        ...without(source, "contract"),
        kind: source.kind,
        input: source.input,
      },
    ]),
  );
