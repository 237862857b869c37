/** JSON as its text says it: a number keeps its digits, and an object that names a property twice is told. */

/** A number as it is written. */
export interface Digits {
  readonly digits: string;
}

export const isDigits = (value: unknown): value is Digits =>
  typeof value === "object" && value !== null && "digits" in value;

/** Throws what `JSON.parse` throws. An object of the text that has the one property `digits` would be taken for a number. */
export function parseExactly(text: string): unknown {
  const keepDigits = (
    _key: string,
    value: unknown,
    // Node 22 gives it; TypeScript's library does not know it yet.
    context?: { readonly source?: string },
  ): unknown =>
    typeof value === "number"
      ? { digits: context?.source ?? String(value) }
      : value;
  return JSON.parse(text, keepDigits) as unknown;
}

/** The strings and brackets of a valid text of JSON; behind a name of a property stands a colon. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"(?:\s*(:))?|[[\]{}]/gu;

/** Whether an object of a valid text names a property twice, however it is escaped. */
export function hasPropertyTwice(text: string): boolean {
  const open: Set<string>[] = [];
  for (const [token, colon] of text.matchAll(TOKENS)) {
    if (token === "{" || token === "[") open.push(new Set());
    else if (token === "}" || token === "]") open.pop();
    else if (colon !== undefined) {
      const name = JSON.parse(token.replace(/\s*:$/u, "")) as string;
      const names = open.at(-1);
      if (names?.has(name) === true) return true;
      names?.add(name);
    }
  }
  return false;
}

/** Whether a text, or a name, in the value holds half of a surrogate pair. */
export function hasHalfOfPair(value: unknown): boolean {
  if (typeof value === "string") return !value.isWellFormed();
  if (Array.isArray(value)) return value.some(hasHalfOfPair);
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(
    ([name, inner]) => !name.isWellFormed() || hasHalfOfPair(inner),
  );
}
