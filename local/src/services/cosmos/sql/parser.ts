import type {
  Column,
  Expression,
  Ordering,
  Query,
  Selection,
  Source,
} from "./ast.ts";
import { check } from "./check.ts";
import { parseExpression, parsePath } from "./expressions.ts";
import { TokenReader } from "./tokenReader.ts";

/** Reads and checks a query: what it returns can be run. */
export function parse(text: string): Query {
  const reader = new TokenReader(text);
  const query = parseQuery(reader);
  if (reader.peek().kind !== "end") reader.fail();
  check(query);
  return query;
}

const parseAny = (reader: TokenReader): Expression =>
  parseExpression(reader, parseQuery);

function parseQuery(reader: TokenReader): Query {
  reader.expect("SELECT");
  const distinct = reader.accept("DISTINCT");
  const top = reader.accept("TOP") ? count(reader) : undefined;
  const selection = parseSelection(reader);
  const from = reader.accept("FROM") ? parseSources(reader) : [];
  const where = reader.accept("WHERE") ? parseAny(reader) : undefined;
  const groupBy = clause(reader, "GROUP", parseAny);
  const orderBy = clause(reader, "ORDER", parseOrdering);
  const hasOffset = reader.accept("OFFSET");
  const offset = hasOffset ? count(reader) : undefined;
  if (hasOffset) reader.expect("LIMIT");
  const limit = hasOffset ? count(reader) : undefined;
  return {
    distinct,
    top,
    selection,
    from,
    where,
    groupBy,
    orderBy,
    offset,
    limit,
  };
}

/** A number or a parameter: what TOP, OFFSET and LIMIT take. */
function count(reader: TokenReader): Expression {
  const token = reader.peek();
  if (token.kind !== "number" && token.kind !== "parameter") reader.fail();
  reader.next();
  return token.kind === "number"
    ? { kind: "literal", value: Number(token.text) }
    : { kind: "parameter", name: token.text };
}

function clause<T>(
  reader: TokenReader,
  keyword: string,
  item: (reader: TokenReader) => T,
): T[] {
  if (!reader.accept(keyword)) return [];
  reader.expect("BY");
  const items = [];
  do items.push(item(reader));
  while (reader.accept(","));
  return items;
}

function parseSelection(reader: TokenReader): Selection {
  if (reader.accept("*")) return { kind: "all" };
  if (reader.accept("VALUE"))
    return { kind: "value", expression: parseAny(reader) };
  const columns: Column[] = [];
  let unnamed = 0;
  do {
    const expression = parseAny(reader);
    const alias = parseAlias(reader) ?? nameOf(expression);
    columns.push({ expression, alias: alias ?? `$${++unnamed}` });
  } while (reader.accept(","));
  return { kind: "columns", columns };
}

function parseAlias(reader: TokenReader): string | undefined {
  if (reader.accept("AS")) return reader.name();
  return reader.peek().kind === "name" ? reader.name() : undefined;
}

/** What a path is called when no alias is given: its last name. */
function nameOf(expression: Expression): string | undefined {
  if (expression.kind === "name") return expression.name;
  return expression.kind === "member" &&
    expression.key.kind === "literal" &&
    typeof expression.key.value === "string"
    ? expression.key.value
    : undefined;
}

function parseSources(reader: TokenReader): Source[] {
  const sources = [parseSource(reader)];
  while (reader.accept("JOIN")) sources.push(parseSource(reader));
  return sources;
}

function parseSource(reader: TokenReader): Source {
  if (reader.accept("(")) {
    // Each row of a subquery is a row of the join; the alias may be left out.
    const over: Expression = { kind: "arrayOf", query: parseQuery(reader) };
    reader.expect(")");
    return { alias: parseAlias(reader) ?? "", over, each: true };
  }
  if (reader.peek().kind === "name" && reader.is("IN", 1)) {
    const alias = reader.name();
    reader.expect("IN");
    return { alias, over: parseOrigin(reader), each: true };
  }
  const over = parseOrigin(reader);
  const alias = parseAlias(reader) ?? nameOf(over);
  return { alias: alias ?? reader.fail(), over, each: false };
}

/** A path from the container or an earlier alias. */
const parseOrigin = (reader: TokenReader): Expression =>
  parsePath(reader, { kind: "name", name: reader.name() }, () =>
    parseAny(reader),
  );

function parseOrdering(reader: TokenReader): Ordering {
  const expression = parseAny(reader);
  const descending = reader.accept("DESC");
  if (!descending) reader.accept("ASC");
  return { expression, descending };
}
