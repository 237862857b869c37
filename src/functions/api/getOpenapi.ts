import { readFile } from "node:fs/promises";
import * as z from "zod/mini";
import { lazily } from "../../serve/views/shared.ts";
import { defineRoute } from "./route.ts";

/** The table of routes as OpenAPI 3.1. Packaging writes it: the app loads nothing to make it. */
export const getOpenapi = defineRoute({
  name: "getOpenapi",
  method: "GET",
  path: "openapi.json",
  role: "anyone",
  summary: "This description.",
  answer: lazily(() =>
    z.looseObject({ openapi: z.literal("3.1.0"), paths: z.looseObject({}) }),
  ),
  problems: [],
  handle: async ({ openapiFile }) => ({
    body: await readFile(openapiFile, "utf8"),
  }),
});
