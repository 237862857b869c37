import { checkWrite, conditionsOf } from "../conditions.ts";
import { fail } from "../errors.ts";
import type { Exchange } from "../exchange.ts";
import {
  draftsOf,
  versionHeaders,
  type Lake,
  type Operation,
} from "../lake.ts";
import { httpProperties, without } from "../properties.ts";
import type { Entry } from "../entry.ts";

export const appendOperations: readonly Operation[] = [
  {
    name: "Path - Update (append)",
    match: { method: "PATCH", level: "path", query: { action: "append" } },
    async run(lake, exchange) {
      const entry = fileOf(lake, exchange);
      const next = await lake.appends.receive(
        exchange,
        entry,
        position(exchange),
      );
      const flushed =
        exchange.query("flush") === "true"
          ? await flush(lake, exchange, next)
          : undefined;
      return {
        status: 202,
        headers: {
          ...(flushed ? versionHeaders(flushed) : {}),
          "x-ms-request-server-encrypted": "true",
        },
      };
    },
  },
  {
    name: "Path - Update (flush)",
    match: { method: "PATCH", level: "path", query: { action: "flush" } },
    async run(lake, exchange) {
      const entry = await flush(lake, exchange, position(exchange));
      return {
        status: 200,
        headers: {
          ...versionHeaders(entry),
          "x-ms-request-server-encrypted": "true",
        },
      };
    },
  },
];

const position = (exchange: Exchange): number =>
  exchange.number("position", 0, Number.MAX_SAFE_INTEGER) ??
  fail("missingQuery", "position");

function fileOf(lake: Lake, exchange: Exchange): Entry {
  const entry = lake.store.need(exchange.address);
  return entry.isDirectory ? fail("resourceTypeMismatch") : entry;
}

async function flush(
  lake: Lake,
  exchange: Exchange,
  length: number,
): Promise<Entry> {
  if (exchange.query("retainuncommitteddata") === "true")
    fail("notSupported", "retainUncommittedData.");
  const { address } = exchange;
  const entry = fileOf(lake, exchange);
  checkWrite(conditionsOf(exchange), entry);
  const assembled = await lake.appends.assemble(entry, length);
  // Replaced or deleted by another request meanwhile: the appended bytes belong to what is gone.
  if (lake.store.find(address)?.etag !== entry.etag) fail("pathConflict");
  const drafts = draftsOf(lake, exchange);
  const properties = {
    ...without(entry.properties, "blocks"),
    ...httpProperties(exchange, "x-ms-"),
  };
  // Only a flush that closes tells Event Grid: the ones before it are intermediate.
  const draft =
    exchange.query("close") === "true"
      ? (made: Entry) => drafts.created("FlushWithClose", address, made)
      : undefined;
  const flushed = assembled
    ? lake.store.place(address, assembled, properties, {}, draft)
    : lake.store.touch(address, entry, properties, draft);
  lake.appends.forget(entry.identity);
  return flushed;
}
