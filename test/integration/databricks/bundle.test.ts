import { afterEach, expect, test } from "@jest/globals";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readBundle } from "../../../local/src/services/databricks/bundle/bundle.ts";
import { BundleMistakes } from "../../../local/src/services/databricks/bundle/source.ts";
import { jobIdOf } from "../../../local/src/services/databricks/jobs/ids.ts";
import { bundleWith } from "../../support/databricks.ts";

const checkout = join(import.meta.dirname, "../../..");
const removals: (() => void)[] = [];
afterEach(() => {
  for (const remove of removals.splice(0)) remove();
});

function read(jobs: string, root?: string) {
  const folders = bundleWith(jobs);
  removals.push(() => folders.remove());
  if (root !== undefined)
    writeFileSync(
      join(folders.projectDir, "databricks", "databricks.yml"),
      root,
    );
  return readBundle(folders.projectDir, { root: "/lake" });
}

function mistakesOf(jobs: string, root?: string): string[] {
  try {
    read(jobs, root);
  } catch (error) {
    if (error instanceof BundleMistakes)
      return error.mistakes.map(
        ({ file, line, message }) => `${file}:${line}: ${message}`,
      );
    throw error;
  }
  return [];
}

test("this project's own bundle can be read, and its root is the lake's folder", () => {
  const jobs = readBundle(checkout, { root: "/lake", catalog: "spark_catalog" });
  const job = jobs.get("process_batch");
  expect(job?.tasks[0]?.python_wheel_task).toMatchObject({
    package_name: "assay_jobs",
    entry_point: "process_batch",
  });
  // A variable with a number, alone in its place.
  expect(job?.timeout_seconds).toBe(14400);
  const presets = new Map(job?.parameters.map((one) => [one.name, one.default]));
  expect(presets.get("root")).toBe("/lake");
  expect(presets.get("catalog")).toBe("spark_catalog");
});

test("a job's id is made from its key alone", () => {
  expect(jobIdOf("process_batch")).toBe(jobIdOf("process_batch"));
  expect(Number.isSafeInteger(jobIdOf("process_batch"))).toBe(true);
  expect(jobIdOf("process_batch")).not.toBe(jobIdOf("another"));
});

test("variables take the given value, then the target's, then their default", () => {
  const jobs = read(
    `
resources:
  jobs:
    one:
      name: \${bundle.name}-\${bundle.target}
      parameters:
        - { name: root, default: "\${var.root}" }
        - { name: catalog, default: "\${var.catalog}" }
        - { name: path, default: "\${var.path}" }
      tasks: [ { task_key: a, python_wheel_task: { package_name: p, entry_point: e } } ]
`,
    `
bundle: { name: sample }
include: [resources/*.yml]
variables:
  root: { default: /else }
  catalog: { default: main }
  path: { default: "\${var.catalog}/x" }
targets: { dev: { variables: { catalog: ours } }, prod: { resources: {} } }
`,
  );
  const job = jobs.get("one");
  expect(job?.name).toBe("sample-dev");
  expect(job?.parameters.map((one) => one.default)).toEqual([
    "/lake",
    "ours",
    "ours/x",
  ]);
});

test("what is not supported is refused with its file and line, all of it at once", () => {
  expect(
    mistakesOf(`resources:
  jobs:
    one:
      trigger: { periodic: {} }
      tasks:
        - task_key: a
          environment_key: nowhere
          notebook_task: { notebook_path: /x }
        - task_key: b
          depends_on: [ { task_key: c } ]
          python_wheel_task: { package_name: p, entry_point: "\${workspace.file_path}" }
  pipelines: {}
`),
  ).toEqual([
    "databricks/resources/jobs.yml:12: The local workspace does not read resources.pipelines: it knows jobs here.",
    expect.stringMatching(/^databricks\/resources\/jobs.yml:11: .*\$\{workspace.file_path\}/),
    "databricks/resources/jobs.yml:4: The local workspace does not support trigger of a job.",
    "databricks/resources/jobs.yml:8: notebook_task does not run on the laptop: use python_wheel_task.",
    "databricks/resources/jobs.yml:7: environment_key nowhere is not declared in this job.",
    expect.stringContaining("The task needs a python_wheel_task."),
    "databricks/resources/jobs.yml:10: There is no task c.",
  ]);
});

test("a variable without a value and one that refers to itself are mistakes", () => {
  expect(
    mistakesOf(
      "{}",
      "bundle: { name: x }\nvariables:\n  empty: {}\n  loop: { default: '${var.loop}' }\n",
    ),
  ).toEqual([
    "databricks/databricks.yml:3: Variable empty has no value: give it a default.",
    expect.stringContaining("databricks/databricks.yml:4: Variable loop"),
    expect.anything(),
  ]);
});

test("tasks that depend on each other in a circle are a mistake", () => {
  const one = (key: string, on: string): string =>
    `{ task_key: ${key}, depends_on: [ { task_key: ${on} } ], python_wheel_task: { package_name: p, entry_point: e } }`;
  expect(
    mistakesOf(
      `resources: { jobs: { one: { tasks: [ ${one("a", "b")}, ${one("b", "a")} ] } } }`,
    ).join(),
  ).toContain("Task a depends on itself.");
});
