import { createHash } from "node:crypto";
import { feedCharge, queryCharge } from "../charges.ts";
import { errors, fail } from "../errors.ts";
import { header, isOn, type Operation, type Request } from "../request.ts";
import {
  execute,
  hasPositions,
  type Candidate,
  type Position,
  type Query,
  type Value,
} from "../sql/index.ts";
import type { Container } from "../store/container.ts";
import type { Document } from "../store/document.ts";
import { hasPrefix, keyOfRequest, parseKey } from "../store/partitionKey.ts";
import { containerOf } from "./containers.ts";
import { feedReply, Page, pageSize } from "./feed.ts";
import { checkOrderBy } from "./orderByIndex.ts";
import { guarded, queryOf } from "./queryText.ts";
import { pinsKey } from "./pinned.ts";
import { ALL, namesRange, rangeFilter } from "./range.ts";
import { checkSession, sessionHeaders } from "./session.ts";

/**
 * What a continuation says: after which row, or how many rows were given. It names no state of
 * this process, so it holds after a restart; writes in between do not shift the rows.
 */
interface Continuation {
  /** Digest of the query, so that a token does not go on with another. */
  readonly of: string;
  readonly given?: number;
  /** Each value in an array of its own: undefined is an empty one. */
  readonly keys?: readonly (readonly Value[])[];
  readonly rank?: number;
  readonly row?: number;
}

export const queryItems: Operation = (request) => {
  const { store } = containerOf(request);
  checkSession(request, store);
  const { text, plan, parameters } = queryOf(request);
  checkCrossPartition(request, plan, store);
  checkOrderBy(plan, store.definition.indexingPolicy);
  const of = digest(text, parameters, request);
  const start = continuationOf(request, of);
  const after = positionOf(start);
  let scanned = 0;
  const candidates = function* (): Generator<Candidate> {
    // Without ORDER BY the rows stand in the order of their documents: earlier ones are done.
    const from = plan.orderBy.length === 0 ? (after?.rank ?? 0) : 0;
    for (const document of documentsOf(request, store, from)) {
      scanned += 1;
      yield document;
    }
  };
  const page = new Page(pageSize(request));
  const next = guarded(() =>
    fill(page, plan, candidates(), parameters, request, start, after),
  );
  const headers = {
    ...sessionHeaders(request, store),
    ...(next ? { "x-ms-continuation": encode({ of, ...next }) } : {}),
  };
  return {
    ...feedReply("Documents", store.rid, page.texts, headers),
    charge: queryCharge(scanned, page.bytes),
  };
};

/** Fills the page; returns where to go on, or undefined at the end. */
function fill(
  page: Page,
  plan: Query,
  candidates: Iterable<Candidate>,
  parameters: ReadonlyMap<string, Value>,
  request: Request,
  { given: before = 0 }: Partial<Continuation>,
  after: Position | undefined,
): Omit<Continuation, "of"> | undefined {
  const now = request.clock.now();
  let last: Position | undefined;
  let given = 0;
  for (const row of execute(plan, candidates, parameters, now, after)) {
    if (!hasPositions(plan) && given < before) {
      given += 1;
      continue;
    }
    if (!page.add(JSON.stringify(row.value)))
      return last ? continuationAfter(last) : { given };
    given += 1;
    last = row.position;
  }
  return undefined;
}

const continuationAfter = ({
  keys,
  rank,
  row,
}: Position): Omit<Continuation, "of"> => ({
  keys: keys.map((key) => (key === undefined ? [] : [key])),
  rank,
  row,
});

const positionOf = ({
  keys,
  rank,
  row,
}: Partial<Continuation>): Position | undefined =>
  keys === undefined || rank === undefined || row === undefined
    ? undefined
    : { keys: keys.map(([key]) => key), rank, row };

const encode = (continuation: Continuation): string =>
  Buffer.from(JSON.stringify(continuation)).toString("base64");

function continuationOf(request: Request, of: string): Partial<Continuation> {
  const text = header(request, "x-ms-continuation");
  if (text === undefined) return {};
  let continuation: Partial<Continuation>;
  try {
    continuation = JSON.parse(
      Buffer.from(text, "base64").toString("utf8"),
    ) as Partial<Continuation>;
  } catch {
    return fail(errors.badRequest, "The continuation token is malformed.");
  }
  if (continuation.of !== of)
    fail(errors.badRequest, "The continuation token is of another query.");
  return continuation;
}

const digest = (
  text: string,
  parameters: ReadonlyMap<string, Value>,
  request: Request,
): string =>
  createHash("sha256")
    .update(
      JSON.stringify([
        text,
        [...parameters],
        keyText(request),
        header(request, "x-ms-start-epk") ?? "",
        header(request, "x-ms-end-epk") ?? "",
      ]),
    )
    .digest("base64url")
    .slice(0, 12);

const keyText = (request: Request): string =>
  header(request, "x-ms-documentdb-partitionkey") ?? "";

/** Documents of what the request names: a partition key, a prefix of hierarchical keys, part of the range, or all. */
function* documentsOf(
  request: Request,
  store: Container,
  from: number,
): Generator<Document> {
  const isInRange = rangeFilter(request, store);
  for (const document of documentsOfKey(request, store, from))
    if (!isInRange || isInRange(document)) yield document;
}

function* documentsOfKey(
  request: Request,
  store: Container,
  from: number,
): Generator<Document> {
  const text = keyText(request);
  const prefix = text === "" ? [] : parseKey(text);
  if (prefix.length === 0) yield* store.documents(undefined, from);
  else if (prefix.length >= store.keyPaths.length)
    yield* store.documents(keyOfRequest(text, store.keyPaths.length), from);
  else
    for (const document of store.documents(undefined, from))
      if (hasPrefix(document.key, prefix)) yield document;
}

/** A query over all partition keys has to be asked for, by its header or range. */
function checkCrossPartition(
  request: Request,
  plan: Query,
  store: Container,
): void {
  const isAllowed =
    isOn(request, "x-ms-documentdb-query-enablecrosspartition") ||
    keyText(request) !== "" ||
    namesRange(request) ||
    pinsKey(plan, store.keyPaths);
  if (!isAllowed) fail(errors.crossPartition);
}

/** `readAll`: every document, in the order of creation. */
export const readItems: Operation = (request) => {
  const { store } = containerOf(request);
  checkSession(request, store);
  const of = digest("", new Map(), request);
  const from = continuationOf(request, of).rank ?? 0;
  const page = new Page(pageSize(request));
  let next: string | undefined;
  for (const document of documentsOf(request, store, from)) {
    if (page.add(document.text)) continue;
    next = encode({ of, rank: document.rank });
    break;
  }
  const headers = {
    ...sessionHeaders(request, store),
    ...(next === undefined ? {} : { "x-ms-continuation": next }),
  };
  return {
    ...feedReply("Documents", store.rid, page.texts, headers),
    charge: feedCharge(page.bytes),
  };
};

/**
 * A plan that leaves everything to the service: with one physical partition nothing is left for the
 * SDK to merge. It asks for a plan before each query, and needs one where `enableQueryControl` is set.
 */
export const planQuery: Operation = (request) => {
  queryOf(request);
  return {
    status: 200,
    body: JSON.stringify({
      partitionedQueryExecutionInfoVersion: 2,
      queryInfo: {
        distinctType: "None",
        top: null,
        offset: null,
        limit: null,
        orderBy: [],
        orderByExpressions: [],
        groupByExpressions: [],
        groupByAliases: [],
        aggregates: [],
        groupByAliasToAggregateType: {},
        rewrittenQuery: "",
        hasSelectValue: false,
        hasNonStreamingOrderBy: false,
      },
      queryRanges: [{ ...ALL, isMinInclusive: true, isMaxInclusive: false }],
    }),
  };
};
