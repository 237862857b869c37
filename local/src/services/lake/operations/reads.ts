import { createHash } from "node:crypto";
import { closeSync, createReadStream, readSync } from "node:fs";
import { checkRead, conditionsOf } from "../conditions.ts";
import { fail } from "../errors.ts";
import type { Exchange } from "../exchange.ts";
import { versionHeaders, type Operation } from "../lake.ts";
import { MAX_RANGE_MD5_BYTES } from "../limits.ts";
import { decode } from "../names.ts";
import { shownAsDfs, shownProperties, without } from "../properties.ts";
import type { Entry } from "../entry.ts";

/** Read at once; more is streamed. */
const BUFFERED_BYTES = MAX_RANGE_MD5_BYTES;

/** The root of a filesystem is a directory to the DFS protocol, which the SDKs ask for by either. */
const root = (action: "getStatus" | undefined): Operation => ({
  name: "Path - Get Properties",
  match: {
    method: "HEAD",
    level: "container",
    ...(action && { query: { action } }),
  },
  run({ containers }, exchange) {
    const container = containers.need(exchange.address.container);
    // Without a slash it would be a blob of the container $root.
    if (!/^(\/[^/]+){2}\//.test(decode(exchange.rawPath)))
      fail("notSupported", "The container $root.");
    checkRead(conditionsOf(exchange), container);
    return {
      status: 200,
      headers: {
        ...versionHeaders(container),
        "content-length": 0,
        "x-ms-resource-type": "directory",
        ...(action
          ? { "x-ms-properties": "" }
          : {
              "x-ms-blob-type": "BlockBlob",
              "x-ms-meta-hdi_isfolder": "true",
            }),
      },
    };
  },
});

export const readOperations: readonly Operation[] = [
  root("getStatus"),
  root(undefined),
  {
    name: "Path - Get Properties",
    match: { method: "HEAD", level: "path", query: { action: "getStatus" } },
    run({ store }, exchange) {
      const entry = store.need(exchange.address);
      checkRead(conditionsOf(exchange), entry);
      return {
        status: 200,
        headers: {
          ...versionHeaders(entry),
          ...shownProperties(without(entry.properties, "metadata")),
          "content-length": entry.bytes,
          "x-ms-resource-type": entry.isDirectory ? "directory" : "file",
          "x-ms-properties": shownAsDfs(entry.properties),
        },
      };
    },
  },
  {
    name: "Get Blob Properties",
    match: { method: "HEAD", level: "path" },
    run({ store }, exchange) {
      const entry = store.need(exchange.address);
      checkRead(conditionsOf(exchange), entry);
      return {
        status: 200,
        headers: { ...shown(entry), "content-length": entry.bytes },
      };
    },
  },
  {
    name: "Get Blob",
    match: { method: "GET", level: "path" },
    run({ store }, exchange) {
      const { entry, descriptor } = store.open(exchange.address);
      let isStreaming = false;
      try {
        checkRead(conditionsOf(exchange), entry);
        const range = rangeOf(exchange, entry.bytes);
        const { first, next } = range ?? { first: 0, next: entry.bytes };
        const wantsMd5 = isMd5Wanted(exchange, range);
        const { "content-md5": wholeMd5, ...others } = shown(entry);
        const headers = {
          ...others,
          "content-length": next - first,
          // Of a range, Content-MD5 would be the range's own.
          ...(wholeMd5 !== undefined && {
            [range ? "x-ms-blob-content-md5" : "content-md5"]: wholeMd5,
          }),
          ...(range && {
            "content-range": `bytes ${first}-${next - 1}/${entry.bytes}`,
          }),
        };
        const status = range ? 206 : 200;
        if (descriptor === undefined || first === next)
          return { status, headers };
        if (next - first <= BUFFERED_BYTES) {
          const body = readNow(descriptor, first, next);
          const own = wantsMd5 && { "content-md5": md5Of(body) };
          return { status, headers: { ...headers, ...own }, body };
        }
        isStreaming = true;
        const body = createReadStream("", {
          fd: descriptor,
          start: first,
          end: next - 1,
        });
        return { status, headers, body };
      } finally {
        if (descriptor !== undefined && !isStreaming) closeSync(descriptor);
      }
    },
  },
];

/** Source: learn.microsoft.com/rest/api/storageservices/get-blob, "Request headers": it needs a range of at most 4 MiB. */
function isMd5Wanted(
  exchange: Exchange,
  range: { first: number; next: number } | undefined,
): boolean {
  const name = "x-ms-range-get-content-md5";
  if (exchange.header(name)?.toLowerCase() !== "true") return false;
  if (!range || range.next - range.first > MAX_RANGE_MD5_BYTES)
    fail("invalidHeader", name);
  return true;
}

const md5Of = (bytes: Buffer): string =>
  createHash("md5").update(bytes).digest("base64");

function readNow(descriptor: number, first: number, next: number): Buffer {
  const buffer = Buffer.allocUnsafe(next - first);
  let filled = 0;
  while (filled < buffer.length) {
    const read = readSync(
      descriptor,
      buffer,
      filled,
      buffer.length - filled,
      first + filled,
    );
    // Someone cuts the file while we read it: the client must not take this for the whole.
    if (read === 0) return fail("internal", "The file became shorter.");
    filled += read;
  }
  return buffer;
}

function shown(entry: Entry): Record<string, string | number> {
  return {
    ...versionHeaders(entry),
    ...shownProperties(entry.properties),
    "accept-ranges": "bytes",
    "x-ms-blob-type": "BlockBlob",
    "x-ms-creation-time": entry.createdAt.toUTCString(),
    "x-ms-lease-status": "unlocked",
    "x-ms-lease-state": "available",
    "x-ms-server-encrypted": "true",
    "x-ms-resource-type": entry.isDirectory ? "directory" : "file",
    ...(entry.isDirectory ? { "x-ms-meta-hdi_isfolder": "true" } : {}),
  };
}

/** `bytes=a-b` or `bytes=a-`; other forms are no ranges to Azure and give the whole blob. */
function rangeOf(
  exchange: Exchange,
  bytes: number,
): { first: number; next: number } | undefined {
  const header = exchange.header("x-ms-range") ?? exchange.header("range");
  const match = /^bytes=(\d+)-(\d*)$/.exec(header ?? "");
  if (!match) return undefined;
  const first = Number(match[1]);
  const last = match[2] === "" ? Infinity : Number(match[2]);
  if (first >= bytes || last < first) fail("invalidRange");
  return { first, next: Math.min(last + 1, bytes) };
}
