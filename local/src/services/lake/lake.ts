import type { Appends } from "./appends.ts";
import type { Blocks } from "./blocks.ts";
import type { Containers } from "./containers.ts";
import { EventDrafts } from "./events.ts";
import type { Exchange, Reply } from "./exchange.ts";
import type { Queues } from "./queues.ts";
import type { State } from "./state.ts";
import type { Store } from "./store.ts";
import type { Entry } from "./entry.ts";

/** What an operation works on. */
export interface Lake {
  readonly state: State;
  readonly store: Store;
  readonly containers: Containers;
  readonly queues: Queues;
  readonly blocks: Blocks;
  readonly appends: Appends;
  /** The account's address: `https://127.0.0.1:<port>/assay`. */
  readonly url: string;
}

/** One operation of the REST API. Without `run` it is known and refused by its name. */
export interface Operation {
  readonly name: string;
  readonly match: Match;
  readonly run?: (lake: Lake, exchange: Exchange) => Reply | Promise<Reply>;
}

export interface Match {
  readonly method: "GET" | "HEAD" | "PUT" | "PATCH" | "POST" | "DELETE";
  readonly level: "account" | "container" | "path";
  /** Query parameters: the value they have, or `true` for any. */
  readonly query?: Readonly<Record<string, string | true>>;
  readonly header?: Readonly<Record<string, string | true>>;
}

export function isMatch(
  { method, level, query = {}, header = {} }: Match,
  exchange: Exchange,
): boolean {
  const { container, path } = exchange.address;
  const actual =
    container === "" ? "account" : path === "" ? "container" : "path";
  return (
    method === exchange.method &&
    level === actual &&
    Object.entries(query).every(([name, value]) =>
      isValue(exchange.query(name), value),
    ) &&
    Object.entries(header).every(([name, value]) =>
      isValue(exchange.header(name), value),
    )
  );
}

const isValue = (actual: string | undefined, wanted: string | true): boolean =>
  wanted === true
    ? actual !== undefined
    : actual?.toLowerCase() === wanted.toLowerCase();

export const draftsOf = (lake: Lake, exchange: Exchange): EventDrafts =>
  new EventDrafts(lake.url, exchange);

export const versionHeaders = ({
  etag,
  modifiedAt,
}: Pick<Entry, "etag" | "modifiedAt">): Record<string, string> => ({
  etag: `"${etag}"`,
  "last-modified": modifiedAt.toUTCString(),
});
