/** What the routes answer. Packaging and tests hold the answers against it; the app has the types and loads nothing. */
import { z } from "zod";
import { batchListView, batchView } from "../../serve/views/batches.ts";
import { healthView } from "../../serve/views/health.ts";
import { insightView } from "../../serve/views/insights.ts";
import { pipelineListView, pipelineView } from "../../serve/views/pipelines.ts";
import type { ViewOf } from "../../serve/views/shared.ts";

export const answers = {
  batch: batchView,
  batches: batchListView,
  health: healthView,
  insight: insightView,
  openapi: z.looseObject({
    openapi: z.literal("3.1.0"),
    paths: z.looseObject({}),
  }),
  pipeline: pipelineView,
  pipelines: pipelineListView,
};

export type AnswerName = keyof typeof answers;
export type AnswerOf<Name extends AnswerName> = ViewOf<(typeof answers)[Name]>;
