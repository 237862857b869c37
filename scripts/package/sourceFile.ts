import { LineCounter, parseDocument, type Document } from "yaml";
import type { z } from "zod";
import { readAuthorText } from "./authorText.ts";
import { suggestion, type Mistake } from "./mistakes.ts";
import { wordsOf } from "./words.ts";
import { yamlMistakes } from "./yamlMistakes.ts";

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
  const read = readAuthorText(projectDir, file);
  if ("mistake" in read)
    return { ...nothingIn(file), mistakes: [read.mistake] };
  const lines = new LineCounter();
  const document = parseDocument(read.text, { lineCounter: lines });
  const mistakes = yamlMistakes(file, read.text, document, lines);
  return {
    file,
    value: mistakes.length === 0 ? (document.toJS() as unknown) : undefined,
    mistakes,
    lineOf: (path) => lineOfKey(document, lines, path),
  };
}

/** A file of which no place is known. */
export const nothingIn = (file: string): SourceFile => ({
  file,
  value: undefined,
  mistakes: [],
  lineOf: () => 1,
});

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

/** What a place of the file knows of the keys that it may have. */
export interface KnownKeys {
  readonly keys: readonly string[];
  /** What to write for a key that another place says. */
  readonly elsewhere?: (key: string) => string | undefined;
}

/** Checks a file against a schema: the value, or every mistake at its line. Unknown keys are mistakes. */
export function checkShape<Schema extends z.ZodType>(
  source: SourceFile,
  schema: Schema,
  knownAt: (path: Path) => KnownKeys,
): { value: z.infer<Schema> } | { mistakes: readonly Mistake[] } {
  if (source.mistakes.length > 0) return { mistakes: source.mistakes };
  const result = schema.safeParse(source.value, { error: wordsOf });
  if (result.success) return { value: result.data };
  const mistakes = result.error.issues.flatMap((issue): Mistake[] => {
    if (issue.code === "unrecognized_keys") {
      const { keys, elsewhere } = knownAt(issue.path);
      return issue.keys.map((key) =>
        mistakeAt(
          source,
          [...issue.path, key],
          `is an unknown key. ${elsewhere?.(key) ?? suggestion(key, keys)}`,
        ),
      );
    }
    // What is wrong with a key is said by the form of its name, not by the map that has it.
    const [ofKey] = issue.code === "invalid_key" ? issue.issues : [];
    const message = ofKey?.message ?? issue.message;
    const isWhole = !message.startsWith("Write ");
    const what = isWhole ? "" : `${shown(valueAt(source.value, issue.path))}. `;
    return [mistakeAt(source, issue.path, what + message)];
  });
  return { mistakes };
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, key) =>
      typeof at === "object" && at !== null && Object.hasOwn(at, key)
        ? (at as Record<PropertyKey, unknown>)[key]
        : undefined,
    value,
  );
}

const MAX_SHOWN = 40;

/** What stands where something else should. */
function shown(value: unknown): string {
  if (value === undefined) return "is missing";
  if (value === null) return "has no value";
  if (Array.isArray(value))
    return value.length === 0 ? "is an empty list" : "is a list";
  if (typeof value === "object")
    return Object.keys(value).length === 0
      ? "has no keys"
      : "has keys below it";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const short = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
  const noSpace = /^\w+:\S/.test(text)
    ? ", without a space after its colon"
    : "";
  return `'${short}' cannot stand here${noSpace}`;
}
