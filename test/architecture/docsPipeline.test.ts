import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { checkWithJob } from "../../scripts/package/check.ts";
import { clashesOf } from "../../scripts/package/clashes.ts";
import {
  pipelineFile,
  sinkGrammar,
} from "../../scripts/package/pipelineFile.ts";
import {
  pipelineNames,
  readPipeline,
} from "../../scripts/package/readPipeline.ts";
import { packagedKinds } from "../../scripts/package/sources.ts";
import { duration, pathOf, share } from "../../scripts/package/words.ts";
import { sinkKinds } from "../../src/sinks/index.ts";
import { csvYaml } from "../../src/sources/landing/csv.ts";
import {
  blocksOf,
  entriesOf,
  readPage,
  sectionOf,
} from "../support/docsPage.ts";
import { runPython } from "../support/python.ts";

const page = readPage("docs/pipeline.md");
type Shape = Readonly<Record<string, z.core.$ZodType>>;

/** The keys at each place of pipeline.yaml, by the heading that has their entries. */
const sections: readonly (readonly [string, Shape])[] = [
  ["Top level", pipelineFile.shape],
  ["Batching", pipelineFile.shape.batching.unwrap().shape],
  ["What is tolerated", pipelineFile.shape.tolerated.unwrap().shape],
  ["A gold table", pipelineFile.shape.gold.valueType.shape],
  [
    "A sink",
    Object.assign(
      {},
      ...Object.values(sinkKinds).map((kind) => sinkGrammar(kind).shape),
    ) as Shape,
  ],
  ["The options of a CSV file", csvYaml(z).shape],
  ...packagedKinds.map((kind): [string, Shape] => [
    `A source of the kind ${kind.name}`,
    kind.yaml({
      z,
      duration,
      contract: pathOf("contracts", ".schema.json"),
    }).shape as Shape,
  ]),
];

/** Whether a key may be left out, and what it is then, in the page's words. */
function absenceOf(field: z.core.$ZodType): string | number {
  const { success, data } = z.object({ field }).safeParse({});
  if (!success) return "Required.";
  const value: unknown = data.field;
  return typeof value === "string" || typeof value === "number"
    ? value
    : "Optional.";
}

/** The same as it is written; lengths of time are numbers of seconds in the schema, shares parts of one. */
function writtenAbsence(text: string): string | number {
  const [, shown] = /Default: `([^`]+)`\./.exec(text) ?? [];
  if (shown === undefined) return /(Required|Optional)\./.exec(text)?.[0] ?? "";
  for (const word of [duration, share]) {
    const read = word.safeParse(shown);
    if (read.success) return read.data;
  }
  return /^\d+$/.test(shown) ? Number(shown) : shown;
}

test.each(sections)(
  "docs/pipeline.md has each key below '%s' with its default, and no other",
  (title, shape) => {
    const written = entriesOf(sectionOf(page, title)).map(({ name, text }) => [
      name,
      writtenAbsence(text),
    ]);
    const wanted = Object.entries(shape).map(([name, field]) => [
      name,
      absenceOf(field),
    ]);
    expect(Object.fromEntries(written)).toEqual(Object.fromEntries(wanted));
    expect(written).toHaveLength(wanted.length);
  },
);

interface Keywords {
  readonly root: readonly string[];
  readonly byType: Readonly<Record<string, readonly string[]>>;
  readonly columns: Readonly<Record<string, string>>;
}

const keywords = JSON.parse(
  runPython(
    [
      "import json",
      "from assay_jobs.contract import grammar, reader",
      "print(json.dumps({'root': grammar.ROOT_KEYWORDS, 'byType': grammar.KEYWORDS, 'columns': reader.COLUMN_TYPES}))",
    ].join("\n"),
    [],
  ),
) as Keywords;

test("docs/pipeline.md has each keyword of a contract, and no other", () => {
  const entries = entriesOf(sectionOf(page, "Keywords of the contract"));
  expect(entries.map(({ name }) => name).sort()).toEqual(
    [...keywords.root].sort(),
  );
});

test("docs/pipeline.md has each keyword of a property with the types that take it, and no other", () => {
  const written = entriesOf(sectionOf(page, "Keywords of a property")).map(
    ({ name, text }) => [name, /^Of: ([^.]+)\./m.exec(text)?.[1]] as const,
  );
  const wanted: Record<string, string> = {};
  for (const [type, names] of Object.entries(keywords.byType))
    for (const name of names)
      wanted[name] =
        wanted[name] === undefined ? type : `${wanted[name]}, ${type}`;
  expect(Object.fromEntries(written)).toEqual(wanted);
  expect(written).toHaveLength(Object.keys(wanted).length);
});

test("docs/pipeline.md has each type of a property with its column", () => {
  const rows = [
    ...sectionOf(page, "Column types").matchAll(/^\| `(\w+)` +\| (\w+) /gm),
  ].map(([, type, column]) => [type, column]);
  expect(Object.fromEntries(rows)).toEqual(keywords.columns);
});

describe("the examples of docs/pipeline.md", () => {
  const blocks = blocksOf(page);
  const files = blocks.filter(({ file }) => file !== undefined);
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "assay-docs-"));
    for (const { file = "", text } of files) {
      mkdirSync(dirname(join(dir, file)), { recursive: true });
      writeFileSync(join(dir, file), text);
    }
  });
  afterEach(() => {
    rmSync(dir, { recursive: true });
  });

  const mistakes = () => {
    const folders = pipelineNames(dir).map((name) => readPipeline(dir, name));
    return [
      ...folders.flatMap((folder) => folder.mistakes),
      ...checkWithJob(folders).mistakes,
      ...clashesOf(folders),
    ];
  };

  test("are pipelines without a mistake", () => {
    expect(pipelineNames(dir)).not.toEqual([]);
    expect(mistakes()).toEqual([]);
  });

  test("are parts of such a pipeline, where they are no whole file", () => {
    const whole = files.find(({ file }) => file?.endsWith("pipeline.yaml"));
    const { sources, ...others } = parse(whole?.text ?? "") as {
      sources: object;
    };
    const parts = blocks.filter(({ file }) => file === undefined);
    const yaml = parts.filter(({ language }) => language === "yaml");
    const contracts = parts.filter(({ language }) => language === "json");
    expect(yaml.length).toBeGreaterThan(0);
    expect(contracts.length).toBeGreaterThan(0);
    const write = (file: string, content: string) =>
      writeFileSync(join(dir, "pipelines/weather", file), content);
    for (const part of yaml.map(
      ({ text }) => parse(text) as { sources?: object },
    )) {
      const all = { ...sources, ...part.sources };
      const pipeline = { ...others, ...part, sources: all };
      write("pipeline.yaml", JSON.stringify(pipeline));
      expect(mistakes()).toEqual([]);
    }
    for (const { text } of contracts) {
      write("contracts/part.schema.json", text);
      const part = { landing: "part", contract: "contracts/part.schema.json" };
      const pipeline = { ...others, sources: { ...sources, part } };
      write("pipeline.yaml", JSON.stringify(pipeline));
      expect(mistakes()).toEqual([]);
    }
  });
});
