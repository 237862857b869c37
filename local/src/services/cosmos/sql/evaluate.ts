import { AGGREGATES } from "./aggregates.ts";
import type { BinaryOperator, Expression, Query } from "./ast.ts";
import { functionNamed } from "./functions/index.ts";
import { QueryError } from "./lexer.ts";
import { matchesLike } from "./like.ts";
import {
  compare,
  equals,
  isPrimitive,
  memberOf,
  objectOf,
  typeRank,
  type Json,
  type Value,
} from "./values.ts";

/** The aliases that an expression can see, the innermost first. */
export interface Scope {
  readonly name: string;
  readonly value: Value;
  readonly outer: Scope | undefined;
}

export interface Environment {
  readonly parameters: ReadonlyMap<string, Value>;
  /** Milliseconds since 1970, the same throughout one query. */
  readonly now: number;
  /** Runs a subquery: given from outside, since running needs evaluating. */
  readonly rows: (
    query: Query,
    scope: Scope | undefined,
    environment: Environment,
  ) => Iterable<Json>;
  /** The rows of the group that is being projected. */
  readonly group?: readonly (Scope | undefined)[] | undefined;
}

/** The value of an expression; a missing property or an operand of the wrong type gives undefined. */
export function evaluate(
  expression: Expression,
  scope: Scope | undefined,
  environment: Environment,
): Value {
  const valueOf = (part: Expression): Value =>
    evaluate(part, scope, environment);
  switch (expression.kind) {
    case "literal":
      return expression.value;
    case "parameter":
      return parameter(expression.name, environment);
    case "name":
      return lookUp(expression.name, scope);
    case "member":
      return memberOf(valueOf(expression.of), valueOf(expression.key));
    case "array":
      return expression.items.map(valueOf).filter((item) => item !== undefined);
    case "object":
      return objectOf(
        expression.properties.map(([key, value]) => [key, valueOf(value)]),
      );
    case "unary":
      return unary(expression.operator, valueOf(expression.operand));
    case "binary":
      return binary(expression.operator, valueOf(expression.left), () =>
        valueOf(expression.right),
      );
    case "conditional":
      return valueOf(expression.condition) === true
        ? valueOf(expression.then)
        : valueOf(expression.otherwise);
    case "in": {
      const operand = valueOf(expression.operand);
      if (operand === undefined) return undefined;
      return expression.items.some((item) => equals(operand, valueOf(item)));
    }
    case "between": {
      const operand = valueOf(expression.operand);
      return and(compared(">=", operand, valueOf(expression.low)), () =>
        compared("<=", operand, valueOf(expression.high)),
      );
    }
    case "like":
      return matchesLike(
        valueOf(expression.operand),
        valueOf(expression.pattern),
        expression.escape,
      );
    case "call":
      return call(expression.name, expression.args, scope, environment);
    case "subquery": {
      const [first] = environment.rows(expression.query, scope, environment);
      return first;
    }
    case "exists": {
      const [first] = environment.rows(expression.query, scope, environment);
      return first !== undefined;
    }
    case "arrayOf":
      return [...environment.rows(expression.query, scope, environment)];
  }
}

/** A parameter may be sent without a value, which is undefined; forgotten ones are a mistake. */
function parameter(name: string, { parameters }: Environment): Value {
  if (!parameters.has(name))
    throw new QueryError(
      `The parameter '${name}' has no value in the request.`,
      0,
      0,
      "SC2016",
    );
  return parameters.get(name);
}

function lookUp(name: string, scope: Scope | undefined): Value {
  for (let frame = scope; frame; frame = frame.outer)
    if (frame.name === name) return frame.value;
  return undefined;
}

function unary(operator: "NOT" | "-" | "+" | "~", operand: Value): Value {
  if (operator === "NOT")
    return typeof operand === "boolean" ? !operand : undefined;
  if (typeof operand !== "number") return undefined;
  if (operator === "~") return ~operand;
  return operator === "-" ? -operand : operand;
}

/** False wins over undefined; anything that is no boolean counts as undefined. */
function and(left: Value, right: () => Value): Value {
  if (left === false) return false;
  const other = right();
  if (other === false) return false;
  return left === true && other === true ? true : undefined;
}

/** True wins over undefined. */
function or(left: Value, right: () => Value): Value {
  if (left === true) return true;
  const other = right();
  if (other === true) return true;
  return left === false && other === false ? false : undefined;
}

function binary(
  operator: BinaryOperator,
  left: Value,
  right: () => Value,
): Value {
  switch (operator) {
    case "AND":
      return and(left, right);
    case "OR":
      return or(left, right);
    case "??":
      return left === undefined ? right() : left;
    case "=":
    case "!=": {
      const other = right();
      if (left === undefined || other === undefined) return undefined;
      return equals(left, other) === (operator === "=");
    }
    case "<":
    case "<=":
    case ">":
    case ">=":
      return compared(operator, left, right());
    case "||": {
      const other = right();
      return typeof left === "string" && typeof other === "string"
        ? left + other
        : undefined;
    }
    default: {
      const other = right();
      return typeof left === "number" && typeof other === "number"
        ? finite(arithmetic(operator, left, other))
        : undefined;
    }
  }
}

/** Order is defined between primitives of one type only. */
function compared(
  operator: "<" | "<=" | ">" | ">=",
  left: Value,
  right: Value,
): Value {
  if (!isPrimitive(left) || typeRank(left) !== typeRank(right))
    return undefined;
  const order = compare(left, right);
  switch (operator) {
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
  }
}

function arithmetic(
  operator: "+" | "-" | "*" | "/" | "%" | "|" | "&" | "^",
  left: number,
  right: number,
): number {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return left / right;
    case "%":
      return left % right;
    case "|":
      return left | right;
    case "&":
      return left & right;
    case "^":
      return left ^ right;
  }
}

/** JSON has no infinities: a division by zero is undefined. */
const finite = (value: number): Value =>
  Number.isFinite(value) ? value : undefined;

function call(
  name: string,
  args: readonly Expression[],
  scope: Scope | undefined,
  environment: Environment,
): Value {
  const aggregate = AGGREGATES.get(name);
  const [argument] = args;
  if (aggregate && argument) {
    const rows = environment.group ?? [];
    const inner = { ...environment, group: undefined };
    return aggregate(
      rows
        .map((row) => evaluate(argument, row, inner))
        .filter((value) => value !== undefined),
    );
  }
  const values = args.map((arg) => evaluate(arg, scope, environment));
  return functionNamed(name)?.run(values, environment.now);
}
