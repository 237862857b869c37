import { existsSync, readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import {
  folderOf,
  scoreOf,
  shareKilled,
  type Mutant,
} from "../../../../bench/prove/mutants/mutant.ts";
import { readReviewed } from "../../../../bench/prove/mutants/reviewed.ts";
import { judge, likelihood } from "../../../../bench/prove/mutants/verdict.ts";
import { nearestTests } from "../../../../bench/prove/mutants/typescript/nearest.ts";
import {
  NOT_MUTATED,
  PURE_MODULES,
  PURE_TESTS,
} from "../../../../bench/prove/mutants/python/settings.ts";
import { allFolders } from "../../../../bench/prove/mutants/typescript/folders.ts";
import { filesBelow } from "../../../support/app/imports.ts";

const aMutant = (more: Partial<Mutant> = {}): Mutant => ({
  language: "typescript",
  file: "src/domain/a.ts",
  line: 3,
  code: "if (a < b) return;",
  change: "a < b → a <= b",
  isKilled: false,
  ...more,
});

const many = (killed: number, alive: number, more: Partial<Mutant> = {}) => [
  ...Array.from({ length: killed }, () => aMutant({ isKilled: true, ...more })),
  ...Array.from({ length: alive }, () => aMutant(more)),
];
const python = many(9, 1, { language: "python" });

test("a survivor is equal only where a review names its file, its line and its change", () => {
  const { file, code, change } = aMutant();
  const reviewed = { file, code, change };
  expect(scoreOf([aMutant()], [reviewed])).toEqual({
    ...{ killed: 0, alive: 0, equal: 1 },
  });
  for (const other of [
    { file: "src/domain/b.ts" },
    { code: "if (a < c) return;" },
    { change: "a < b → a > b" },
  ])
    expect(scoreOf([aMutant()], [{ ...reviewed, ...other }]).alive).toBe(1);
});

test("the share is of the mutants that are not equal, and nine of ten of each language are to be killed", () => {
  expect(shareKilled({ killed: 9, alive: 1, equal: 5 })).toBe(0.9);
  expect(judge([...many(90, 10), ...python], [], false)).toMatchObject({
    failures: [],
    counts: { "typescript.killed": 90, "src/domain.percent": 90 },
  });
  const { failures } = judge([...many(89, 11), ...python], [], false);
  expect(failures).toEqual([
    "typescript: 89 % of the mutants are killed, 90 % are to be.",
  ]);
});

test("a language of which nothing was found is a failure", () => {
  expect(judge(many(9, 1), [], false).failures).toHaveLength(1);
  expect(judge(many(9, 1), [], true).failures).toHaveLength(1);
});

test("a sample fails only where chance does not explain what is alive in it", () => {
  expect(likelihood({ killed: 10, alive: 0, equal: 0 })).toBe(1);
  expect(likelihood({ killed: 0, alive: 1, equal: 0 })).toBeCloseTo(0.1);
  expect(likelihood({ killed: 1, alive: 1, equal: 0 })).toBeCloseTo(0.19);
  expect(judge([...many(50, 12), ...python], [], true).failures).toEqual([]);
  expect(judge([...many(40, 22), ...python], [], true).failures).toHaveLength(
    1,
  );
});

test("a folder is a part of the app, or of the job's package", () => {
  expect(folderOf({ file: "src/sinks/cosmos/a.ts" })).toBe("src/sinks");
  const job = "databricks/src/assay_jobs";
  expect(folderOf({ file: `${job}/places.py` })).toBe(job);
  expect(folderOf({ file: `${job}/silver/formats/row.py` })).toBe(
    `${job}/silver`,
  );
});

test("every line that a review names is in its file: one that has changed is to be looked at again", () => {
  const stale = readReviewed().filter(
    ({ file, code }) =>
      !readFileSync(file, "utf8")
        .split("\n")
        .some((line) => line.trim() === code),
  );
  expect(stale).toEqual([]);
});

/** What Node would run of a file: nothing, where it holds types alone. */
const hasCode = (file: string): boolean =>
  stripTypeScriptTypes(readFileSync(file, "utf8"))
    .replaceAll(/\/\*.*?\*\/|\/\/[^\n]*/gs, "")
    .trim() !== "";

test("each file that is mutated is loaded by a test, but one of types alone", () => {
  const files = allFolders().flatMap((folder) => folder.files);
  const nearest = nearestTests(files);
  const unseen = files.filter((file) => nearest[file]?.length === 0);
  expect(unseen.filter(hasCode)).toEqual([]);
  // Else the line above would hold of anything.
  expect(files.filter(hasCode).length).toBeGreaterThan(100);
});

test("the tests that are nearest to a file by its imports come first, its own one before all", () => {
  const file = "src/domain/zigzag.ts";
  const [first, ...others] = nearestTests([file])[file] ?? [];
  expect(first).toBe("test/unit/domain/zigzag.test.ts");
  expect(others).toContain("test/unit/domain/capture.test.ts");
});

const SOURCE = "src/assay_jobs/";
const PACKAGE = `databricks/${SOURCE}`;

test("each module of the job is mutated, or has a reason why not", () => {
  const reasons = Object.keys(NOT_MUTATED);
  const modules = filesBelow(PACKAGE, ".py")
    .filter((file) => !file.endsWith("__init__.py"))
    .map((file) => file.slice(PACKAGE.length, -".py".length));
  const mutated = PURE_MODULES.map((file) =>
    file.slice(SOURCE.length, -".py".length),
  );
  const isLeftOut = (name: string): boolean =>
    reasons.some((left) => name === left || name.startsWith(`${left}/`));
  const unknown = modules.filter(
    (name) => mutated.includes(name) === isLeftOut(name),
  );
  expect(unknown).toEqual([]);
  const gone = [...mutated, ...reasons].filter(
    (name) =>
      !modules.some((own) => own === name || own.startsWith(`${name}/`)),
  );
  expect(gone).toEqual([]);
});

test("a module without functions of its own has none to mutate, and no test of Python that is named is gone", () => {
  const withFunctions = filesBelow(PACKAGE, "__init__.py").filter((file) =>
    /^\s*def /m.test(readFileSync(file, "utf8")),
  );
  expect(withFunctions).toEqual([]);
  expect(
    PURE_TESTS.filter((file) => !existsSync(`databricks/${file}`)),
  ).toEqual([]);
});
