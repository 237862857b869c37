import { errors, fail } from "../errors.ts";
import {
  objectBody,
  segment,
  type Operation,
  type Reply,
  type Request,
} from "../request.ts";
import { execute, type JsonObject } from "../sql/index.ts";
import type { Database } from "../state.ts";
import { feedReply } from "./feed.ts";
import { guarded, queryOf } from "./queryText.ts";

const described = ({ id, resource }: Database): JsonObject => ({
  id,
  _rid: resource.rid,
  _self: `dbs/${resource.rid}/`,
  _etag: resource.etag,
  _colls: "colls/",
  _users: "users/",
  _ts: resource.ts,
});

const reply = (status: number, database: Database): Reply => ({
  status,
  body: JSON.stringify(described(database)),
  headers: { etag: database.resource.etag },
});

/** Runs a query over the descriptions of resources. */
export function queryResources(
  request: Request,
  name: string,
  rid: string,
  resources: readonly JsonObject[],
): Reply {
  const { plan, parameters } = queryOf(request);
  const candidates = resources.map((body, rank) => ({
    rank,
    body: () => body,
  }));
  const rows = guarded(() => [
    ...execute(plan, candidates, parameters, request.clock.now()),
  ]);
  const texts = rows.map(({ value }) => JSON.stringify(value));
  return feedReply(name, rid, texts);
}

const all = (request: Request): JsonObject[] =>
  [...request.account.databases.values()].map(described);

export const listDatabases: Operation = (request) =>
  feedReply(
    "Databases",
    "",
    all(request).map((database) => JSON.stringify(database)),
  );

export const queryDatabases: Operation = (request) =>
  queryResources(request, "Databases", "", all(request));

export const createDatabase: Operation = (request) => {
  const { id } = objectBody(request);
  if (typeof id !== "string")
    return fail(errors.badRequest, "A database needs an id.");
  return reply(201, request.account.createDatabase(id));
};

export const readDatabase: Operation = (request) =>
  reply(200, request.account.database(segment(request, 1)));

export const deleteDatabase: Operation = (request) => {
  request.account.deleteDatabase(segment(request, 1));
  return { status: 204 };
};
