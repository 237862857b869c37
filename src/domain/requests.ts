/** What a planner makes of the requests of operators. */
import type { Definition } from "./definition.ts";
import type { OperatorRequest } from "./records.ts";
import type { Asked, NewestBatch } from "./waiting.ts";

type RequestOf<Kind extends OperatorRequest["kind"]> = Extract<
  OperatorRequest,
  { kind: Kind }
>;
export type SkipRequest = RequestOf<"skip">;
export type ReloadRequest = RequestOf<"reload">;

const ID = /^\d{8}T\d{9}Z-[0-9a-f]{6}$/;

/** `<yyyymmddThhmmssmmmZ>-<6 hex>` */
export const isRequestId = (text: string): boolean => ID.test(text);

const NAME = /^[a-z][a-z0-9_]{0,62}$/;
const isName = (value: unknown): boolean =>
  typeof value === "string" && NAME.test(value);
const isText = (value: unknown): boolean => typeof value === "string";

const COMMON = {
  version: (value: unknown) => value === 2,
  id: isText,
  createdAt: isText,
  kind: isText,
};
/** What each key has to be, by the kind of the request; a key with a `?` may be left out. */
const FORMS: Readonly<
  Record<
    OperatorRequest["kind"],
    Readonly<Record<string, (value: unknown) => boolean>>
  >
> = {
  retry: { ...COMMON, "sink?": isName },
  skip: {
    ...COMMON,
    batch: (value) => Number.isSafeInteger(value) && Number(value) >= 1,
  },
  reload: { ...COMMON, sink: isName, "table?": isName },
};

/**
 * A request as its schema has it; undefined for anything else. People write them, and the app carries no validator of
 * schemas: the forms are here once more, and a test compares the two.
 */
export function parseRequest(
  id: string,
  text: string,
): OperatorRequest | undefined {
  const found = parseObject(text);
  const kind = found["kind"];
  if (kind !== "retry" && kind !== "skip" && kind !== "reload")
    return undefined;
  const form = FORMS[kind];
  const isKnown = Object.keys(found).every(
    (key) => Object.hasOwn(form, key) || Object.hasOwn(form, `${key}?`),
  );
  const isRight = Object.entries(form).every(([key, isValid]) => {
    const name = key.replace("?", "");
    return Object.hasOwn(found, name)
      ? isValid(found[name])
      : key.endsWith("?");
  });
  // Every key was compared with the form of its kind.
  return isKnown && isRight ? ({ ...found, id } as OperatorRequest) : undefined;
}

/** Without keys where the text is no object of JSON. */
function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === "object" && found !== null
      ? Object.fromEntries(Object.entries(found))
      : {};
  } catch {
    return {};
  }
}

export interface SortedRequests {
  /** To skip the newest batch, which is blocked. */
  readonly skips: readonly SkipRequest[];
  /** To try the newest batch again, which is blocked. */
  readonly retries: readonly OperatorRequest[];
  /** For the next manifest. */
  readonly reloads: readonly ReloadRequest[];
  /** Named in the newest manifest: whoever wrote it was killed before removing them. */
  readonly planned: readonly OperatorRequest[];
  /** Of no use any more, or never of any. */
  readonly pointless: readonly OperatorRequest[];
}

export const NO_REQUESTS: SortedRequests = {
  skips: [],
  retries: [],
  reloads: [],
  planned: [],
  pointless: [],
};

/** Requests to retry a sink are not the planner's, unless no such sink is known. */
export function sortRequests(
  requests: readonly OperatorRequest[],
  known: {
    readonly newest: NewestBatch | undefined;
    /** Ids of the requests that the newest manifest names. */
    readonly planned: ReadonlySet<string>;
    readonly definition: Definition;
    /** Sinks that are gone from the definition and have batches left to deliver, or are retired. */
    readonly formerSinks: ReadonlySet<string>;
  },
): SortedRequests {
  const sorted = {
    skips: [] as SkipRequest[],
    retries: [] as OperatorRequest[],
    reloads: [] as ReloadRequest[],
    planned: [] as OperatorRequest[],
    pointless: [] as OperatorRequest[],
  };
  const { newest, planned, definition, formerSinks } = known;
  const isBlocked = newest?.state === "blocked";
  for (const request of requests)
    if (planned.has(request.id)) sorted.planned.push(request);
    else if (request.kind === "retry") {
      const { sink } = request;
      if (sink === undefined)
        sorted[isBlocked ? "retries" : "pointless"].push(request);
      else if (!definition.sinks[sink] && !formerSinks.has(sink))
        sorted.pointless.push(request);
    } else if (request.kind === "skip") {
      const isNewest = request.batch === newest?.batch;
      if (isNewest && isBlocked) sorted.skips.push(request);
      // One that is tried again just now may be blocked again soon.
      else if (!isNewest || newest.state === "ended")
        sorted.pointless.push(request);
    } else if (newest !== undefined && isDelivered(request, definition))
      sorted.reloads.push(request);
    else sorted.pointless.push(request);
  return sorted;
}

const isDelivered = (
  { sink, table }: ReloadRequest,
  { sinks }: Definition,
): boolean => {
  const tables = sinks[sink]?.tables;
  return (
    tables !== undefined && (table === undefined || tables.includes(table))
  );
};

/**
 * The one thing that a watcher has to know of them. A reload waits until the newest batch has ended; what a skipped
 * batch should have brought is asked for like one.
 */
export function askedOf(
  { skips, retries, reloads, planned, pointless }: SortedRequests,
  newest: NewestBatch | undefined,
): Asked | undefined {
  if (skips.length > 0) return "skip";
  if (retries.length > 0) return "retry";
  const isAskedFor = reloads.length > 0 || newest?.isOwed === true;
  if (isAskedFor && newest?.state === "ended") return "reload";
  return planned.length + pointless.length > 0 ? "settle" : undefined;
}
