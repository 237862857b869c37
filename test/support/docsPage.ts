import { readFileSync } from "node:fs";

/** An entry of a page: what stands between its heading and the next. */
export interface Entry {
  readonly name: string;
  readonly text: string;
}

export interface Block {
  readonly language: string;
  readonly text: string;
  /** The file that the line before it says it is. */
  readonly file: string | undefined;
}

export const readPage = (path: string): string => readFileSync(path, "utf8");

/** The part of a page below a heading, up to the next heading of its level or a higher one. */
export function sectionOf(page: string, title: string): string {
  const lines = page.split("\n");
  const start = lines.findIndex(
    (line) => /^#+ /.test(line) && line.replace(/^#+ /, "") === title,
  );
  if (start < 0) throw new Error(`The page has no heading '${title}'.`);
  const level = /^#+/.exec(lines[start] ?? "")?.[0].length ?? 0;
  const isNext = (line: string): boolean => {
    const found = /^(#+) /.exec(line)?.[1]?.length;
    return found !== undefined && found <= level;
  };
  const rest = lines.slice(start + 1);
  const end = rest.findIndex(isNext);
  return rest.slice(0, end < 0 ? undefined : end).join("\n");
}

/** The entries of a section: its headings that are code. */
export const entriesOf = (section: string): Entry[] =>
  [...section.matchAll(/^#### `([^`]+)`\n([\s\S]*?)(?=^#|(?![\s\S]))/gm)].map(
    ([, name = "", text = ""]) => ({ name, text }),
  );

export const blocksOf = (page: string): Block[] =>
  [...page.matchAll(/(?:^`([^`\n]+)`:\n\n)?^```(\w+)\n([\s\S]*?)^```$/gm)].map(
    ([, file, language = "", text = ""]) => ({ language, text, file }),
  );

/** The codes in the first column of the tables of a section. */
export const rowsOf = (section: string): string[] =>
  [...section.matchAll(/^\| `([^`]+)` +\|/gm)].map(([, name = ""]) => name);
