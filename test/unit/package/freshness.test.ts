import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  digestOfSources,
  isFresh,
  remember,
} from "../../../scripts/package/freshness.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "assay-freshness-"));
  for (const file of SOURCES) write(file, "");
  write("infra/generated/pipelines.json", "{}");
  write("infra/generated/schemas.sql", "");
  write("out/app/host.json", "{}");
  write("schemas/manifest.schema.json", "{}");
  remember(dir, digestOfSources(dir));
});
afterEach(() => rmSync(dir, { recursive: true }));

const SOURCES = [
  "src/index.ts",
  "pipelines/flights/pipeline.yaml",
  "scripts/package/index.ts",
  "databricks/src/assay_jobs/plan.py",
  "package.json",
  "package-lock.json",
  "host.json",
];

function write(file: string, text: string): void {
  mkdirSync(dirname(join(dir, file)), { recursive: true });
  writeFileSync(join(dir, file), text);
}

const isStaged = (): boolean => isFresh(dir, digestOfSources(dir));

test.each(SOURCES)("what was staged is stale when %s is changed", (file) => {
  expect(isStaged()).toBe(true);
  write(file, "changed");
  expect(isStaged()).toBe(false);
});

test("a folder may have a dot in its name", () => {
  write("pipelines/flights/.ipynb_checkpoints/draft.sql", "SELECT 1");
  expect(isStaged()).toBe(false);
  remember(dir, digestOfSources(dir));
  expect(isStaged()).toBe(true);
});

test.each([
  "out/app",
  "out/made-from",
  "infra/generated/pipelines.json",
  "schemas",
])("nothing is fresh when %s is gone", (path) => {
  rmSync(join(dir, path), { recursive: true });
  expect(isStaged()).toBe(false);
});

test("what Python makes when it runs is no source", () => {
  write("databricks/src/assay_jobs/__pycache__/plan.pyc", "");
  write("databricks/src/assay_jobs.egg-info/PKG-INFO", "");
  expect(isStaged()).toBe(true);
});
