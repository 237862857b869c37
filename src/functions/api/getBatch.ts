import { describeBatch } from "../../serve/batches.ts";
import { batchParameters } from "./parameters.ts";
import { defineRoute } from "./route.ts";

export const getBatch = defineRoute({
  name: "getBatch",
  method: "GET",
  path: "batches/{pipeline}/{batch}",
  role: "reader",
  summary: "One batch of a pipeline, by its number.",
  parameters: batchParameters,
  answer: "batch",
  problems: ["PIPELINE_UNKNOWN", "BATCH_UNKNOWN"],
  handle: async (context, { parameters: { pipeline, batch } }) => ({
    body: await describeBatch(context, pipeline, batch),
  }),
});
