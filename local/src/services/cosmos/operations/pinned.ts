import type { Expression, Query } from "../sql/ast.ts";

/**
 * Whether the query asks for one partition key by itself: its WHERE holds each of the key's paths equal to a value.
 * Azure runs such a query without being told that it may cross partitions.
 */
export function pinsKey(
  { from, where }: Query,
  keyPaths: readonly (readonly string[])[],
): boolean {
  const [root] = from;
  if (root?.over.kind !== "name" || root.each) return false;
  const pinned = new Set(
    conjuncts(where).flatMap((condition) => pinnedPath(condition, root.alias)),
  );
  return keyPaths.every((path) => pinned.has(JSON.stringify(path)));
}

function conjuncts(where: Expression | undefined): readonly Expression[] {
  if (where === undefined) return [];
  return where.kind === "binary" && where.operator === "AND"
    ? [...conjuncts(where.left), ...conjuncts(where.right)]
    : [where];
}

function pinnedPath(condition: Expression, alias: string): string[] {
  if (condition.kind !== "binary" || condition.operator !== "=") return [];
  const { left, right } = condition;
  const member = isValue(right) ? left : isValue(left) ? right : undefined;
  const path = member && pathOf(member, alias);
  return path ? [JSON.stringify(path)] : [];
}

const isValue = ({ kind }: Expression): boolean =>
  kind === "literal" || kind === "parameter";

/** The names from the document down to a member; undefined for anything else. */
function pathOf(expression: Expression, alias: string): string[] | undefined {
  if (expression.kind === "name")
    return expression.name === alias ? [] : undefined;
  if (expression.kind !== "member" || expression.key.kind !== "literal")
    return undefined;
  const of = pathOf(expression.of, alias);
  const { value } = expression.key;
  return of && typeof value === "string" ? [...of, value] : undefined;
}
