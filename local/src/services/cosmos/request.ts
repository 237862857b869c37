import type { IncomingHttpHeaders } from "node:http";
import type { Clock } from "../../shared/clock.ts";
import type { Faults } from "../../shared/faults.ts";
import { errors, fail } from "./errors.ts";
import { isObject, type Json, type JsonObject } from "./sql/values.ts";
import type { Account } from "./state.ts";

/** One request, after routing. */
export interface Request {
  readonly method: string;
  /** URL-decoded. */
  readonly path: string;
  readonly segments: readonly string[];
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly account: Account;
  readonly clock: Clock;
  readonly faults: Faults;
}

export interface Reply {
  readonly status: number;
  /** JSON text. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string | number>>;
  /** Request units. */
  readonly charge?: number;
}

export type Operation = (request: Request) => Reply;

/** A header that may occur once; an empty one counts as missing. */
export function header(request: Request, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** SDKs of other languages write `True`. */
export const isOn = (request: Request, name: string): boolean =>
  header(request, name)?.toLowerCase() === "true";

/** 20 GB are more than a laptop is filled with: a fault plan says which partition keys are full. */
export const isPartitionFull =
  ({ faults, path }: Request) =>
  (key: string): boolean =>
    faults.meet("cosmos.partition", "PUT", `${path}/${key}`) !== undefined;

export function jsonBody(request: Request): Json {
  try {
    return JSON.parse(request.body.toString("utf8")) as Json;
  } catch {
    return fail(
      errors.badRequest,
      "The request payload is invalid. Ensure to provide a valid request payload.",
    );
  }
}

export function objectBody(request: Request): JsonObject {
  const body = jsonBody(request);
  return isObject(body)
    ? body
    : fail(errors.badRequest, "The request payload is not a JSON object.");
}

/** The n-th part of the path, which routing has found to exist. */
export const segment = (request: Request, index: number): string =>
  request.segments[index] ?? fail(errors.notFound);
