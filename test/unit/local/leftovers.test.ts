import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { confirm } from "../../../local/src/cli/confirm.ts";
import { readDrop } from "../../../local/src/cli/verbs/drop.ts";
import {
  findLeftovers,
  tablesEver,
  tellLeftover,
} from "../../../local/src/platform/leftovers.ts";
import { readArguments, UsageError } from "../../../scripts/arguments.mjs";
import { verbNamed } from "../../../scripts/verbs.mjs";
import { weather } from "./definitions.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "assay-leftovers-"));
  for (const path of [
    "warehouse/weather_gold.db/days/_delta_log",
    "warehouse/weather_gold.db/weeks/_delta_log",
    "warehouse/weather_gold.db/_seals/_delta_log",
    "warehouse/weather_silver.db/readings/_delta_log",
    "warehouse/tides_silver.db/levels/_delta_log",
    "lake/_assay/pipelines/weather/batches",
    "lake/_assay/pipelines/prices/batches",
  ])
    mkdirSync(join(dir, path), { recursive: true });
});
afterEach(() => rmSync(dir, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), text);
}

test("pipelines with tables or state that the package has no more, and tables that their pipeline has no more, are left over", () => {
  expect(findLeftovers(dir, [weather])).toEqual([
    { pipeline: "prices" },
    { pipeline: "tides" },
    { pipeline: "weather", table: "weeks" },
  ]);
  expect(findLeftovers(join(dir, "new"), [weather])).toEqual([]);
  expect(tellLeftover({ pipeline: "tides" })).toContain(
    "npm run drop -- tides deletes them.",
  );
  expect(tellLeftover({ pipeline: "weather", table: "weeks" })).toContain(
    "npm run drop -- weather weeks deletes them.",
  );
});

test("documents may be there of every table that a definition has ever had", () => {
  write(
    "lake/_assay/definitions/weather/d0.json",
    JSON.stringify({ gold: { days: {}, former: {} } }),
  );
  expect(tablesEver(dir, "weather")).toEqual(["days", "former", "weeks"]);
});

const drop = (...args: string[]) =>
  readDrop(
    readArguments(verbNamed("drop"), args),
    { projectDir: dir, stateDir: dir, toolsDir: dir },
    [weather],
  );

test("what is gone can be dropped", () => {
  expect(drop("tides")).toEqual({ pipeline: "tides" });
  expect(drop("weather", "weeks")).toEqual({
    pipeline: "weather",
    table: "weeks",
  });
});

test("what is still in pipelines/, in the app that runs, or nowhere is refused with what to do first", () => {
  expect(() => drop("weather")).toThrow(
    "The app that runs still has weather: start again",
  );
  write("pipelines/tides/pipeline.yaml", "");
  write("pipelines/weather/gold/weeks.sql", "");
  for (const [args, message] of [
    [["tides"], "pipelines/tides is still there: remove it and start again"],
    [["weather"], "pipelines/weather is still there: remove it"],
    [["weather", "weeks"], "pipelines/weather/gold/weeks.sql is still there"],
    [["weather", "days"], "The app that runs still has the table days"],
    [["weather", "none"], "There is no table of weather 'none'. There are: da"],
    [["none"], "There is no pipeline 'none'. There are: prices, tides, wea"],
  ] as const) {
    expect(() => drop(...args)).toThrow(UsageError);
    expect(() => drop(...args)).toThrow(message);
  }
});

test("without a terminal a question has to be answered before", async () => {
  await expect(confirm("Drop it?")).rejects.toThrow(
    "Drop it?\nThere is no terminal to answer on: write --yes.",
  );
});
