import type { ZodMiniType, output } from "zod/mini";
import type { AppContext } from "../../context.ts";
import type { ErrorCode } from "../../errors.ts";
import type { KnownTags } from "../../serve/insights.ts";
import type { AnswerName, AnswerOf } from "./answers.ts";
import { parseIfNoneMatch } from "./ifNoneMatch.ts";
import { parseParameters, parseQuery } from "./parse.ts";

/** What a route may need beside the app's context. */
export interface ApiContext extends AppContext {
  /** Written by packaging. */
  readonly openapiFile: string;
}

export interface Answer<Body = object> {
  /** A text is JSON already. */
  readonly body: Body | string;
  readonly status?: number;
  readonly etag?: string;
}

/** The caller has it already, under this ETag. */
interface Unchanged {
  readonly unchanged: string;
}

/** What the API is asked, as far as the library has read it. */
export interface ApiRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: Pick<Headers, "get">;
}

interface Described<
  Parameters extends ZodMiniType,
  Query extends ZodMiniType,
  Name extends AnswerName,
> {
  /** Its file's, and the function's. */
  readonly name: string;
  readonly method: "GET";
  /** A template of the host's, below `api/`. */
  readonly path: string;
  /** Who may ask. Until there are roles a reader is whoever has a function key. */
  readonly role: "anyone" | "reader";
  readonly summary: string;
  readonly parameters?: () => Parameters;
  readonly query?: () => Query;
  /** In `answers.ts`. */
  readonly answer: Name;
  /** Statuses beside 200 whose body is an answer, too. */
  readonly otherStatuses?: readonly number[];
  /** Its answers carry an ETag; where the caller has it already, nothing is sent again. */
  readonly isConditional?: boolean;
  /** What the caller can do wrong. */
  readonly problems: readonly ErrorCode[];
}

interface Handled<
  Parameters extends ZodMiniType,
  Query extends ZodMiniType,
  Name extends AnswerName,
> extends Described<Parameters, Query, Name> {
  readonly handle: (
    context: ApiContext,
    asked: {
      readonly parameters: output<Parameters>;
      readonly query: output<Query>;
      /** The tags that the caller has. */
      readonly known: KnownTags;
    },
  ) => Promise<Answer<AnswerOf<Name>> | Unchanged>;
}

export interface Route extends Described<ZodMiniType, ZodMiniType, AnswerName> {
  readonly respond: (
    context: ApiContext,
    request: ApiRequest,
  ) => Promise<Answer | Unchanged>;
}

/** Ties a handler to the types of what it is asked and answers; the table knows routes without them. */
export function defineRoute<
  Parameters extends ZodMiniType,
  Query extends ZodMiniType,
  Name extends AnswerName,
>({ handle, ...route }: Handled<Parameters, Query, Name>): Route {
  return {
    ...route,
    respond: (context, { params, query, headers }) =>
      handle(context, {
        parameters: parseParameters(route.parameters, params),
        query: parseQuery(route.query, query),
        known: parseIfNoneMatch(headers.get("if-none-match")),
      }),
  };
}
