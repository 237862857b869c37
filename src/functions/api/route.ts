import type { ZodMiniType, output } from "zod/mini";
import type { AppContext } from "../../context.ts";
import type { ErrorCode } from "../../errors.ts";
import { parseParameters, parseQuery } from "./parse.ts";

/** What a route may need beside the app's context. */
export interface ApiContext extends AppContext {
  /** Written by packaging. */
  readonly openapiFile: string;
}

export interface Answer {
  /** A text is JSON already. */
  readonly body: object | string;
  readonly status?: number;
  readonly etag?: string;
}

/** What the API is asked, as far as the library has read it. */
export interface ApiRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: Pick<Headers, "get">;
}

/** A schema that is made at its first use. */
export type Lazy<Schema extends ZodMiniType = ZodMiniType> = () => Schema;

interface RouteOf<Parameters extends ZodMiniType, Query extends ZodMiniType> {
  /** Its name is its file's. */
  readonly name: string;
  readonly method: "GET";
  /** A template of the host's, below `api/`. */
  readonly path: string;
  /** Who may ask. Until there are roles a reader is whoever has a function key. */
  readonly role: "anyone" | "reader";
  readonly summary: string;
  readonly parameters?: Lazy<Parameters>;
  readonly query?: Lazy<Query>;
  readonly answer: Lazy;
  /** Statuses beside 200 whose body is an answer, too. */
  readonly otherStatuses?: readonly number[];
  /** Its answers carry an ETag; where the caller has it already, nothing is sent again. */
  readonly isConditional?: boolean;
  /** What the caller can do wrong. */
  readonly problems: readonly ErrorCode[];
  readonly handle: (
    context: ApiContext,
    asked: {
      readonly parameters: output<Parameters>;
      readonly query: output<Query>;
      readonly etag: string | undefined;
    },
  ) => Promise<Answer | "unchanged">;
}

export interface Route extends Omit<
  RouteOf<ZodMiniType, ZodMiniType>,
  "handle"
> {
  readonly respond: (
    context: ApiContext,
    request: ApiRequest,
  ) => Promise<Answer | "unchanged">;
}

/** Ties a handler to the types of what it is asked; the table knows routes without them. */
export function defineRoute<
  Parameters extends ZodMiniType,
  Query extends ZodMiniType,
>({ handle, ...route }: RouteOf<Parameters, Query>): Route {
  return {
    ...route,
    respond: (context, { params, query, headers }) =>
      handle(context, {
        parameters: parseParameters(route.parameters, params),
        query: parseQuery(route.query, query),
        etag: headers.get("if-none-match") ?? undefined,
      }),
  };
}
