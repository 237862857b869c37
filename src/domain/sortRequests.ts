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
