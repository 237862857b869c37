import {
  type Expression,
  type Ordering,
  type Query,
  type Source,
} from "./ast.ts";
import { containerNameOf, isGrouped } from "./check.ts";
import { evaluate, type Environment, type Scope } from "./evaluate.ts";
import { QueryError } from "./lexer.ts";
import {
  canonical,
  compare,
  isArray,
  objectOf,
  type Json,
  type JsonObject,
  type Value,
} from "./values.ts";

/** A document as a query sees it: `rank` is its place among all, and never changes. */
export interface Candidate {
  readonly rank: number;
  readonly body: () => JsonObject;
}

/** Where a row stands in the order of the result; a continuation starts after it. */
export interface Position {
  readonly keys: readonly Value[];
  readonly rank: number;
  /** A JOIN makes several rows of one document. */
  readonly row: number;
}

interface ResultRow {
  readonly value: Json;
  /** Missing where only the count of rows given can tell the place. */
  readonly position?: Position;
}

interface Row extends Position {
  readonly scope: Scope | undefined;
}

/** Whether rows have a place of their own: not those made out of several documents. */
export const hasPositions = (query: Query): boolean =>
  !isGrouped(query) &&
  !query.distinct &&
  query.top === undefined &&
  query.limit === undefined;

/** Runs a query over documents that come in the order of their rank. */
export function* execute(
  query: Query,
  documents: Iterable<Candidate>,
  parameters: ReadonlyMap<string, Value>,
  now: number,
  after?: Position,
): Generator<ResultRow> {
  const environment: Environment = { parameters, now, rows: subqueryRows };
  const found = filtered(query, documents, environment);
  if (!hasPositions(query)) {
    for (const value of shaped(query, found, environment)) yield { value };
    return;
  }
  for (const row of ordered(query, found)) {
    if (after && byOrder(query.orderBy, row, after) <= 0) continue;
    const value = projected(query, row.scope, environment);
    if (value === undefined) continue;
    const { keys, rank, row: index } = row;
    yield { value, position: { keys, rank, row: index } };
  }
}

function* subqueryRows(
  query: Query,
  scope: Scope | undefined,
  environment: Environment,
): Generator<Json> {
  const inner = { ...environment, group: undefined };
  let index = 0;
  const rows = function* (): Generator<Row> {
    for (const joined of join(query.from, 0, scope, inner))
      if (passes(query, joined, inner))
        yield rowOf(query, joined, 0, index++, inner);
  };
  yield* shaped(query, rows(), inner);
}

/** Grouping, order, projection, DISTINCT, TOP, OFFSET and LIMIT. */
function* shaped(
  query: Query,
  rows: Iterable<Row>,
  environment: Environment,
): Generator<Json> {
  const values = isGrouped(query)
    ? grouped(query, rows, environment)
    : projections(query, ordered(query, rows), environment);
  const offset = countOf(query.offset, environment) ?? 0;
  const most =
    countOf(query.limit ?? query.top, environment) ?? Number.POSITIVE_INFINITY;
  const seen = new Set<string>();
  let index = 0;
  if (most === 0) return;
  for (const value of values) {
    if (query.distinct) {
      const key = canonical(value);
      if (seen.has(key)) continue;
      seen.add(key);
    }
    if (index++ >= offset) yield value;
    if (index - offset >= most) return;
  }
}

function countOf(
  expression: Expression | undefined,
  environment: Environment,
): number | undefined {
  if (!expression) return undefined;
  const value = evaluate(expression, undefined, environment);
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0)
    throw new QueryError(
      "TOP, OFFSET and LIMIT take a non-negative integer.",
      0,
      0,
      "SC2062",
    );
  return value;
}

function* filtered(
  query: Query,
  documents: Iterable<Candidate>,
  environment: Environment,
): Generator<Row> {
  const container = containerNameOf(query);
  if (container === undefined) {
    // Without FROM a query has one row, whatever the container holds.
    for (const scope of join(query.from, 0, undefined, environment))
      if (passes(query, scope, environment))
        yield rowOf(query, scope, 0, 0, environment);
    return;
  }
  for (const document of documents) {
    const root = {
      name: container,
      value: document.body(),
      outer: undefined,
    };
    let index = 0;
    for (const scope of join(query.from, 0, root, environment))
      if (passes(query, scope, environment))
        yield rowOf(query, scope, document.rank, index++, environment);
  }
}

const passes = (
  query: Query,
  scope: Scope | undefined,
  environment: Environment,
): boolean =>
  !query.where || evaluate(query.where, scope, environment) === true;

const rowOf = (
  query: Query,
  scope: Scope | undefined,
  rank: number,
  row: number,
  environment: Environment,
): Row => ({
  scope,
  rank,
  row,
  keys: query.orderBy.map(({ expression }) =>
    evaluate(expression, scope, environment),
  ),
});

/** Every combination of the sources from `index` on. */
function* join(
  sources: readonly Source[],
  index: number,
  scope: Scope | undefined,
  environment: Environment,
): Generator<Scope | undefined> {
  const source = sources[index];
  if (!source) {
    yield scope;
    return;
  }
  const value = evaluate(source.over, scope, environment);
  const items = source.each ? (isArray(value) ? value : []) : [value];
  for (const item of items)
    if (item !== undefined)
      yield* join(
        sources,
        index + 1,
        { name: source.alias, value: item, outer: scope },
        environment,
      );
}

function ordered(query: Query, rows: Iterable<Row>): Iterable<Row> {
  if (query.orderBy.length === 0) return rows;
  return [...rows].sort((a, b) => byOrder(query.orderBy, a, b));
}

/** A total order: rows with equal keys stand in the order of their documents. */
function byOrder(
  orderBy: readonly Ordering[],
  a: Position,
  b: Position,
): number {
  for (const [i, { descending }] of orderBy.entries()) {
    const order = compare(a.keys[i], b.keys[i]);
    if (order !== 0) return descending ? -order : order;
  }
  return a.rank - b.rank || a.row - b.row;
}

function* projections(
  query: Query,
  rows: Iterable<Row>,
  environment: Environment,
): Generator<Json> {
  for (const { scope } of rows) {
    const value = projected(query, scope, environment);
    if (value !== undefined) yield value;
  }
}

function projected(
  query: Query,
  scope: Scope | undefined,
  environment: Environment,
): Value {
  const { selection } = query;
  switch (selection.kind) {
    case "all":
      return scope?.value;
    case "value":
      return evaluate(selection.expression, scope, environment);
    case "columns":
      return objectOf(
        selection.columns.map(({ alias, expression }) => [
          alias,
          evaluate(expression, scope, environment),
        ]),
      );
  }
}

function* grouped(
  query: Query,
  rows: Iterable<Row>,
  environment: Environment,
): Generator<Json> {
  const groups = new Map<string, (Scope | undefined)[]>();
  // An aggregate over nothing still has one row; a GROUP BY over nothing has none.
  if (query.groupBy.length === 0) groups.set("", []);
  for (const { scope } of rows) {
    const key = query.groupBy
      .map((expression) => canonical(evaluate(expression, scope, environment)))
      .join();
    const group = groups.get(key);
    if (group) group.push(scope);
    else groups.set(key, [scope]);
  }
  for (const group of groups.values()) {
    const value = projected(query, group[0], { ...environment, group });
    if (value !== undefined) yield value;
  }
}

/** The property path of an ordering, `/a/b` for `c.a.b`, where it is one. */
export function pathOf(expression: Expression): string | undefined {
  if (expression.kind === "name") return "";
  if (expression.kind !== "member" || expression.key.kind !== "literal")
    return undefined;
  const parent = pathOf(expression.of);
  const key = expression.key.value;
  if (parent === undefined || typeof key !== "string") return undefined;
  return `${parent}/${key}`;
}
