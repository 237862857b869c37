import { managementUrls } from "./bindings.ts";
import { refuse } from "./errors.ts";
import { hasEnded } from "./instance.ts";
import { everything, list, purgeAll, status } from "./queries.ts";
import {
  checkedJson,
  part,
  secondsOf,
  type Management,
  type ManagementRequest,
  type ManagementResponse,
} from "./request.ts";
import { statusBody } from "./status.ts";

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
