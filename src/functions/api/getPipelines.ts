import { listPipelines } from "../../serve/pipelines.ts";
import { defineRoute } from "./route.ts";

export const getPipelines = defineRoute({
  name: "getPipelines",
  method: "GET",
  path: "pipelines",
  role: "reader",
  summary: "The pipelines and their states.",
  answer: "pipelines",
  problems: [],
  handle: async (context) => ({ body: await listPipelines(context) }),
});
