/** Something in a pipeline's folder that cannot be: where, what, and what to write instead. */
export interface Mistake {
  /** Relative to the project. */
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** All mistakes of all pipelines, sorted by file and line. */
export class PipelineMistakes extends Error {
  constructor(mistakes: readonly Mistake[]) {
    const lines = linesOf(mistakes);
    const count =
      lines.length === 1 ? "one mistake" : `${lines.length} mistakes`;
    super(`The pipelines have ${count}:\n${lines.join("\n")}`);
    this.name = "PipelineMistakes";
  }
}

/** What is told although nothing is refused; no line where there is nothing. */
export function warningLines(warnings: readonly Mistake[]): string[] {
  if (warnings.length === 0) return [];
  const count =
    warnings.length === 1 ? "one warning" : `${warnings.length} warnings`;
  return [`The pipelines have ${count}:`, ...linesOf(warnings)];
}

const linesOf = (mistakes: readonly Mistake[]): string[] =>
  [...mistakes]
    .sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line)
    .map(({ file, line, message }) => `${file}:${line} ${message}`);

/** One form for all: what is wrong, then what to write, a sentence each. */
export const sentenceOf = ({
  message,
  instead,
}: {
  readonly message: string;
  readonly instead: string;
}): string => `${message.replace(/\.$/, "")}. ${instead}`;

/** `Did you mean late_after?`, when one of the words is close to what was written; else the list of them. */
export function suggestion(written: string, words: readonly string[]): string {
  const nearest = nearestOf(written, words);
  if (nearest !== undefined) return `Did you mean ${nearest}?`;
  if (words.length === 0) return "Remove it.";
  return words.length === 1
    ? `Write ${words.join("")}.`
    : `Write one of ${words.join(", ")}.`;
}

/** The word that is close to what was written, whatever the case of its letters. */
export function nearestOf(
  written: string,
  words: readonly string[],
): string | undefined {
  const lower = written.toLowerCase();
  const [nearest] = words
    .map((word) => ({ word, far: distance(lower, word.toLowerCase()) }))
    .filter(({ far }) => far <= Math.max(2, Math.floor(written.length / 3)))
    .sort((a, b) => a.far - b.far);
  return nearest?.word;
}

/** Levenshtein's distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 0; i < a.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j += 1) {
      const replaced = (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
