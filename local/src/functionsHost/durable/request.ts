import type { Addresses } from "./bindings.ts";
import type { Client } from "./client.ts";
import type { Engine } from "./engine.ts";
import { refuse } from "./errors.ts";
import { statusNumber, type RuntimeStatus } from "./instance.ts";

/** A request of the management API, taken apart. */
export interface ManagementRequest {
  readonly parts: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly body: string;
  readonly continuation: string | undefined;
  /** The address that was asked for, with its query. */
  readonly url: string;
}

export interface ManagementResponse {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Management {
  readonly engine: Engine;
  readonly client: Client;
  readonly addresses: Addresses;
  /** Resolves after a time of the engine's clock. */
  wait(ms: number): Promise<void>;
}

export const part = ({ parts }: ManagementRequest, name: string): string =>
  parts[name] ?? "";

/** The same value with nothing but JSON in it: the text becomes part of larger ones. */
export function checkedJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return refuse("badJson");
  }
}

export function flag(
  query: URLSearchParams,
  name: string,
  otherwise: boolean,
): boolean {
  const value = query.get(name)?.trim().toLowerCase();
  return value === "true" ? true : value === "false" ? false : otherwise;
}

export function secondsOf(
  query: URLSearchParams,
  name: string,
): number | undefined {
  const text = query.get(name);
  const value = Number(text);
  return text === null || text === "" || Number.isNaN(value)
    ? undefined
    : value * 1000;
}

/** What cannot be read is taken as not given, as .NET's TryParse does. */
export function timesAndStatuses(query: URLSearchParams) {
  const time = (name: string): string | undefined => {
    const at = Date.parse(query.get(name) ?? "");
    return Number.isNaN(at) ? undefined : new Date(at).toISOString();
  };
  const createdFrom = time("createdTimeFrom");
  const createdTo = time("createdTimeTo");
  const statuses = query
    .getAll("runtimeStatus")
    .flatMap((list) => list.split(","))
    .filter(isStatus);
  return {
    ...(createdFrom === undefined ? {} : { createdFrom }),
    ...(createdTo === undefined ? {} : { createdTo }),
    ...(statuses.length === 0 ? {} : { statuses }),
  };
}

const isStatus = (text: string): text is RuntimeStatus =>
  Object.hasOwn(statusNumber, text);
