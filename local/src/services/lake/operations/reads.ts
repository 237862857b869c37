import { closeSync, createReadStream, readSync } from "node:fs";
import { checkRead, conditionsOf } from "../conditions.ts";
import { fail } from "../errors.ts";
import type { Exchange } from "../exchange.ts";
import { versionHeaders, type Operation } from "../lake.ts";
import { shownAsDfs, shownProperties, without } from "../properties.ts";
import type { Entry } from "../entry.ts";

/** Read at once; more is streamed. */
const BUFFERED_BYTES = 4 * 1024 * 1024;

export const readOperations: readonly Operation[] = [
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
        const headers = {
          ...shown(entry),
          "content-length": next - first,
          ...(range && {
            "content-range": `bytes ${first}-${next - 1}/${entry.bytes}`,
          }),
        };
        const status = range ? 206 : 200;
        // The MD5 is of the whole.
        if (range) delete (headers as Record<string, unknown>)["content-md5"];
        if (descriptor === undefined || first === next)
          return { status, headers };
        if (next - first <= BUFFERED_BYTES)
          return { status, headers, body: readNow(descriptor, first, next) };
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
