import type { Query } from "./ast.ts";
import { parse } from "./parser.ts";

export type { Query } from "./ast.ts";
export {
  execute,
  hasPositions,
  pathOf,
  type Candidate,
  type Position,
} from "./execute.ts";
export { QueryError } from "./lexer.ts";
export type { Json, JsonObject, Value } from "./values.ts";

const KEPT = 500;
const plans = new Map<string, Query>();

/** Parses a query; an application asks the same few over and over, so the last are kept. */
export function planOf(text: string): Query {
  let plan = plans.get(text);
  if (!plan) {
    plan = parse(text);
    if (plans.size >= KEPT) plans.clear();
    plans.set(text, plan);
  }
  return plan;
}
