import { describeBatches } from "../../serve/batches.ts";
import { pipelineParameters } from "./parameters.ts";
import { defineRoute } from "./route.ts";

export const getBatches = defineRoute({
  name: "getBatches",
  method: "GET",
  path: "batches/{pipeline}",
  role: "reader",
  summary: "The newest batches of a pipeline.",
  parameters: pipelineParameters,
  answer: "batches",
  problems: ["PIPELINE_UNKNOWN"],
  handle: async (context, { parameters: { pipeline } }) => ({
    body: await describeBatches(context, pipeline),
  }),
});
