import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Mistake } from "./mistakes.ts";

export type AuthorText =
  { readonly text: string } | { readonly mistake: Mistake };

const LINE_BREAK = 10;

/**
 * What an author saved, as text. A byte order mark in front of UTF-8 is left out: readers of YAML and SQL stumble over
 * it. @param file relative to the project; it must exist
 */
export function readAuthorText(projectDir: string, file: string): AuthorText {
  const bytes = readFileSync(join(projectDir, file));
  const mistake = (line: number, what: string): AuthorText => ({
    mistake: { file, line, message: `${what}. Save the file as UTF-8.` },
  });
  const utf16 = utf16Of(bytes);
  if (utf16 !== undefined) return mistake(1, `is encoded as ${utf16}`);
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0")
      ? mistake(lineOf(text), "has a character NUL, which no text has")
      : { text };
  } catch {
    return mistake(
      lineOfBadByte(bytes),
      "has a byte that is not UTF-8, as Latin-1 and Windows-1252 write them",
    );
  }
}

const lineOf = (text: string): number =>
  text.slice(0, text.indexOf("\0")).split("\n").length;

function utf16Of(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  const isMarked =
    (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return isMarked ? "UTF-16" : undefined;
}

/** No byte of a character of several bytes is a line break. */
function lineOfBadByte(bytes: Uint8Array): number {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let line = 1;
  for (let from = 0; from < bytes.length; line += 1) {
    const end = bytes.indexOf(LINE_BREAK, from);
    const next = end < 0 ? bytes.length : end + 1;
    try {
      decoder.decode(bytes.subarray(from, next));
    } catch {
      return line;
    }
    from = next;
  }
  return line;
}
