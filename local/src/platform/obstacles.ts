import { ask } from "./ask.ts";
import { blockedBatch, isBlockedBy, listBatches } from "./batches.ts";
import type { Clients } from "./clients.ts";
import type { PackagedDefinition } from "./definitions.ts";
import { blockedSink, type Sinks } from "./sinks.ts";

/** Something that does not go on by itself. */
export interface Obstacle {
  /** What stands still: the same as long as it does. */
  readonly what: string;
  /** In sentences for people: why, whose fault, what leads on. */
  readonly text: string;
}

/** A pipeline, as `GET /api/pipelines/{pipeline}` tells of it. */
export interface PipelineView {
  readonly state: string;
  readonly detail?: string;
  readonly sinks: Sinks;
}

export const readPipeline = (
  clients: Clients,
  pipeline: string,
): Promise<PipelineView> => ask(clients, `/api/pipelines/${pipeline}`);

export const disabled = (pipeline: string, detail: string): Obstacle => ({
  what: `The pipeline ${pipeline}`,
  text: `The pipeline ${pipeline} is disabled: ${detail}`,
});

export const blockedSinks = (pipeline: string, sinks: Sinks): Obstacle[] =>
  Object.entries(sinks).flatMap(([name, sink]) =>
    sink.state === "blocked"
      ? [
          {
            what: `The sink ${name} of ${pipeline}`,
            text: blockedSink(pipeline, name, sink),
          },
        ]
      : [],
  );

/** What of a pipeline stands still now. */
export async function readObstacles(
  clients: Clients,
  definition: PackagedDefinition,
): Promise<Obstacle[]> {
  const { pipeline } = definition;
  const { state, detail = "", sinks } = await readPipeline(clients, pipeline);
  if (state === "disabled") return [disabled(pipeline, detail)];
  const [newest] = await listBatches(clients, pipeline);
  const batches =
    newest && isBlockedBy(newest, definition)
      ? [
          {
            what: `Batch ${newest.batch} of ${pipeline}`,
            text: blockedBatch(pipeline, newest),
          },
        ]
      : [];
  return [...batches, ...blockedSinks(pipeline, sinks)];
}
