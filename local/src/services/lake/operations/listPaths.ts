import { fail } from "../errors.ts";
import type { Operation } from "../lake.ts";
import { MAX_LIST_RESULTS } from "../limits.ts";
import { cleanPath } from "../names.ts";
import { fromToken, page, startBelow, walk, type Found } from "../walk.ts";

/** 100 ns between year 1601 and 1970: `creationTime` counts from there. */
const FILETIME_AT_1970 = 116_444_736_000_000_000n;

export const listPaths: Operation = {
  name: "Path - List",
  match: {
    method: "GET",
    level: "container",
    query: { resource: "filesystem" },
  },
  run({ store, containers }, exchange) {
    const { container } = exchange.address;
    const dir = containers.needDir(container);
    const folder = cleanPath(
      (exchange.query("directory") ?? "").replace(/^\//, ""),
    );
    const start = folder === "" ? dir : containers.resolve(container, folder);
    if (start === undefined || !store.entryAt(start)?.isDirectory)
      return fail("pathNotFound");
    const isDeep = exchange.needQuery("recursive").toLowerCase() === "true";
    // Relative to the directory, where List Blobs has it from the container's root.
    const from =
      startBelow("", exchange.query("beginfrom"), isDeep) || undefined;
    const most = exchange.number("maxresults", 1, Infinity) ?? MAX_LIST_RESULTS;
    const { items, next } = page(
      walk(store, {
        dir: start,
        path: folder,
        isDeep,
        from,
        after: fromToken(exchange.query("continuation")),
      }),
      Math.min(most, MAX_LIST_RESULTS),
    );
    return {
      status: 200,
      headers: {
        "content-type": "application/json;charset=utf-8",
        ...(next === undefined ? {} : { "x-ms-continuation": next }),
      },
      body: JSON.stringify({ paths: items.map(shown) }),
    };
  },
};

const shown = ({ path, entry }: Found): Record<string, string> => ({
  name: path,
  ...(entry.isDirectory ? { isDirectory: "true" } : {}),
  contentLength: String(entry.bytes),
  creationTime: String(
    BigInt(Math.floor(entry.createdAt.getTime())) * 10_000n + FILETIME_AT_1970,
  ),
  // Without quotes in lists, with quotes in headers: so on Azure.
  etag: entry.etag,
  lastModified: entry.modifiedAt.toUTCString(),
  owner: "$superuser",
  group: "$superuser",
  permissions: entry.isDirectory ? "rwxr-x---" : "rw-r-----",
});
