import type { Value } from "./values.ts";

type UnaryOperator = "NOT" | "-" | "+" | "~";
export type BinaryOperator =
  | "??"
  | "OR"
  | "AND"
  | "="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "|"
  | "^"
  | "&"
  | "||"
  | "+"
  | "-"
  | "*"
  | "/"
  | "%";

export type Expression =
  | { readonly kind: "literal"; readonly value: Value }
  | { readonly kind: "parameter"; readonly name: string }
  | { readonly kind: "name"; readonly name: string }
  | {
      readonly kind: "member";
      readonly of: Expression;
      readonly key: Expression;
    }
  | { readonly kind: "array"; readonly items: readonly Expression[] }
  | {
      readonly kind: "object";
      readonly properties: readonly (readonly [string, Expression])[];
    }
  | {
      readonly kind: "unary";
      readonly operator: UnaryOperator;
      readonly operand: Expression;
    }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: "conditional";
      readonly condition: Expression;
      readonly then: Expression;
      readonly otherwise: Expression;
    }
  | {
      readonly kind: "in";
      readonly operand: Expression;
      readonly items: readonly Expression[];
    }
  | {
      readonly kind: "between";
      readonly operand: Expression;
      readonly low: Expression;
      readonly high: Expression;
    }
  | {
      readonly kind: "like";
      readonly operand: Expression;
      readonly pattern: Expression;
      readonly escape: string | undefined;
    }
  | {
      readonly kind: "call";
      /** In capitals. */
      readonly name: string;
      readonly args: readonly Expression[];
    }
  | {
      readonly kind: "subquery" | "exists" | "arrayOf";
      readonly query: Query;
    };

export interface Column {
  readonly expression: Expression;
  readonly alias: string;
}

export type Selection =
  | { readonly kind: "all" }
  | { readonly kind: "value"; readonly expression: Expression }
  | { readonly kind: "columns"; readonly columns: readonly Column[] };

export interface Source {
  readonly alias: string;
  readonly over: Expression;
  /** `x IN path`: one row for each element. */
  readonly each: boolean;
}

export interface Ordering {
  readonly expression: Expression;
  readonly descending: boolean;
}

export interface Query {
  readonly distinct: boolean;
  readonly top: Expression | undefined;
  readonly selection: Selection;
  readonly from: readonly Source[];
  readonly where: Expression | undefined;
  readonly groupBy: readonly Expression[];
  readonly orderBy: readonly Ordering[];
  readonly offset: Expression | undefined;
  readonly limit: Expression | undefined;
}

/** The direct parts of an expression, without those inside subqueries. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "literal":
    case "parameter":
    case "name":
    case "subquery":
    case "exists":
    case "arrayOf":
      return [];
    case "member":
      return [expression.of, expression.key];
    case "array":
      return expression.items;
    case "object":
      return expression.properties.map(([, value]) => value);
    case "unary":
      return [expression.operand];
    case "binary":
      return [expression.left, expression.right];
    case "conditional":
      return [expression.condition, expression.then, expression.otherwise];
    case "in":
      return [expression.operand, ...expression.items];
    case "between":
      return [expression.operand, expression.low, expression.high];
    case "like":
      return [expression.operand, expression.pattern];
    case "call":
      return expression.args;
  }
}

export const selectedExpressions = (query: Query): readonly Expression[] => {
  switch (query.selection.kind) {
    case "all":
      return [];
    case "value":
      return [query.selection.expression];
    case "columns":
      return query.selection.columns.map((column) => column.expression);
  }
};
