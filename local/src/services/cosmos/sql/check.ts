import {
  partsOf,
  selectedExpressions,
  type Expression,
  type Query,
} from "./ast.ts";
import { AGGREGATES } from "./aggregates.ts";
import { functionNamed } from "./functions/index.ts";
import { QueryError } from "./lexer.ts";

/** Throws on what Azure refuses before a query runs: unknown names and functions, misplaced aggregates. */
export function check(query: Query): void {
  checkQuery(query, new Set(), true);
}

/** Name of the container in the first FROM; any name will do. */
export const containerNameOf = (query: Query): string | undefined => {
  const first = query.from[0];
  return first && first.over.kind !== "arrayOf"
    ? rootOf(first.over)
    : undefined;
};

function rootOf(expression: Expression): string | undefined {
  if (expression.kind === "name") return expression.name;
  return expression.kind === "member" ? rootOf(expression.of) : undefined;
}

const isAggregate = (expression: Expression): boolean =>
  expression.kind === "call" && AGGREGATES.has(expression.name);

const hasAggregate = (expression: Expression): boolean =>
  isAggregate(expression) || partsOf(expression).some(hasAggregate);

export const isGrouped = (query: Query): boolean =>
  query.groupBy.length > 0 || selectedExpressions(query).some(hasAggregate);

function checkQuery(
  query: Query,
  outer: ReadonlySet<string>,
  isOutermost: boolean,
): void {
  const names = new Set(outer);
  const containerName = isOutermost ? containerNameOf(query) : undefined;
  if (containerName !== undefined) names.add(containerName);
  query.from.forEach((source, index) => {
    checkExpression(source.over, names, "nowhere");
    if (index === 0 && containerName !== undefined) names.delete(containerName);
    names.add(source.alias);
  });
  if (query.selection.kind === "all" && query.from.length !== 1)
    throw new QueryError(
      "'SELECT *' is only valid with a single input set.",
      0,
      0,
      "SC2040",
    );
  for (const expression of selectedExpressions(query))
    checkExpression(expression, names, "anywhere");
  if (query.where) checkExpression(query.where, names, "nowhere");
  for (const expression of query.groupBy)
    checkExpression(expression, names, "nowhere");
  for (const { expression } of query.orderBy)
    checkExpression(expression, names, "nowhere");
  if (isGrouped(query)) checkGrouping(query);
}

function checkGrouping(query: Query): void {
  if (query.orderBy.length > 0)
    throw new QueryError(
      "'ORDER BY' is not supported in presence of aggregates or GROUP BY.",
      0,
      0,
      "SC2103",
    );
  if (query.selection.kind === "all")
    throw new QueryError(
      "'SELECT *' is not supported with GROUP BY.",
      0,
      0,
      "SC2040",
    );
  const keys = query.groupBy.map((key) => JSON.stringify(key));
  const visit = (expression: Expression): void => {
    if (isAggregate(expression) || keys.includes(JSON.stringify(expression)))
      return;
    if (expression.kind === "name" || expression.kind === "member")
      throw new QueryError(
        "A property reference is invalid in the select list because it is not contained in either an aggregate function or the GROUP BY clause.",
        0,
        0,
        "SC2102",
      );
    partsOf(expression).forEach(visit);
  };
  selectedExpressions(query).forEach(visit);
}

function checkExpression(
  expression: Expression,
  names: ReadonlySet<string>,
  aggregates: "anywhere" | "nowhere",
): void {
  switch (expression.kind) {
    case "name":
      if (!names.has(expression.name))
        throw new QueryError(
          `Identifier '${expression.name}' could not be resolved.`,
          0,
          0,
          "SC2001",
        );
      return;
    case "subquery":
    case "exists":
    case "arrayOf":
      checkQuery(expression.query, names, false);
      return;
    case "call":
      checkCall(expression.name, expression.args.length, aggregates);
      break;
    default:
  }
  const inner = isAggregate(expression) ? "nowhere" : aggregates;
  for (const part of partsOf(expression)) checkExpression(part, names, inner);
}

function checkCall(
  name: string,
  count: number,
  aggregates: "anywhere" | "nowhere",
): void {
  if (AGGREGATES.has(name)) {
    if (aggregates === "nowhere")
      throw new QueryError(
        `The aggregate function '${name}' is not allowed here.`,
        0,
        0,
        "SC2101",
      );
    if (count !== 1) throw argumentCount(name, 1);
    return;
  }
  const definition = functionNamed(name);
  if (!definition)
    throw new QueryError(
      `'${name}' is not a recognized built-in function name.`,
      0,
      0,
      "SC2005",
    );
  if (count < definition.least) throw argumentCount(name, definition.least);
  if (count > definition.most) throw argumentCount(name, definition.most);
}

const argumentCount = (name: string, wanted: number): QueryError =>
  new QueryError(
    `The ${name} function requires ${String(wanted)} argument(s).`,
    0,
    0,
    "SC2050",
  );
