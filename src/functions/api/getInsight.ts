import * as z from "zod/mini";
import { AssayError } from "../../errors.ts";
import { findInsight } from "../../serve/insights.ts";
import { lazily } from "./lazily.ts";
import { defineRoute } from "./route.ts";

const MAX_LIMIT = 1000;
const DEFAULT_LIMIT = 100;

const insightParameters = lazily(() =>
  z.object({
    pipeline: z.string(),
    table: z.string(),
    key: z._default(
      z
        .string()
        .check(
          z.describe(
            "The parts of the key in their order, with slashes between them. A slash within a part is sent as %252F, for Azure takes %2F for a slash between parts. Keys that no path can hold (the parts . and .., the text %2F) go into the query, and this stays empty.",
          ),
        ),
      "",
    ),
  }),
);

const insightQuery = lazily(() =>
  z.object({
    limit: z._default(
      z.coerce.number().check(z.int(), z.minimum(1), z.maximum(MAX_LIMIT)),
      DEFAULT_LIMIT,
    ),
    key: z.optional(
      z.string().check(
        z.refine((text) => partsOf(text) !== undefined),
        z.describe(
          'The parts of the key as a JSON array of texts, in place of those of the path: ["A/B","2001"]. Holds every key.',
        ),
      ),
    ),
    continuation: z._default(
      z.string().check(
        z.refine((text) => decode(text) !== undefined),
        z.describe("What the page before gave."),
      ),
      "",
    ),
  }),
);

/** `insights/flights/airport_delays/ORD/2001-03-31` is one row; without the last parts of the key it is a page. */
export const getInsight = defineRoute({
  name: "getInsight",
  method: "GET",
  path: "insights/{pipeline}/{table}/{*key}",
  role: "reader",
  summary: "A row of a gold table by its key, or a page of rows by its start.",
  parameters: insightParameters,
  query: insightQuery,
  answer: "insight",
  isConditional: true,
  problems: [
    "PIPELINE_UNKNOWN",
    "TABLE_UNKNOWN",
    "TABLE_NOT_SERVED",
    "TABLE_IN_NO_SINK",
    "TABLE_CHANGING",
    "KEY_NOT_FOUND",
    "KEY_WRONG",
    "QUERY_WRONG",
  ],
  handle: (context, { parameters, query, known }) =>
    findInsight(context, {
      pipeline: parameters.pipeline,
      table: parameters.table,
      key: keyOf(parameters.key, query.key),
      limit: query.limit,
      after: decode(query.continuation) ?? "",
      known,
    }),
});

/** The host decodes a catch-all parameter except for its slashes; Azure's front end decodes those, too, but once. */
function keyOf(path: string, given: string | undefined): readonly string[] {
  if (given === undefined)
    return path === ""
      ? []
      : path.split("/").map((part) => part.replace(/%2f/gi, "/"));
  if (path !== "")
    throw new AssayError(
      "KEY_WRONG",
      "The key is in the path and in the query: only one of them counts.",
    );
  return partsOf(given) ?? [];
}

function partsOf(text: string): readonly string[] | undefined {
  try {
    const parts: unknown = JSON.parse(text);
    return Array.isArray(parts) &&
      parts.every((part) => typeof part === "string")
      ? parts
      : undefined;
  } catch {
    return undefined;
  }
}

/** An answer's continuation is an id in base64url. What does not come back the same was never given. */
function decode(continuation: string): string | undefined {
  const id = Buffer.from(continuation, "base64url").toString("utf8");
  return Buffer.from(id).toString("base64url") === continuation
    ? id
    : undefined;
}
