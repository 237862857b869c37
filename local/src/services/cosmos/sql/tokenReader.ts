import { QueryError, tokens, type Token } from "./lexer.ts";

/** The tokens of a query, read from the front. */
export class TokenReader {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokens(text);
  }

  peek(ahead = 0): Token {
    const token = this.#tokens[this.#at + ahead] ?? this.#tokens.at(-1);
    if (!token) throw new QueryError("Syntax error, the query is empty.");
    return token;
  }

  next(): Token {
    const token = this.peek();
    this.#at += 1;
    return token;
  }

  /** Whether a keyword or symbol stands here. */
  is(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return (
      (token.kind === "keyword" || token.kind === "symbol") &&
      token.text === text
    );
  }

  accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.#at += 1;
    return true;
  }

  expect(text: string): void {
    if (!this.accept(text)) this.fail();
  }

  /** An identifier: a property or an alias. */
  name(): string {
    return this.peek().kind === "name" ? this.next().text : this.fail();
  }

  /** `item, item, … end`, the opening bracket being read already. */
  list<T>(end: string, item: () => T): T[] {
    const items: T[] = [];
    if (this.accept(end)) return items;
    do items.push(item());
    while (this.accept(","));
    this.expect(end);
    return items;
  }

  fail(): never {
    const { start, end } = this.peek();
    const near = this.#text.slice(start, end);
    throw new QueryError(
      near === ""
        ? "Syntax error, unexpected end of the query."
        : `Syntax error, incorrect syntax near '${near}'.`,
      start,
      end,
    );
  }
}
