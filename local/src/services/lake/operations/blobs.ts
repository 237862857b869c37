import { checkWrite, conditionsOf } from "../conditions.ts";
import { receive } from "../bodies.ts";
import { fail } from "../errors.ts";
import type { Exchange } from "../exchange.ts";
import { draftsOf, versionHeaders, type Operation } from "../lake.ts";
import { MAX_PUT_BLOB_BYTES } from "../limits.ts";
import { httpProperties, metadataOf, without } from "../properties.ts";
import type { Properties } from "../state.ts";

const ENCRYPTED = { "x-ms-request-server-encrypted": "true" };

const newProperties = (exchange: Exchange): Properties => {
  const contentType = exchange.header("content-type");
  return {
    ...(contentType === undefined ? {} : { contentType }),
    ...httpProperties(exchange, "x-ms-blob-"),
    ...metadataOf(exchange),
  };
};

function isSnapshotsOnly(exchange: Exchange): boolean {
  const which = exchange.header("x-ms-delete-snapshots")?.toLowerCase();
  if (which !== undefined && which !== "only" && which !== "include")
    fail("invalidHeader", "x-ms-delete-snapshots");
  return which === "only";
}

export const blobOperations: readonly Operation[] = [
  {
    name: "Put Blob",
    match: {
      method: "PUT",
      level: "path",
      header: { "x-ms-blob-type": "BlockBlob" },
    },
    async run({ store, state, ...lake }, exchange) {
      const { address } = exchange;
      const conditions = conditionsOf(exchange);
      // What cannot be taken is refused before its body is stored; what counts is the check when it is placed.
      checkWrite(conditions, store.find(address));
      const properties = newProperties(exchange);
      const incoming = await receive(
        exchange,
        state.newIncoming(),
        MAX_PUT_BLOB_BYTES,
      );
      const { md5 } = incoming;
      const drafts = draftsOf({ store, state, ...lake }, exchange);
      const entry = store.place(
        address,
        incoming,
        md5 === undefined ? properties : { contentMd5: md5, ...properties },
        conditions,
        (made) => drafts.created("PutBlob", address, made),
      );
      return {
        status: 201,
        headers: {
          ...versionHeaders(entry),
          ...ENCRYPTED,
          ...(md5 === undefined ? {} : { "content-md5": md5 }),
        },
      };
    },
  },
  {
    name: "Delete Blob",
    match: { method: "DELETE", level: "path" },
    run(lake, exchange) {
      const { address } = exchange;
      const entry = lake.store.need(address);
      checkWrite(conditionsOf(exchange), entry);
      // There are no snapshots, so there is nothing to do: the blob stays.
      if (isSnapshotsOnly(exchange)) return { status: 202 };
      const drafts = draftsOf(lake, exchange);
      const api = entry.isDirectory ? "DeleteDirectory" : "DeleteBlob";
      lake.store.remove(entry, false, drafts.deleted(api, address, entry));
      return {
        status: 202,
        headers: { "x-ms-delete-type-permanent": "true" },
      };
    },
  },
  {
    name: "Set Blob Metadata",
    match: { method: "PUT", level: "path", query: { comp: "metadata" } },
    run({ store }, exchange) {
      const entry = store.need(exchange.address);
      checkWrite(conditionsOf(exchange), entry);
      const changed = store.change(entry, {
        ...without(entry.properties, "metadata"),
        ...metadataOf(exchange),
      });
      return {
        status: 200,
        headers: { ...versionHeaders(changed), ...ENCRYPTED },
      };
    },
  },
  {
    name: "Set Blob Properties",
    match: { method: "PUT", level: "path", query: { comp: "properties" } },
    run({ store }, exchange) {
      const entry = store.need(exchange.address);
      if (entry.isDirectory) fail("resourceTypeMismatch");
      checkWrite(conditionsOf(exchange), entry);
      const { metadata, blocks } = entry.properties;
      // All of them are replaced: what is not given is gone.
      const changed = store.change(entry, {
        ...httpProperties(exchange, "x-ms-blob-"),
        ...(metadata && { metadata }),
        ...(blocks && { blocks }),
      });
      return { status: 200, headers: versionHeaders(changed) };
    },
  },
];
