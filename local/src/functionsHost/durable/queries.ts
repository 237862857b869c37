import { refuse } from "./errors.ts";
import { hasEnded } from "./instance.ts";
import {
  flag,
  part,
  timesAndStatuses,
  type Management,
  type ManagementRequest,
  type ManagementResponse,
} from "./request.ts";
import { statusBody, type Shown } from "./status.ts";

export const everything: Shown = {
  input: true,
  history: false,
  historyOutput: false,
};

export function status(
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

export function list(
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

export function purgeAll(
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
