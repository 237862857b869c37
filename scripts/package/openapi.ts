import { z } from "zod";
import { answers } from "../../src/functions/api/answers.ts";
import { problemView } from "../../src/functions/api/problem.ts";
import type { Route } from "../../src/functions/api/route.ts";
import { errorTable } from "../../src/errors.ts";

const JSON_TYPE = "application/json";
const PROBLEM_TYPE = "application/problem+json";
const PROBLEM = "#/components/schemas/Problem";
const KEY = "functionKey";

type Schema = z.core.JSONSchema.BaseSchema;

/** The table of routes as OpenAPI 3.1, whose schemas are JSON Schema 2020-12: zod's own, left as they are. */
export const openapiOf = (
  routes: readonly Route[],
  version: string,
): object => ({
  openapi: "3.1.0",
  info: { title: "Assay", version },
  servers: [{ url: "/api" }],
  paths: Object.fromEntries(
    routes.map((route) => [pathOf(route), { get: operationOf(route) }]),
  ),
  components: {
    schemas: { Problem: schemaOf(problemView, "output") },
    securitySchemes: {
      [KEY]: { type: "apiKey", in: "header", name: "x-functions-key" },
    },
  },
});

/** OpenAPI has no parameter of several segments: the description of such a one says how it is sent. */
const pathOf = ({ path }: Route): string => `/${path.replaceAll("*", "")}`;

const operationOf = (route: Route): object => ({
  operationId: route.name,
  summary: route.summary,
  parameters: [
    ...parametersOf(route.parameters, "path"),
    ...parametersOf(route.query, "query"),
  ],
  security: route.role === "anyone" ? [] : [{ [KEY]: [] }],
  responses: responsesOf(route),
});

function parametersOf(
  schema: Route["parameters"],
  place: "path" | "query",
): object[] {
  if (schema === undefined) return [];
  const { properties = {} } = schemaOf(schema(), "input");
  return Object.entries(properties).map(([name, property]) => {
    if (typeof property === "boolean") return { name, in: place };
    const { description, ...rest } = property;
    return {
      name,
      in: place,
      required: place === "path",
      ...(description === undefined ? {} : { description }),
      schema: rest,
    };
  });
}

function responsesOf({
  answer,
  otherStatuses = [],
  isConditional = false,
  problems,
  role,
}: Route): object {
  const content = {
    [JSON_TYPE]: { schema: schemaOf(answers[answer], "output") },
  };
  const good = [200, ...otherStatuses].map(
    (status) => [status, { description: "The answer.", content }] as const,
  );
  const codes = Map.groupBy(problems, (code) => statusOf(code));
  return {
    ...Object.fromEntries(good),
    ...Object.fromEntries(
      [...codes].map(([status, all]) => [status, problem(all.join(", "))]),
    ),
    ...(isConditional
      ? { 304: { description: "As the caller's If-None-Match has it." } }
      : {}),
    ...(role === "anyone"
      ? {}
      : { 401: { description: "The function key is missing or wrong." } }),
    default: problem("What is not the caller's fault."),
  };
}

const problem = (description: string): object => ({
  description,
  content: { [PROBLEM_TYPE]: { schema: { $ref: PROBLEM } } },
});

function statusOf(code: Route["problems"][number]): number {
  const entry = errorTable[code];
  return "status" in entry ? entry.status : 500;
}

/** OpenAPI says which JSON Schema its schemas are, once for all. */
function schemaOf(schema: z.core.$ZodType, io: "input" | "output"): Schema {
  const entries = Object.entries(z.toJSONSchema(schema, { io }));
  return Object.fromEntries(entries.filter(([name]) => name !== "$schema"));
}
