import * as z from "zod/mini";
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
            "The parts of the key in their order, with slashes between them. A slash within a part is sent as %2F.",
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
    "KEY_NOT_FOUND",
    "KEY_WRONG",
    "QUERY_WRONG",
  ],
  handle: (context, { parameters, query, etag }) =>
    findInsight(context, {
      pipeline: parameters.pipeline,
      table: parameters.table,
      key: keyOf(parameters.key),
      limit: query.limit,
      after: decode(query.continuation) ?? "",
      ...(etag === undefined ? {} : { etag }),
    }),
});

/** The host decodes a catch-all parameter except for its slashes. */
const keyOf = (path: string): string[] =>
  path === "" ? [] : path.split("/").map((part) => part.replace(/%2f/gi, "/"));

/** An answer's continuation is an id in base64url. What does not come back the same was never given. */
function decode(continuation: string): string | undefined {
  const id = Buffer.from(continuation, "base64url").toString("utf8");
  return Buffer.from(id).toString("base64url") === continuation
    ? id
    : undefined;
}
