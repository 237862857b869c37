import type { Expression } from "../../../local/src/services/cosmos/sql/ast.ts";

/** An expression as text with every bracket written out; without subqueries. */
export function print(expression: Expression): string {
  switch (expression.kind) {
    case "literal":
      return expression.value === undefined
        ? "undefined"
        : JSON.stringify(expression.value);
    case "parameter":
    case "name":
      return expression.name;
    case "member":
      return `${print(expression.of)}[${print(expression.key)}]`;
    case "array":
      return `[${expression.items.map(print).join(", ")}]`;
    case "object":
      return `{${expression.properties.map(([key, value]) => `${JSON.stringify(key)}: ${print(value)}`).join(", ")}}`;
    case "unary":
      return `(${expression.operator} ${print(expression.operand)})`;
    case "binary":
      return `(${print(expression.left)} ${expression.operator} ${print(expression.right)})`;
    case "conditional":
      return `(${print(expression.condition)} ? ${print(expression.then)} : ${print(expression.otherwise)})`;
    case "in":
      return `(${print(expression.operand)} IN (${expression.items.map(print).join(", ")}))`;
    case "between":
      return `(${print(expression.operand)} BETWEEN ${print(expression.low)} AND ${print(expression.high)})`;
    case "like":
      return `(${print(expression.operand)} LIKE ${print(expression.pattern)}${expression.escape === undefined ? "" : ` ESCAPE ${JSON.stringify(expression.escape)}`})`;
    case "call":
      return `${expression.name}(${expression.args.map(print).join(", ")})`;
    case "subquery":
    case "exists":
    case "arrayOf":
      throw new Error("Subqueries are not printed.");
  }
}
