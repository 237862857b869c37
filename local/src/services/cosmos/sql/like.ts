import type { Value } from "./values.ts";

const SPECIAL = /[\\^$.*+?()[\]{}|/-]/g;
const quoted = (text: string): string => text.replace(SPECIAL, "\\$&");

/** `text LIKE pattern`: % any text, _ one character, [a-f] and [^a-f] sets. */
export function matchesLike(
  text: Value,
  pattern: Value,
  escape: string | undefined,
): Value {
  if (typeof text !== "string" || typeof pattern !== "string") return undefined;
  return compiled(pattern, escape).test(text);
}

let last:
  | { pattern: string; escape: string | undefined; expression: RegExp }
  | undefined;

/** A filter asks for the same pattern row after row. */
function compiled(pattern: string, escape: string | undefined): RegExp {
  if (last?.pattern !== pattern || last.escape !== escape)
    last = { pattern, escape, expression: translated(pattern, escape) };
  return last.expression;
}

function translated(pattern: string, escape: string | undefined): RegExp {
  let source = "";
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern.charAt(i);
    if (character === escape) source += quoted(pattern.charAt(++i));
    else if (character === "%") source += ".*";
    else if (character === "_") source += ".";
    else if (character === "[" && pattern.indexOf("]", i) > i + 1) {
      const end = pattern.indexOf("]", i);
      const set = pattern.slice(i + 1, end);
      source += `[${set.replace(/[\\[\]]/g, "\\$&")}]`;
      i = end;
    } else source += quoted(character);
  }
  return new RegExp(`^${source}$`, "s");
}
