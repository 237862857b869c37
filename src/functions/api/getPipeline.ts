import { describePipeline } from "../../serve/pipelines.ts";
import { pipelineParameters } from "./parameters.ts";
import { defineRoute } from "./route.ts";

export const getPipeline = defineRoute({
  name: "getPipeline",
  method: "GET",
  path: "pipelines/{pipeline}",
  role: "reader",
  summary: "A pipeline's sources, tables and sinks, and how far the sinks are.",
  parameters: pipelineParameters,
  answer: "pipeline",
  problems: ["PIPELINE_UNKNOWN"],
  handle: async (context, { parameters: { pipeline } }) => ({
    body: await describePipeline(context, pipeline),
  }),
});
