import { readFileSync } from "node:fs";
import { join } from "node:path";
import { LineCounter, parseDocument, type Document } from "yaml";
import type { z } from "zod";
import { suggestion, type Mistake } from "./mistakes.ts";

type Path = readonly PropertyKey[];

/** A YAML or JSON file (JSON is YAML) with its lines, so that a mistake is reported where it stands. */
export interface SourceFile {
  readonly file: string;
  readonly value: unknown;
  readonly mistakes: readonly Mistake[];
  /** The line of the key at a path, or of the nearest key above it. */
  lineOf(path: Path): number;
}

/** @param file relative to the project; it must exist */
export function readSourceFile(projectDir: string, file: string): SourceFile {
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(join(projectDir, file), "utf8"), {
    lineCounter: lines,
  });
  const mistakes = document.errors.map((error) => ({
    file,
    line: lines.linePos(error.pos[0]).line,
    message:
      error.message.split("\n")[0]?.replace(/ at line \d+.*$/, "") ??
      "cannot be read.",
  }));
  return {
    file,
    value: mistakes.length === 0 ? (document.toJS() as unknown) : undefined,
    mistakes,
    lineOf: (path) => lineOfKey(document, lines, path),
  };
}

function lineOfKey(document: Document, lines: LineCounter, path: Path): number {
  for (let length = path.length; length > 0; length -= 1) {
    const parent: unknown =
      length === 1
        ? document.contents
        : document.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1];
    const offset = offsetOfKey(parent, last);
    if (offset !== undefined) return lines.linePos(offset).line;
  }
  return 1;
}

interface Node {
  readonly range?: readonly number[];
}

function offsetOfKey(
  parent: unknown,
  key: PropertyKey | undefined,
): number | undefined {
  const items = (parent as { items?: readonly unknown[] } | undefined)?.items;
  if (items === undefined) return undefined;
  if (typeof key === "number")
    return (items[key] as Node | undefined)?.range?.[0];
  for (const item of items as readonly { key?: Node & { value?: unknown } }[]) {
    if (item.key?.value === key) return item.key?.range?.[0];
  }
  return undefined;
}

/** A mistake at its place: every mistake of a file is said in this form. */
export function mistakeAt(
  source: Pick<SourceFile, "file" | "lineOf">,
  path: Path,
  message: string,
): Mistake {
  const where = path.length === 0 ? "the file" : path.map(String).join(".");
  return {
    file: source.file,
    line: source.lineOf(path),
    message: `${where}: ${message}`.trim(),
  };
}

/** Checks a file against a schema: the value, or every mistake at its line. Unknown keys are mistakes. */
export function checkShape<Schema extends z.ZodType>(
  source: SourceFile,
  schema: Schema,
  keysAt: (path: Path) => readonly string[],
): { value: z.infer<Schema> } | { mistakes: readonly Mistake[] } {
  if (source.mistakes.length > 0) return { mistakes: source.mistakes };
  const result = schema.safeParse(source.value);
  if (result.success) return { value: result.data };
  const mistakes = result.error.issues.flatMap((issue): Mistake[] => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) =>
        mistakeAt(
          source,
          [...issue.path, key],
          `unknown key. ${suggestion(key, keysAt(issue.path))}`,
        ),
      );
    }
    // What is wrong with a key is said by the form of its name, not by the map that has it.
    const [ofKey] = issue.code === "invalid_key" ? issue.issues : [];
    return [mistakeAt(source, issue.path, ofKey?.message ?? issue.message)];
  });
  return { mistakes };
}
