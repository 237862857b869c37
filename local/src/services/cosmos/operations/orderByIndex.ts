import { errors, fail } from "../errors.ts";
import { pathOf, type Query } from "../sql/index.ts";
import { pathParts } from "../store/partitionKey.ts";
import type { CompositePath, IndexingPolicy } from "../store/definition.ts";

/** Azure refuses an ORDER BY that no index can serve; so an application that passes here passes there. */
export function checkOrderBy(query: Query, policy: IndexingPolicy): void {
  const wanted = query.orderBy.map(({ expression, descending }) => ({
    path: pathOf(expression) ?? "",
    order: descending ? ("descending" as const) : ("ascending" as const),
  }));
  const [first, second] = wanted;
  if (first && !second && !isIndexed(first.path, policy))
    fail(
      errors.badRequest,
      "The order-by item is excluded from the index. Consider adding a corresponding path to the indexing policy.",
    );
  const composites = policy.compositeIndexes ?? [];
  if (second && !composites.some((index) => serves(index, wanted)))
    fail(
      errors.badRequest,
      "The order by query does not have a corresponding composite index that it can be served from.",
    );
}

/** A composite index is read forwards, or backwards with every order turned round. */
function serves(
  index: readonly CompositePath[],
  wanted: readonly CompositePath[],
): boolean {
  if (index.length !== wanted.length) return false;
  const matches = (isReversed: boolean): boolean =>
    index.every(({ path, order = "ascending" }, i) => {
      const other = wanted[i];
      return (
        other !== undefined &&
        pathParts(path).join("/") === pathParts(other.path).join("/") &&
        (order === other.order) !== isReversed
      );
    });
  return matches(false) || matches(true);
}

/** The more precise of the paths that cover a property decides. */
function isIndexed(path: string, policy: IndexingPolicy): boolean {
  if (policy.indexingMode === "none") return false;
  const parts = pathParts(path);
  const best = (paths: readonly { readonly path: string }[] = []): number =>
    Math.max(-1, ...paths.map((entry) => precision(entry.path, parts)));
  return best(policy.includedPaths) > best(policy.excludedPaths);
}

/** How many names of a policy's path cover a property; -1 where it does not cover it. */
function precision(policyPath: string, parts: readonly string[]): number {
  const names = pathParts(policyPath);
  const isExact = names.at(-1) === "?";
  const own = names.slice(0, -1);
  const covers = own.every((name, i) => name === parts[i]);
  if (!covers || (isExact && own.length !== parts.length)) return -1;
  return own.length + (isExact ? 0.5 : 0);
}
