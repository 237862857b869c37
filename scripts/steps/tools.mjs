import { mkdtempSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectDir, venvDir, venvPython } from "../setup/paths.mjs";

const bin = (packagePath) => join(projectDir, "node_modules", packagePath);
const node = (title, args, more = {}) => ({
  title,
  program: process.execPath,
  args,
  ...more,
});
const python = (title, args, more = {}) => ({
  title,
  program: venvPython,
  args: ["-m", ...args],
  ...more,
});

export const prettier = () =>
  node("format", [
    bin("prettier/bin/prettier.cjs"),
    "--check",
    "--log-level=warn",
    ".",
  ]);
export const eslint = () => node("lint", [bin("eslint/bin/eslint.js"), "."]);
export const tsc = () => node("types", [bin("typescript/bin/tsc")]);
export const ruff = () =>
  python("Python lint", [
    "ruff",
    "check",
    "databricks",
    "local/python",
    "test/integration/clients",
    "bench/prove/clients",
  ]);
/** @param folder one with a pyproject.toml of its own */
export const mypy = (folder) =>
  python(`Python types of ${folder}`, ["mypy", "."], {
    cwd: join(projectDir, folder),
  });
export const packageApp = () => node("package", ["scripts/package.mjs"]);

/** One of jest's projects; `path` narrows it, `env` is added to its environment. */
export function jest(project, path, env = {}) {
  const report = join(
    mkdtempSync(join(tmpdir(), "assay-jest-")),
    "report.json",
  );
  const args = [
    bin("jest/bin/jest.js"),
    "--selectProjects",
    project,
    "--json",
    `--outputFile=${report}`,
  ];
  if (project !== "unit" && project !== "orchestrators")
    args.push("--runInBand");
  if (path !== undefined) args.push(`--testPathPatterns=${path}`);
  return node(`${project} tests`, ["--experimental-vm-modules", ...args], {
    env,
    async result() {
      const seen = JSON.parse(await readFile(report, "utf8"));
      const left = seen.numPendingTests + seen.numTodoTests;
      const retried = seen.testResults
        .flatMap((file) => file.assertionResults)
        .filter((test) => test.invocations > 1);
      const complaints = [];
      if (left > 0)
        complaints.push(
          `${left} tests were skipped or are to be written: each test runs.`,
        );
      if (retried.length > 0)
        complaints.push(
          `${retried.length} tests were retried: a test passes at once.`,
        );
      if (seen.numTotalTests === 0) complaints.push("No test was run.");
      return {
        passed: seen.numPassedTests,
        failed: seen.numFailedTests + seen.numRuntimeErrorTestSuites,
        complaints,
      };
    },
  });
}

/** Python tests, the jobs' on a real Spark. */
export function pytest(folder, path) {
  const report = join(
    mkdtempSync(join(tmpdir(), "assay-pytest-")),
    "report.xml",
  );
  return python(
    `Python tests of ${folder}`,
    ["pytest", "-q", `--junit-xml=${report}`, path ?? "tests"],
    {
      cwd: join(projectDir, folder),
      env: { VIRTUAL_ENV: venvDir },
      async result() {
        const [, attributes = ""] =
          /<testsuite ([^>]*)>/.exec(await readFile(report, "utf8")) ?? [];
        const count = (name) =>
          Number(new RegExp(`${name}="(\\d+)"`).exec(attributes)?.[1] ?? 0);
        const failed = count("failures") + count("errors");
        const skipped = count("skipped");
        return {
          passed: count("tests") - failed - skipped,
          failed,
          complaints:
            skipped > 0
              ? [`${skipped} tests were skipped: each test runs.`]
              : [],
        };
      },
    },
  );
}
