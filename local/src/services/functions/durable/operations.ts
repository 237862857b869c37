import { managementUrls, type Addresses } from "./bindings.ts";
import type { Client } from "./client.ts";
import type { Engine } from "./engine.ts";
import { refuse } from "./errors.ts";
import { hasEnded, statusNumber, type RuntimeStatus } from "./instance.ts";
import { statusBody, type Shown } from "./status.ts";

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

export interface Operation {
  /** As COVERAGE.md calls it. */
  readonly name: string;
  readonly method: string;
  /** `{x}` is one segment of the path; segments compare without case. */
  readonly path: string;
  handle(
    request: ManagementRequest,
    on: Management,
  ): ManagementResponse | Promise<ManagementResponse>;
}

const ACCEPTED: ManagementResponse = { status: 202 };
const part = ({ parts }: ManagementRequest, name: string): string =>
  parts[name] ?? "";
const reasonOf = ({ query }: ManagementRequest): string =>
  query.get("reason") ?? "";

/** All operations of the API. What is not supported is in the list too, with its refusal. */
export const operations: readonly Operation[] = [
  {
    name: "start",
    method: "POST",
    path: "orchestrators/{function}",
    handle: start,
  },
  {
    name: "start with an id",
    method: "POST",
    path: "orchestrators/{function}/{id}",
    handle: start,
  },
  { name: "list", method: "GET", path: "instances", handle: list },
  {
    name: "purge by time",
    method: "DELETE",
    path: "instances",
    handle: purgeAll,
  },
  { name: "status", method: "GET", path: "instances/{id}", handle: status },
  {
    name: "purge",
    method: "DELETE",
    path: "instances/{id}",
    handle: (request, { client }) => ({
      status: 200,
      body: { instancesDeleted: client.purge(part(request, "id")) },
    }),
  },
  {
    name: "raise event",
    method: "POST",
    path: "instances/{id}/raiseEvent/{event}",
    handle: raiseEvent,
  },
  {
    name: "terminate",
    method: "POST",
    path: "instances/{id}/terminate",
    handle: (request, { client }) => {
      client.terminate(part(request, "id"), reasonOf(request));
      return ACCEPTED;
    },
  },
  {
    name: "suspend",
    method: "POST",
    path: "instances/{id}/suspend",
    handle: (request, { client }) => {
      client.suspend(part(request, "id"), reasonOf(request));
      return ACCEPTED;
    },
  },
  {
    name: "resume",
    method: "POST",
    path: "instances/{id}/resume",
    handle: (request, { client }) => {
      client.resume(part(request, "id"), reasonOf(request));
      return ACCEPTED;
    },
  },
  {
    name: "restart",
    method: "POST",
    path: "instances/{id}/restart",
    handle: (request, on) => {
      const withNewId =
        request.query.get("restartWithNewInstanceId")?.toLowerCase() !==
        "false";
      return started(
        request,
        on,
        on.client.restart(part(request, "id"), withNewId),
      );
    },
  },
  {
    name: "rewind",
    method: "POST",
    path: "instances/{id}/rewind",
    handle: rewind,
  },
  ...["GET", "POST", "DELETE"].flatMap((method) =>
    ["entities", "entities/{name}", "entities/{name}/{key}"].map((path) => ({
      name: "entities",
      method,
      path,
      handle: () =>
        refuse(
          "notImplemented",
          "Entities are not supported by the local engine: see durable/COVERAGE.md.",
        ),
    })),
  ),
];

function start(request: ManagementRequest, on: Management) {
  const { parts, query, body } = request;
  const input = body === "" ? "null" : checkedJson(body);
  const version = query.get("version") ?? undefined;
  return started(
    request,
    on,
    on.client.start(part(request, "function"), parts["id"], input, version),
  );
}

/** 202 with the addresses of the instance; or, when the caller wants to wait, what became of it. */
async function started(
  request: ManagementRequest,
  on: Management,
  instanceId: string,
): Promise<ManagementResponse> {
  const urls = managementUrls(instanceId, on.addresses);
  const body = { ...urls, rewindPostUri: undefined };
  const accepted = {
    status: 202,
    body,
    headers: { Location: body.statusQueryGetUri, "Retry-After": "10" },
  };
  const timeoutMs = secondsOf(request.query, "timeout");
  const pollMs = secondsOf(request.query, "pollingInterval");
  if (timeoutMs === undefined || pollMs === undefined) return accepted;
  for (let waitedMs = 0; ; waitedMs += pollMs) {
    const instance = on.client.find(instanceId);
    if (instance.status === "Completed")
      return {
        status: 200,
        body: statusBody(instance, everything, () => []).output,
      };
    if (hasEnded(instance.status))
      return status({ ...request, parts: { id: instanceId } }, on);
    if (waitedMs >= timeoutMs) return accepted;
    await on.wait(Math.min(pollMs, timeoutMs - waitedMs));
  }
}

const everything: Shown = { input: true, history: false, historyOutput: false };

function status(
  request: ManagementRequest,
  { engine, client }: Management,
): ManagementResponse {
  const { query } = request;
  const instance = client.find(part(request, "id"));
  const shown: Shown = {
    input: flag(query, "showInput", true),
    history: flag(query, "showHistory", false),
    historyOutput: flag(query, "showHistoryOutput", false),
  };
  const body = statusBody(instance, shown, () =>
    engine.store.history(instance.instanceId),
  );
  if (!hasEnded(instance.status))
    return {
      status: 202,
      body,
      headers: { Location: request.url, "Retry-After": "5" },
    };
  const isError =
    instance.status === "Failed" &&
    flag(query, "returnInternalServerErrorOnFailure", false);
  return { status: isError ? 500 : 200, body };
}

function list(
  { query, continuation }: ManagementRequest,
  { client }: Management,
): ManagementResponse {
  const prefix = query.get("instanceIdPrefix");
  const top = Number(query.get("top") ?? "");
  const { page, next } = client.list({
    ...(continuation
      ? { after: Buffer.from(continuation, "base64url").toString() }
      : {}),
    ...(prefix === null ? {} : { prefix }),
    ...(Number.isInteger(top) && top > 0 ? { limit: top } : {}),
    ...timesAndStatuses(query),
  });
  const shown: Shown = { ...everything, input: flag(query, "showInput", true) };
  return {
    status: 200,
    body: page.map((instance) => statusBody(instance, shown, () => [])),
    headers: {
      "x-ms-continuation-token":
        next === undefined ? "" : Buffer.from(next).toString("base64url"),
    },
  };
}

function purgeAll(
  { query }: ManagementRequest,
  { engine, client }: Management,
): ManagementResponse {
  const {
    createdFrom,
    createdTo = engine.now(),
    statuses,
  } = timesAndStatuses(query);
  if (createdFrom === undefined) refuse("createdTimeFromMissing");
  const instancesDeleted = client.purgeAll({
    createdFrom,
    createdTo,
    ...(statuses ? { statuses } : {}),
  });
  if (instancesDeleted === 0) refuse("notFound");
  return { status: 200, body: { instancesDeleted } };
}

function raiseEvent(
  request: ManagementRequest,
  { client }: Management,
): ManagementResponse {
  const id = part(request, "id");
  if (hasEnded(client.find(id).status)) refuse("gone");
  if (request.contentType !== "application/json") refuse("notJson");
  client.raiseEvent(id, part(request, "event"), checkedJson(request.body));
  return ACCEPTED;
}

/** In the order of the newer extensions: gone, not failed (412 there), not supported. */
function rewind(
  request: ManagementRequest,
  { client }: Management,
): ManagementResponse {
  const instance = client.find(part(request, "id"));
  if (hasEnded(instance.status) && instance.status !== "Failed") refuse("gone");
  return refuse(
    "notImplemented",
    "Rewind is not supported by the local engine: see durable/COVERAGE.md.",
  );
}

/** The same value with nothing but JSON in it: the text becomes part of larger ones. */
function checkedJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return refuse("badJson");
  }
}

function flag(
  query: URLSearchParams,
  name: string,
  otherwise: boolean,
): boolean {
  const value = query.get(name)?.trim().toLowerCase();
  return value === "true" ? true : value === "false" ? false : otherwise;
}

function secondsOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  const value = Number(text);
  return text === null || text === "" || Number.isNaN(value)
    ? undefined
    : value * 1000;
}

/** What cannot be read is taken as not given, as .NET's TryParse does. */
function timesAndStatuses(query: URLSearchParams) {
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
