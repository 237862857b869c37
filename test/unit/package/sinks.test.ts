import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clashesOf } from "../../../scripts/package/clashes.ts";
import { compile } from "../../../scripts/package/compile.ts";
import { provisionOf } from "../../../scripts/package/provision.ts";
import { schemasSql } from "../../../scripts/package/schemasSql.ts";
import { readPipeline } from "../../../scripts/package/readPipeline.ts";

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), "assay-sinks-"))));
afterEach(() => {
  rmSync(dir, { recursive: true });
});

/** A pipeline with the gold tables a and b; `sinks` begins at line 6. */
function readWith(sinks: readonly string[] | undefined) {
  const folder = join(dir, "pipelines", "p");
  for (const each of ["gold", "contracts"])
    mkdirSync(join(folder, each), { recursive: true });
  writeFileSync(join(folder, "contracts", "c.schema.json"), "{}");
  for (const table of ["a", "b"])
    writeFileSync(join(folder, "gold", `${table}.sql`), "SELECT 1 AS id");
  const lines = [
    "sources:",
    "  s: { hub: s, contract: contracts/c.schema.json }",
    "gold:",
    "  a: { key: [id] }",
    "  b: { key: [id] }",
    ...(sinks === undefined ? [] : ["sinks:", ...sinks]),
  ];
  writeFileSync(join(folder, "pipeline.yaml"), lines.join("\n"));
  return readPipeline(dir, "p");
}

const mistakesOf = (...sinks: string[]): string[] => {
  const folder = readWith(sinks);
  return [...folder.mistakes, ...clashesOf([folder])].map(
    ({ line, message }) => `${line} ${message}`,
  );
};

const compiled = (sinks?: readonly string[]) =>
  compile(readWith(sinks), { reads: {}, order: ["a", "b"] }).sinks;

test("without sinks, one cosmos gets all tables", () => {
  expect(compiled()).toEqual({
    cosmos: { kind: "cosmos", tables: ["a", "b"], settings: {} },
  });
});

test("a sink names its tables and the one that it waits for", () => {
  const sinks = [
    "  store: { kind: cosmos, tables: [b] }",
    "  tell: { kind: notify, tables: [b], after: store }",
  ];
  expect(mistakesOf(...sinks)).toEqual([]);
  expect(compiled(sinks)).toMatchObject({
    store: { kind: "cosmos", tables: ["b"] },
    tell: { kind: "notify", tables: ["b"], after: "store" },
  });
});

test("what a sink names and is not there is a mistake at its line, with what was meant", () => {
  expect(
    mistakesOf(
      "  store: { kind: cosmo }",
      "  other: { tables: [a] }",
      "  Third: { kind: cosmos }",
    ),
  ).toEqual([
    "7 sinks.store.kind: cosmo is no kind of sink. Did you mean cosmos?",
    "8 sinks.other.kind: is missing. Write a kind of sink: cosmos or notify.",
    "9 sinks.Third: is no name of a table, source or sink. Write lower-case letters, digits and underscores, 63 at most, a letter first.",
  ]);
  expect(
    mistakesOf(
      "  store: { kind: cosmos, tables: [aa, b, b] }",
      "  tell: { kind: notify, after: stor }",
    ),
  ).toEqual([
    "7 sinks.store.tables: aa is not among the gold tables. Did you mean a?",
    "7 sinks.store.tables: b is there twice. Write it once.",
    "8 sinks.tell.after: stor is not among the sinks. Did you mean store?",
  ]);
  expect(mistakesOf("  store: { kind: cosmos, tabels: [a] }")).toEqual([
    "7 sinks.store.tabels: is an unknown key. Did you mean tables?",
  ]);
  expect(mistakesOf("  store: { kind: constructor }")).toHaveLength(1);
});

test("a pipeline without any sink is a mistake", () => {
  expect(mistakesOf("  {}")).toEqual([
    "6 sinks: has no keys. Write sinks by their names, such as cosmos: { kind: cosmos }, or leave sinks out for one cosmos with all tables.",
  ]);
});

test("sinks that wait for each other, or for themselves, are a mistake each", () => {
  expect(
    mistakesOf(
      "  store: { kind: cosmos, after: third }",
      "  tell: { kind: notify, after: store }",
      "  third: { kind: notify, after: tell }",
      "  alone: { kind: notify, after: alone }",
      "  last: { kind: notify, after: third }",
    ),
  ).toEqual([
    "7 sinks.store.after: third waits for store in turn. Leave one of the two out.",
    "8 sinks.tell.after: store waits for tell in turn. Leave one of the two out.",
    "9 sinks.third.after: tell waits for third in turn. Leave one of the two out.",
    "10 sinks.alone.after: waits for itself. Leave after out.",
  ]);
});

test("a sink does not wait for one that does not deliver its tables", () => {
  expect(
    mistakesOf(
      "  store: { kind: cosmos, tables: [b] }",
      "  tell: { kind: notify, after: store }",
    ),
  ).toEqual([
    "8 sinks.tell.after: store does not deliver a, so there is nothing to wait for. Add it to the tables of store, or deliver it by another sink without after.",
  ]);
});

test("two sinks do not deliver one table into one container", () => {
  const [mistake, ...others] = mistakesOf(
    "  one: { kind: cosmos }",
    "  two: { kind: cosmos, tables: [b] }",
  );
  expect(mistake).toContain("8 sinks.two: the sink one delivers b into its");
  expect(others).toEqual([]);
});

test("what the sinks and sources of a pipeline need is provisioned, and nothing else", () => {
  const provision = provisionOf([
    readWith(["  store: { kind: cosmos, tables: [b] }"]),
  ]);
  expect(provision).toMatchObject({
    hubs: [{ name: "s", partitions: 4, consumerGroups: ["assay"] }],
    lake: {
      folders: ["landing", "bronze", "_assay"],
      queues: ["landing-events", "landing-events-poison"],
      subscriptions: [{ name: "landing-events" }],
    },
    cosmos: { containers: [{ partitionKey: "/partition" }] },
    databricks: { schemas: ["p_silver", "p_gold"] },
  });
  expect(
    schemasSql(provision)
      .split("\n")
      .filter((line) => line.startsWith("CREATE")),
  ).toEqual([
    "CREATE SCHEMA IF NOT EXISTS IDENTIFIER('`' || :catalog || '`.`p_silver`');",
    "CREATE SCHEMA IF NOT EXISTS IDENTIFIER('`' || :catalog || '`.`p_gold`');",
  ]);
});
