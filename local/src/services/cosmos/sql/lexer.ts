/** A mistake in a query, with the place in its text where Azure would point. */
export class QueryError extends Error {
  readonly code: string;
  readonly start: number;
  readonly end: number;

  constructor(message: string, start = 0, end = start, code = "SC1001") {
    super(message);
    this.name = "QueryError";
    this.code = code;
    this.start = start;
    this.end = end;
  }
}

export interface Token {
  readonly kind:
    "number" | "string" | "name" | "parameter" | "keyword" | "symbol" | "end";
  /** Keywords in capitals; the value of a string. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Reserved: as a property each must be written `c["value"]`, on Azure too. */
const KEYWORDS = new Set(
  (
    "AND ARRAY AS ASC BETWEEN BY DESC DISTINCT ESCAPE EXISTS FALSE FROM GROUP IN JOIN LIKE LIMIT " +
    "NOT NULL OFFSET OR ORDER SELECT TOP TRUE UDF UNDEFINED VALUE WHERE"
  ).split(" "),
);

const TOKEN =
  /(?<space>(?:\s|--[^\n]*)+)|(?<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|(?<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<parameter>@[A-Za-z_]\w*)|(?<name>[A-Za-z_]\w*)|(?<symbol><=|>=|<>|!=|\|\||\?\?|[-+*/%=<>()[\]{},.:?&|^~])/sy;

export function tokens(text: string): Token[] {
  const found: Token[] = [];
  let start = 0;
  while (start < text.length) {
    TOKEN.lastIndex = start;
    const groups = TOKEN.exec(text)?.groups;
    if (!groups)
      throw new QueryError(
        `Syntax error, invalid token '${text.charAt(start)}'.`,
        start,
        start + 1,
      );
    const end = TOKEN.lastIndex;
    const token = tokenOf(groups, start, end);
    if (token) found.push(token);
    start = end;
  }
  found.push({ kind: "end", text: "", start, end: start });
  return found;
}

function tokenOf(
  groups: Partial<Record<string, string>>,
  start: number,
  end: number,
): Token | undefined {
  const { number, string, parameter, name, symbol } = groups;
  if (number !== undefined) return { kind: "number", text: number, start, end };
  if (string !== undefined)
    return { kind: "string", text: unescaped(string, start, end), start, end };
  if (parameter !== undefined)
    return { kind: "parameter", text: parameter, start, end };
  if (symbol !== undefined)
    return {
      kind: "symbol",
      text: symbol === "<>" ? "!=" : symbol,
      start,
      end,
    };
  if (name === undefined) return undefined;
  const upper = name.toUpperCase();
  return KEYWORDS.has(upper)
    ? { kind: "keyword", text: upper, start, end }
    : { kind: "name", text: name, start, end };
}

const ESCAPES: Readonly<Record<string, string>> = {
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

function unescaped(quoted: string, start: number, end: number): string {
  return quoted
    .slice(1, -1)
    .replace(/\\(u[0-9a-fA-F]{4}|[^u]|u)/gs, (_, code: string) => {
      if (code === "u")
        throw new QueryError(
          "Syntax error, invalid escape sequence.",
          start,
          end,
        );
      return code.length === 5
        ? String.fromCharCode(parseInt(code.slice(1), 16))
        : (ESCAPES[code] ?? code);
    });
}
