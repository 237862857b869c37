import { z } from "zod";
import { packaging } from "../../../src/sources/landing/packaging.ts";
import { duration, pathOf } from "../../../scripts/package/words.ts";

/** Made anew for each question: it is what is tested. */
const grammar = () =>
  packaging.yaml({
    z,
    duration,
    contract: pathOf("contracts", ".schema.json"),
  });

const written = (more: object) => ({
  landing: "towns",
  contract: "contracts/town.schema.json",
  ...more,
});

const formatOf = (more: object): unknown => {
  const source = packaging.compile(grammar().parse(written(more)), {});
  return source.kind === "landing" ? source.format : undefined;
};

/** `path: message`, by the grammar or beside it. */
const mistakes = (more: object): string[] => {
  const { success, data, error } = grammar().safeParse(written(more));
  const found = success
    ? packaging.mistakes(data, { required: ["id"] })
    : error.issues.map(({ path, message }) => ({ path, message }));
  return found.map(({ path, message }) => `${path.join(".")}: ${message}`);
};

const DEFAULTS = {
  kind: "csv",
  delimiter: ",",
  quote: '"',
  encoding: "utf-8",
  skipLines: 0,
  decimal: ".",
};

test("a CSV without options has a header, comma, quotes and UTF-8", () => {
  expect(formatOf({})).toEqual(DEFAULTS);
  expect(formatOf({ format: "csv", csv: { header: true } })).toEqual(DEFAULTS);
});

test("the options of a CSV reach the job", () => {
  const csv = {
    delimiter: "tab",
    quote: "none",
    encoding: "windows-1252",
    header: ["id", "name"],
    skip_lines: 2,
    decimal: ",",
  };
  expect(formatOf({ csv })).toEqual({
    kind: "csv",
    delimiter: "\t",
    encoding: "windows-1252",
    columns: ["id", "name"],
    skipLines: 2,
    decimal: ",",
  });
});

test.each(["json", "ndjson", "avro", "parquet", "reference"])(
  "the format %s has no options",
  (format) => {
    expect(formatOf({ format })).toEqual({ kind: format });
    expect(mistakes({ format, csv: { delimiter: ";" } })).toEqual([
      `csv: has the options of a CSV file, and the format is ${format}. Write format: csv, or leave csv out.`,
    ]);
  },
);

test.each([
  [
    { format: "xlsx" },
    "format: Write csv, json, ndjson, avro, parquet or reference. Files of text may be gzipped.",
  ],
  [
    { csv: true },
    "csv: Write the options of the files, such as delimiter: ';'.",
  ],
  [
    { csv: { delimiter: ", " } },
    "csv.delimiter: Write one character other than a quote or a line break, such as ';', or tab.",
  ],
  [
    { csv: { quote: "" } },
    'csv.quote: Write one character, such as "\'", or none.',
  ],
  [
    { csv: { header: [] } },
    "csv.header: Write true where the files have a header, or the names of their columns, such as [id, name].",
  ],
  [
    { csv: { header: ["name", ""] } },
    "csv.header: lacks id, which the contract requires. Write the names of all columns, in their order.",
  ],
  [
    { csv: { header: ["id", "name", "name"] } },
    "csv.header: has name twice. Write each name once.",
  ],
  [
    { csv: { skip_lines: -1 } },
    "csv.skip_lines: Write a number of lines, 0 at least.",
  ],
  [{ csv: { decimal: ";" } }, "csv.decimal: Write '.' or ','."],
  [
    { csv: { delimiter: "'", quote: "'" } },
    "csv.quote: is the delimiter, too. Write another character, or none.",
  ],
  [
    { csv: { quote: "none", decimal: "," } },
    "csv.decimal: is the delimiter, too, and nothing quotes. Write another delimiter.",
  ],
])("what cannot be read is told with what to write: %j", (more, message) => {
  expect(mistakes(more)).toEqual([message]);
});

test("an encoding that is not known is told with those that are", () => {
  expect(mistakes({ csv: { encoding: "ascii" } })).toEqual([
    expect.stringMatching(
      /^csv\.encoding: Write one of: utf-8, utf-16, .*big5\.$/,
    ),
  ]);
});

test.each([
  { csv: { delimiter: ",", decimal: "," } },
  { csv: { delimiter: ",", quote: "none" } },
  { csv: { delimiter: ";", decimal: ",", quote: "none" } },
  { csv: { skip_lines: 0 } },
  { csv: { header: ["id"] } },
  { csv: { delimiter: "|", quote: "'" } },
])("what can be read is no mistake: %j", (more) => {
  expect(mistakes(more)).toEqual([]);
});

test.each([
  ["delimiter", ["", '"', "\n", "\r", "tabs", "atab", ";;", 7]],
  ["quote", ["", "\n", "\r", "nones", "anone", "''", 7]],
  ["skip_lines", [-1, 1.5, "1"]],
  ["decimal", ["", ";", 7]],
  ["header", [false, "id", [1]]],
  ["encoding", ["", 7]],
])("the option %s of a CSV is none of %j", (key, wrong) => {
  for (const value of wrong) {
    const [told = ""] = mistakes({ csv: { [key]: value } });
    expect(told).toContain(`csv.${key}`);
    expect(told).toContain(": Write ");
  }
});
