import { ask } from "./ask.ts";
import { blockedBatch, isBlockedBy, listBatches } from "./batches.ts";
import type { Clients } from "./clients.ts";
import type { PackagedDefinition } from "./definitions.ts";
import { blockedSink, type Sinks } from "./sinks.ts";

/** Something that does not go on by itself, or goes on and has to be looked after. */
export interface Notice {
  /** What stands still: the same as long as it does. */
  readonly what: string;
  /** In sentences for people: why, whose fault, what leads on. */
  readonly text: string;
  /** It may be of the time before the start, and is told once it has stood for a while. */
  readonly mayPass?: true;
  /** What to say when it is over, where that is not that it goes on. */
  readonly over?: string;
}

/** A pipeline, as `GET /api/pipelines/{pipeline}` tells of it. */
export interface PipelineView {
  readonly state: string;
  readonly detail?: string;
  /** What is to be looked after although all goes on, in the API's own words. */
  readonly remarks?: readonly {
    readonly about: string;
    readonly place: string;
    readonly text: string;
  }[];
  readonly sinks: Sinks;
}

export const readPipeline = (
  clients: Clients,
  pipeline: string,
): Promise<PipelineView> => ask(clients, `/api/pipelines/${pipeline}`);

export const disabled = (pipeline: string, detail: string): Notice => ({
  what: `The pipeline ${pipeline}`,
  text: `The pipeline ${pipeline} is disabled: ${detail}`,
});

export const blockedSinks = (pipeline: string, sinks: Sinks): Notice[] =>
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

/** The rows of a pipeline that do not arrive where they should, though its batches go on. */
export const degradations = (
  pipeline: string,
  { remarks = [] }: PipelineView,
): Notice[] =>
  remarks.map(({ about, place, text }) => ({
    what: `The ${about} of ${place} of ${pipeline}`,
    text: `The pipeline ${pipeline} is degraded.\n  ${text}`,
    over: `The pipeline ${pipeline}, ${place}: no longer too many are ${about}.`,
  }));

/** States that are told by what they are about: a batch, a sink, rows; or where there is nothing to tell. */
const TOLD_ELSEWHERE: ReadonlySet<string> = new Set([
  "ok",
  "blocked",
  "sinkBlocked",
  "degraded",
  "disabled",
]);

/** What keeps a pipeline back although none of its batches or sinks is blocked: health's own words. */
export const standstills = (
  pipeline: string,
  { state, detail = "no more is known" }: PipelineView,
): Notice[] =>
  TOLD_ELSEWHERE.has(state)
    ? []
    : [
        {
          what: `The pipeline ${pipeline}, ${state},`,
          text: `The pipeline ${pipeline} is in the state ${state}: ${detail}\n  docs/operations.md says of each state what frees it.`,
          over: `The pipeline ${pipeline} is no longer in the state ${state}.`,
          mayPass: true,
        },
      ];

/** What of a pipeline stands still now, or is to be looked after. */
export async function readNotices(
  clients: Clients,
  definition: PackagedDefinition,
): Promise<Notice[]> {
  const { pipeline } = definition;
  const view = await readPipeline(clients, pipeline);
  const { state, detail = "", sinks } = view;
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
  return [
    ...batches,
    ...standstills(pipeline, view),
    ...blockedSinks(pipeline, sinks),
    ...degradations(pipeline, view),
  ];
}
