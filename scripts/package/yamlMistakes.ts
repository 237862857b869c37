/** What a YAML or JSON file gets wrong before it says anything: the parser's findings in an author's words. */
import {
  isScalar,
  visit,
  type Document,
  type LineCounter,
  type YAMLError,
} from "yaml";
import { sentenceOf, type Mistake } from "./mistakes.ts";

type Told = readonly [message: string, instead: string];

const OF_JSON: Told = [
  "cannot be read as JSON from here on",
  "Write a comma between two values, and close each quote and bracket.",
];

/** By the parser's code. https://eemeli.org/yaml/#errors */
const OF_YAML: Readonly<Record<string, Told>> = {
  TAB_AS_INDENT: ["begins with a tab", "Write spaces, in all of the file."],
  BAD_INDENT: [
    "is not indented like the lines that it belongs to",
    "Write keys that belong together at the same column, and close each bracket.",
  ],
  BLOCK_AS_IMPLICIT_KEY: [
    "has a second ': ' on one line",
    "Write the inner key on a line of its own, or the value in quotes.",
  ],
  MISSING_CHAR: [
    "ends before a quote or bracket is closed, or lacks a ':' after a key",
    "Write the closing quote or bracket, or the ':' with its value.",
  ],
  BAD_SCALAR_START: [
    "begins with a character that YAML keeps for itself",
    "Write the value in quotes.",
  ],
  MULTIPLE_DOCS: [
    "is the second document of the file",
    "Write one, without the line ---.",
  ],
  BAD_ALIAS: ["names an anchor that is not there", "Write the value itself."],
  TAG_RESOLVE_FAILED: [
    "has a tag (!name) that nothing here reads",
    "Write the value without it, or in quotes.",
  ],
};

const OTHER: Told = [
  "cannot be read as YAML from here on",
  "Write `key: value` on each line, and text with special characters in quotes.",
];

/** What follows a mistake of the form is its consequence: the first is told. Keys that are there twice are told each. */
export function yamlMistakes(
  file: string,
  text: string,
  document: Document,
  lines: LineCounter,
): Mistake[] {
  const at = (offset: number, [message, instead]: Told): Mistake => ({
    file,
    line: lines.linePos(Math.min(offset, text.trimEnd().length)).line,
    message: sentenceOf({ message, instead }),
  });
  if (text.trim() === "")
    return [at(0, ["the file is empty", "Write its content, or remove it."])];
  const errors = [...document.errors, ...document.warnings];
  const form = errors.find(({ code }) => code !== "DUPLICATE_KEY");
  if (form !== undefined) return [at(form.pos[0], told(file, form))];
  const offset = file.endsWith(".json") ? offsetOfNoJson(text) : undefined;
  if (offset !== undefined) return [at(offset, NO_JSON)];
  const twice = errors.map(({ pos }) => {
    const key = /^(?:"[^"\n]*"|'[^'\n]*'|[^\s:]+)/.exec(
      text.slice(pos[0]),
    )?.[0];
    return at(pos[0], [
      `the key ${key ?? ""} is there twice`,
      "Remove one of the two.",
    ]);
  });
  return [
    ...twice,
    ...unresolvedAliases(document, at),
    ...inexact(document, at),
  ];
}

/** What YAML reads, and no reader of JSON: an editor and a validator of JSON Schema would refuse the file. */
const NO_JSON: Told = [
  "is YAML, and no JSON",
  "Write keys and texts in double quotes, no comment (a $comment is one), and no comma before a closing bracket.",
];

/** Where a text stops to be JSON. Node tells the position, but not where the text ends too soon. */
function offsetOfNoJson(text: string): number | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    const [, position] = / at position (\d+)/.exec(String(error)) ?? [];
    return position === undefined ? text.length : Number(position);
  }
}

const told = (file: string, { code }: YAMLError): Told => {
  const isYaml = !file.endsWith(".json") || code === "TAG_RESOLVE_FAILED";
  return isYaml ? (OF_YAML[code] ?? OTHER) : OF_JSON;
};

function unresolvedAliases(
  document: Document,
  at: (offset: number, told: Told) => Mistake,
): Mistake[] {
  const found: Mistake[] = [];
  visit(document, {
    Alias: (_, alias, above) => {
      const anchored = alias.resolve(document);
      const isCircle = above.some((each) => each === anchored);
      if (anchored !== undefined && !isCircle) return;
      found.push(
        at(alias.range?.[0] ?? 0, [
          isCircle
            ? `*${alias.source} names what it is a part of`
            : `*${alias.source} names an anchor that is not there`,
          "Write the value itself, or in quotes.",
        ]),
      );
    },
  });
  return found;
}

/** A number that a double rounds would be checked, and shown, as another one than the author wrote. */
function inexact(
  document: Document,
  at: (offset: number, told: Told) => Mistake,
): Mistake[] {
  const found: Mistake[] = [];
  visit(document, (_, node) => {
    if (!isScalar(node) || typeof node.value !== "number") return;
    const source = node.source ?? String(node.value);
    if (isExact(source, node.value)) return;
    const instead = Number.isFinite(node.value)
      ? `Write a number that one holds, such as ${String(node.value)}.`
      : "Write a finite number.";
    found.push(
      at(node.range?.[0] ?? 0, [
        `the number ${source} cannot be held exactly by a double`,
        instead,
      ]),
    );
  });
  return found;
}

function isExact(source: string, value: number): boolean {
  if (!Number.isFinite(value)) return false;
  if (/^[-+]?0[xo]/i.test(source)) return Number.isSafeInteger(value);
  return digitsOf(source) === digitsOf(String(value));
}

/** A decimal number as its digits and power of ten, so that 1.50, 15e-1 and 1.5 are the same text. */
function digitsOf(text: string): string {
  const [mantissa = "", exponent = "0"] = text.toLowerCase().split("e");
  const sign = mantissa.startsWith("-") ? "-" : "";
  const [whole = "", fraction = ""] = mantissa.replace(/^[-+]/, "").split(".");
  const all = `${whole}${fraction}`.replace(/^0+/, "");
  const digits = all.replace(/0+$/, "");
  if (digits === "") return "0";
  const power =
    Number(exponent) - fraction.length + (all.length - digits.length);
  return `${sign}${digits}e${String(power)}`;
}
