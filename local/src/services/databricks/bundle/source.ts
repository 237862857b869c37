import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { LineCounter, isNode, parseDocument } from "yaml";

export type Path = readonly (string | number)[];

/** A place in a bundle file that is wrong, with what to write instead. */
export interface Mistake {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** All mistakes of a bundle at once. */
export class BundleMistakes extends Error {
  override readonly name = "BundleMistakes";
  readonly mistakes: readonly Mistake[];

  constructor(mistakes: readonly Mistake[]) {
    super(
      mistakes
        .map(({ file, line, message }) => `${file}:${line}: ${message}`)
        .join("\n"),
    );
    this.mistakes = mistakes;
  }
}

/** One YAML file whose values know their lines. */
export class Source {
  readonly file: string;
  readonly value: unknown;
  readonly lineOf: (path: Path) => number;

  constructor(path: string, projectDir: string) {
    this.file = relative(projectDir, path).replaceAll("\\", "/");
    const counter = new LineCounter();
    const document = parseDocument(readFileSync(path, "utf8"), {
      lineCounter: counter,
    });
    const [broken] = document.errors;
    if (broken) {
      const line = broken.linePos?.[0].line ?? 1;
      const message = broken.message.split("\n")[0] ?? "";
      throw new BundleMistakes([{ file: this.file, line, message }]);
    }
    this.value = document.toJS() as unknown;
    // The line of the longest part of the path that the file has.
    this.lineOf = (path) => {
      for (let length = path.length; length > 0; length -= 1) {
        const node: unknown = document.getIn(path.slice(0, length), true);
        if (isNode(node) && node.range)
          return counter.linePos(node.range[0]).line;
      }
      return 1;
    };
  }

  mistake(path: Path, message: string): Mistake {
    return { file: this.file, line: this.lineOf(path), message };
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
