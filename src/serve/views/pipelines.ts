import * as z from "zod/mini";
import {
  countView,
  instantView,
  lazily,
  namedBy,
  type ViewOf,
} from "./shared.ts";

export const sinkStates = [
  "idle",
  "delivering",
  "waiting",
  "blocked",
  "retired",
] as const;

export const behindView = lazily(() =>
  z.strictObject({
    batches: countView().check(
      z.describe("Batches that have ended and are not delivered."),
    ),
    seconds: countView().check(z.describe("Since the first of them ended.")),
  }),
);

const sinkView = lazily(() =>
  z.strictObject({
    kind: z.string(),
    tables: z.array(z.string()),
    after: z.exactOptional(
      z.string().check(z.describe("Another sink, which delivers first.")),
    ),
    state: z.enum(sinkStates),
    behind: behindView(),
    refused: countView().check(
      z.describe("Documents that the store refused by their own fault."),
    ),
    blocked: z.exactOptional(
      z.strictObject({
        code: z.string(),
        message: z.string(),
        fault: z.enum(["ours", "theirs", "input"]),
        since: instantView(),
        retryAt: instantView(),
      }),
    ),
  }),
);

export const pipelineView = lazily(() =>
  z.strictObject({
    pipeline: z.string(),
    state: z.string().check(z.describe("As GET /api/health says it.")),
    detail: z.exactOptional(z.string()),
    definition: z.exactOptional(
      z.string().check(z.describe("Absent where the pipeline is disabled.")),
    ),
    sources: namedBy(
      z.looseObject({ kind: z.string(), input: z.enum(["stream", "files"]) }),
    ),
    tables: namedBy(z.strictObject({ key: z.array(z.string()) })),
    sinks: namedBy(sinkView()),
  }),
);

export const pipelineListView = lazily(() =>
  z.strictObject({
    pipelines: z.array(
      z.strictObject({ pipeline: z.string(), state: z.string() }),
    ),
  }),
);

export type SinkState = (typeof sinkStates)[number];
export type SinkView = ViewOf<typeof sinkView>;
export type PipelineView = ViewOf<typeof pipelineView>;
export type PipelineListView = ViewOf<typeof pipelineListView>;
