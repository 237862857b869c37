import type { BinaryOperator, Expression, Query } from "./ast.ts";
import type { TokenReader } from "./tokenReader.ts";

type ParseQuery = (reader: TokenReader) => Query;

/**
 * Binary operators, the loosest first. Microsoft publishes no precedence for NOT and the bitwise
 * operators; here NOT is looser than a comparison, as in other SQL. Parentheses are the safe way.
 */
const LEVELS: readonly (readonly BinaryOperator[])[] = [
  ["|"],
  ["^"],
  ["&"],
  ["+", "-", "||"],
  ["*", "/", "%"],
];

const COMPARISONS: readonly BinaryOperator[] = [
  "=",
  "!=",
  "<=",
  ">=",
  "<",
  ">",
];

/** Parses one expression; `parseQuery` is what reads a subquery. */
export function parseExpression(
  reader: TokenReader,
  parseQuery: ParseQuery,
): Expression {
  const expression = (): Expression => {
    const condition = coalesce();
    if (!reader.accept("?")) return condition;
    const then = expression();
    reader.expect(":");
    return { kind: "conditional", condition, then, otherwise: expression() };
  };

  const coalesce = (): Expression => leftToRight(["??"], or);
  const or = (): Expression => leftToRight(["OR"], and);
  const and = (): Expression => leftToRight(["AND"], not);

  const not = (): Expression =>
    reader.accept("NOT")
      ? { kind: "unary", operator: "NOT", operand: not() }
      : comparison();

  const leftToRight = (
    operators: readonly BinaryOperator[],
    operand: () => Expression,
  ): Expression => {
    let left = operand();
    for (;;) {
      const operator = operators.find((candidate) => reader.accept(candidate));
      if (operator === undefined) return left;
      left = { kind: "binary", operator, left, right: operand() };
    }
  };

  const comparison = (): Expression => {
    let left = level(0);
    for (;;) {
      const operator = COMPARISONS.find((candidate) =>
        reader.accept(candidate),
      );
      if (operator !== undefined) {
        left = { kind: "binary", operator, left, right: level(0) };
        continue;
      }
      const isNegated =
        reader.is("NOT") &&
        ["IN", "BETWEEN", "LIKE"].some((word) => reader.is(word, 1));
      if (isNegated) reader.expect("NOT");
      const test = predicate(left);
      if (!test) return left;
      left = isNegated
        ? { kind: "unary", operator: "NOT", operand: test }
        : test;
    }
  };

  const predicate = (operand: Expression): Expression | undefined => {
    if (reader.accept("IN")) {
      reader.expect("(");
      const items = reader.list(")", expression);
      return items.length === 0
        ? reader.fail()
        : { kind: "in", operand, items };
    }
    if (reader.accept("BETWEEN")) {
      const low = level(0);
      reader.expect("AND");
      return { kind: "between", operand, low, high: level(0) };
    }
    if (reader.accept("LIKE")) {
      const pattern = level(0);
      const escape = reader.accept("ESCAPE") ? string() : undefined;
      return { kind: "like", operand, pattern, escape };
    }
    return undefined;
  };

  const level = (depth: number): Expression => {
    const operators = LEVELS[depth];
    return operators ? leftToRight(operators, () => level(depth + 1)) : unary();
  };

  const unary = (): Expression => {
    for (const operator of ["-", "+", "~"] as const)
      if (reader.accept(operator))
        return { kind: "unary", operator, operand: unary() };
    return parsePath(reader, primary(), expression);
  };

  const string = (): string =>
    reader.peek().kind === "string" ? reader.next().text : reader.fail();

  const subquery = (kind: "subquery" | "exists" | "arrayOf"): Expression => {
    const query = parseQuery(reader);
    reader.expect(")");
    return { kind, query };
  };

  const primary = (): Expression => {
    const token = reader.peek();
    if (token.kind === "number") {
      reader.next();
      return { kind: "literal", value: Number(token.text) };
    }
    if (token.kind === "string") {
      reader.next();
      return { kind: "literal", value: token.text };
    }
    if (token.kind === "parameter") {
      reader.next();
      return { kind: "parameter", name: token.text };
    }
    if (token.kind === "name") return nameOrCall();
    return constant() ?? bracketed();
  };

  const constant = (): Expression | undefined => {
    if (reader.accept("TRUE")) return { kind: "literal", value: true };
    if (reader.accept("FALSE")) return { kind: "literal", value: false };
    if (reader.accept("NULL")) return { kind: "literal", value: null };
    if (reader.accept("UNDEFINED"))
      return { kind: "literal", value: undefined };
    return undefined;
  };

  const bracketed = (): Expression => {
    if (reader.accept("EXISTS")) {
      reader.expect("(");
      return subquery("exists");
    }
    if (reader.accept("ARRAY")) {
      reader.expect("(");
      return subquery("arrayOf");
    }
    if (reader.accept("["))
      return { kind: "array", items: reader.list("]", expression) };
    if (reader.accept("{"))
      return { kind: "object", properties: reader.list("}", property) };
    reader.expect("(");
    if (reader.is("SELECT")) return subquery("subquery");
    const inner = expression();
    reader.expect(")");
    return inner;
  };

  const property = (): readonly [string, Expression] => {
    const key = reader.peek().kind === "string" ? string() : reader.name();
    reader.expect(":");
    return [key, expression()];
  };

  const nameOrCall = (): Expression => {
    const name = reader.name();
    if (!reader.accept("(")) return { kind: "name", name };
    // COUNT(*) is no Cosmos SQL; Azure refuses it too.
    return {
      kind: "call",
      name: name.toUpperCase(),
      args: reader.list(")", expression),
    };
  };

  return expression();
}

/** `.name` and `[key]` after an expression. */
export function parsePath(
  reader: TokenReader,
  start: Expression,
  key: () => Expression,
): Expression {
  let of = start;
  for (;;) {
    if (reader.accept("."))
      of = {
        kind: "member",
        of,
        key: { kind: "literal", value: reader.name() },
      };
    else if (reader.accept("[")) {
      of = { kind: "member", of, key: key() };
      reader.expect("]");
    } else return of;
  }
}
