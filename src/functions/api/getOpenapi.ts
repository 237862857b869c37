import { readFile } from "node:fs/promises";
import { defineRoute } from "./route.ts";

/** The table of routes as OpenAPI 3.1. Packaging writes it: the app loads nothing to make it. */
export const getOpenapi = defineRoute({
  name: "getOpenapi",
  method: "GET",
  path: "openapi.json",
  role: "anyone",
  summary: "This description.",
  answer: "openapi",
  problems: [],
  handle: async ({ openapiFile }) => ({
    body: await readFile(openapiFile, "utf8"),
  }),
});
