import { errors, fail } from "../errors.ts";
import {
  header,
  objectBody,
  segment,
  type Operation,
  type Reply,
  type Request,
} from "../request.ts";
import type { JsonObject } from "../sql/index.ts";
import type { StoredContainer } from "../state.ts";
import { containerDefinition } from "../store/definition.ts";
import { queryResources } from "./databases.ts";
import { feedReply } from "./feed.ts";
import { ALL, RANGE_ID } from "./range.ts";

export const containerOf = (request: Request): StoredContainer =>
  request.account.container(segment(request, 1), segment(request, 3));

function described({ resource, store }: StoredContainer): JsonObject {
  const { id, partitionKey, indexingPolicy, defaultTtl } = store.definition;
  return {
    id,
    // Definitions came as JSON and have not been given anything else.
    indexingPolicy: indexingPolicy,
    partitionKey,
    ...(defaultTtl === undefined ? {} : { defaultTtl }),
    conflictResolutionPolicy: {
      mode: "LastWriterWins",
      conflictResolutionPath: "/_ts",
      conflictResolutionProcedure: "",
    },
    geospatialConfig: { type: "Geography" },
    _rid: resource.rid,
    _self: store.self,
    _etag: resource.etag,
    _docs: "docs/",
    _sprocs: "sprocs/",
    _triggers: "triggers/",
    _udfs: "udfs/",
    _conflicts: "conflicts/",
    _ts: resource.ts,
  };
}

const reply = (status: number, container: StoredContainer): Reply => ({
  status,
  body: JSON.stringify(described(container)),
  headers: { etag: container.resource.etag },
});

const all = (request: Request): JsonObject[] => {
  const database = request.account.database(segment(request, 1));
  return [...database.containers.values()].map(described);
};

export const listContainers: Operation = (request) =>
  feedReply(
    "DocumentCollections",
    request.account.database(segment(request, 1)).resource.rid,
    all(request).map((container) => JSON.stringify(container)),
  );

export const queryContainers: Operation = (request) =>
  queryResources(
    request,
    "DocumentCollections",
    request.account.database(segment(request, 1)).resource.rid,
    all(request),
  );

export const createContainer: Operation = (request) => {
  const database = request.account.database(segment(request, 1));
  const definition = containerDefinition(objectBody(request));
  return reply(201, request.account.createContainer(database, definition));
};

export const readContainer: Operation = (request) =>
  reply(200, containerOf(request));

export const replaceContainer: Operation = (request) => {
  const container = containerOf(request);
  const definition = containerDefinition(objectBody(request));
  if (definition.id !== container.store.definition.id)
    fail(errors.badRequest, "The id of a container is final.");
  request.account.replaceContainer(container, definition);
  return reply(200, container);
};

export const deleteContainer: Operation = (request) => {
  const database = request.account.database(segment(request, 1));
  request.account.deleteContainer(database, segment(request, 3));
  return { status: 204 };
};

/** One physical partition, so that every query is answered whole. */
export const listPartitionKeyRanges: Operation = (request) => {
  const { rid } = containerOf(request).resource;
  // The one range never changes. SDKs read this feed until it says so.
  const etag = JSON.stringify(rid);
  if (header(request, "if-none-match") === etag)
    return { status: 304, headers: { etag } };
  const range = {
    id: RANGE_ID,
    _rid: rid,
    _self: "",
    _etag: etag,
    _ts: 0,
    minInclusive: ALL.min,
    maxExclusive: ALL.max,
    ridPrefix: 0,
    throughputFraction: 1,
    status: "online",
    parents: [],
  };
  return feedReply("PartitionKeyRanges", rid, [JSON.stringify(range)], {
    etag,
  });
};
