import { z } from "zod";
import { sinkBlock } from "../../domain/schemas/pipeline.ts";
import { count, digest, name } from "../../domain/schemas/shared.ts";
import { byName, type ViewOf } from "./shared.ts";

export const sinkState = z.enum([
  "idle",
  "delivering",
  "waiting",
  "blocked",
  "retired",
]);

export const behindView = z.strictObject({
  batches: count.describe("Batches that have ended and are not delivered."),
  seconds: count.describe("Since the first of them ended."),
});

const sinkView = z.strictObject({
  kind: z.string(),
  tables: z.array(name),
  after: name.describe("Another sink, which delivers first.").exactOptional(),
  state: sinkState,
  behind: behindView,
  refused: count.describe("Documents that the store refused by their fault."),
  blocked: sinkBlock.omit({ failures: true, failedAt: true }).exactOptional(),
});

export const pipelineView = z.strictObject({
  pipeline: name,
  state: z.string().describe("As GET /api/health says it."),
  detail: z.string().exactOptional(),
  definition: digest
    .describe("Absent where the pipeline is disabled.")
    .exactOptional(),
  sources: byName(
    z.looseObject({ kind: z.string(), input: z.enum(["stream", "files"]) }),
  ),
  tables: byName(z.strictObject({ key: z.array(z.string()) })),
  sinks: byName(sinkView),
});

export const pipelineListView = z.strictObject({
  pipelines: z.array(pipelineView.pick({ pipeline: true, state: true })),
});

export type SinkState = z.infer<typeof sinkState>;
export type SinkView = ViewOf<typeof sinkView>;
export type PipelineView = ViewOf<typeof pipelineView>;
export type PipelineListView = ViewOf<typeof pipelineListView>;
