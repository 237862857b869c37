import { app } from "@azure/functions";
import { findInsight } from "../serve/insights.ts";
import { AssayError } from "../errors.ts";
import type { AppContext } from "../context.ts";
import { answered } from "./answers.ts";
import { JsonResponse } from "./jsonResponse.ts";

const MAX_LIMIT = 1000;
const DEFAULT_LIMIT = 100;

/** `insights/flights/airport_delays/ORD/2001-03-31` is one row; without the last parts of the key it is a page. */
export function registerGetInsight(context: AppContext): void {
  app.get("getInsight", {
    route: "insights/{pipeline}/{table}/{*key}",
    authLevel: "function",
    handler: answered(async ({ params, query, headers }) => {
      const etag = headers.get("if-none-match");
      const answer = await findInsight(context, {
        pipeline: params["pipeline"] ?? "",
        table: params["table"] ?? "",
        key: keyOf(params["key"] ?? ""),
        limit: limitOf(query.get("limit")),
        after: afterOf(query.get("continuation") ?? ""),
        ...(etag === null ? {} : { etag }),
      });
      if (answer === "unchanged") return { status: 304 };
      return new JsonResponse(answer.body, answer.etag);
    }),
  });
}

/** The host decodes a catch-all parameter except for its slashes. */
const keyOf = (path: string): string[] =>
  path === "" ? [] : path.split("/").map((part) => part.replace(/%2f/gi, "/"));

function limitOf(text: string | null): number {
  if (text === null) return DEFAULT_LIMIT;
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new AssayError("QUERY_WRONG", `limit is ${text}.`);
}

/** An answer's continuation is an id in base64url. What does not come back the same was never given. */
function afterOf(continuation: string): string {
  const after = Buffer.from(continuation, "base64url").toString("utf8");
  if (Buffer.from(after).toString("base64url") === continuation) return after;
  throw new AssayError("QUERY_WRONG", `continuation is ${continuation}.`);
}
