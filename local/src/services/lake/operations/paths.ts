import { writeFileSync } from "node:fs";
import { checkWrite, conditionsOf } from "../conditions.ts";
import { lstatOf } from "../containers.ts";
import { fail } from "../errors.ts";
import type { Exchange, Reply } from "../exchange.ts";
import {
  draftsOf,
  versionHeaders,
  type Lake,
  type Operation,
} from "../lake.ts";
import { decode, parseAddress, type Address } from "../names.ts";
import { dfsProperties, httpProperties } from "../properties.ts";
import { identityOf } from "../state.ts";
import type { Incoming } from "../bodies.ts";

export const ACCOUNT = "assay";

const ENCRYPTED = { "x-ms-request-server-encrypted": "true" };

export const pathOperations: readonly Operation[] = [
  {
    name: "Path - Create (rename)",
    match: {
      method: "PUT",
      level: "path",
      header: { "x-ms-rename-source": true },
    },
    run: rename,
  },
  {
    name: "Path - Create (file)",
    match: { method: "PUT", level: "path", query: { resource: "file" } },
    run(lake, exchange) {
      const { address } = exchange;
      const drafts = draftsOf(lake, exchange);
      const empty = emptyFile(lake.state.newIncoming());
      // Its inode may be that of a file that was deleted with appends of its own.
      lake.appends.forget(empty.identity);
      const entry = lake.store.place(
        address,
        empty,
        { ...httpProperties(exchange, "x-ms-"), ...dfsProperties(exchange) },
        conditionsOf(exchange),
        (made) => drafts.created("CreateFile", address, made),
      );
      return {
        status: 201,
        headers: { ...versionHeaders(entry), ...ENCRYPTED },
      };
    },
  },
  {
    name: "Path - Create (directory)",
    match: { method: "PUT", level: "path", query: { resource: "directory" } },
    run(lake, exchange) {
      const { address } = exchange;
      const drafts = draftsOf(lake, exchange);
      const entry = lake.store.makeDirectory(
        address,
        dfsProperties(exchange),
        conditionsOf(exchange),
        () => drafts.directory(address),
      );
      return {
        status: 201,
        headers: { ...versionHeaders(entry), ...ENCRYPTED },
      };
    },
  },
  {
    name: "Path - Delete",
    // The blob protocol's delete has neither parameter.
    match: { method: "DELETE", level: "path", query: { paginated: true } },
    run: remove,
  },
  {
    name: "Path - Delete",
    match: { method: "DELETE", level: "path", query: { recursive: true } },
    run: remove,
  },
  {
    name: "Path - Delete",
    // Python's has none for a file: the blob protocol's clients ask for XML.
    match: {
      method: "DELETE",
      level: "path",
      header: { accept: "application/json" },
    },
    run: remove,
  },
  {
    name: "Path - Update (setProperties)",
    match: {
      method: "PATCH",
      level: "path",
      query: { action: "setProperties" },
    },
    run({ store }, exchange) {
      const entry = store.need(exchange.address);
      checkWrite(conditionsOf(exchange), entry);
      const { blocks } = entry.properties;
      const changed = store.change(entry, {
        ...httpProperties(exchange, "x-ms-"),
        ...dfsProperties(exchange),
        ...(blocks && { blocks }),
      });
      return { status: 200, headers: versionHeaders(changed) };
    },
  },
];

function rename(lake: Lake, exchange: Exchange): Reply {
  if (exchange.query("mode") === "posix")
    fail("notSupported", "mode=posix of a rename.");
  if (exchange.header("x-ms-properties") !== undefined)
    fail("notSupported", "Properties of a renamed path.");
  const source = renameSource(exchange.needHeader("x-ms-rename-source"));
  const { address } = exchange;
  const drafts = draftsOf(lake, exchange);
  lake.store.rename(
    source,
    address,
    {
      source: conditionsOf(exchange, "x-ms-source-"),
      target: conditionsOf(exchange),
    },
    ({ isDirectory }) =>
      drafts.renamed(
        isDirectory ? "RenameDirectory" : "RenameFile",
        source,
        address,
      ),
  );
  // The service answers a rename without ETag and Last-Modified: nobody may rely on them.
  return { status: 201 };
}

/** `/<account>/<filesystem>/<path>` in the path style, `/<filesystem>/<path>` in the host style. Query: a signature. */
function renameSource(header: string): Address {
  const [rawPath = ""] = header.split("?");
  const isPathStyle = decode(rawPath).startsWith(`/${ACCOUNT}/`);
  const source = parseAddress(rawPath, isPathStyle ? ACCOUNT : undefined);
  return source.path === "" ? fail("invalidSourceUri") : source;
}

function remove(lake: Lake, exchange: Exchange): Reply {
  const { address } = exchange;
  const entry = lake.store.need(address);
  checkWrite(conditionsOf(exchange), entry);
  const drafts = draftsOf(lake, exchange);
  const api = entry.isDirectory ? "DeleteDirectory" : "DeleteFile";
  lake.store.remove(
    entry,
    exchange.query("recursive") === "true",
    drafts.deleted(api, address, entry),
  );
  return { status: 200, headers: { "x-ms-delete-type-permanent": "true" } };
}

function emptyFile(file: string): Incoming {
  writeFileSync(file, "", { flag: "wx" });
  const stats = lstatOf(file) ?? fail("internal");
  return {
    file,
    identity: identityOf(stats),
    modifiedAt: stats.mtime,
    md5: undefined,
  };
}
