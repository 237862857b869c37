import { jest } from "@jest/globals";
import {
  operations,
  refused,
} from "../../../local/src/services/databricks/operations/index.ts";
import type { TaskEnd } from "../../../local/src/services/databricks/spark/spark.ts";
import { runClients, type Outcomes } from "../../support/clients.ts";
import { expectCoverage, Witnesses } from "../../support/coverage.ts";
import {
  bundleWith,
  startWorkspace,
  type Workspace,
} from "../../support/databricks.ts";
import { ManualCompute } from "../../support/databricksCompute.ts";
import { useDatabricksFromJavaScript } from "./databricks.ts";

jest.setTimeout(60_000);

/** Tasks end at once, but for those that are to be cancelled. The client waits for them between two questions. */
class EndingCompute extends ManualCompute {
  override run(task: Parameters<ManualCompute["run"]>[0]): Promise<TaskEnd> {
    const end = super.run(task);
    if (task.entryPoint !== "endless")
      this.finish(task.entryPoint, task.entryPoint === "fails" ? 1 : 0);
    return end;
  }
}

const task = (key: string, entry: string): string =>
  `{ task_key: ${key}, python_wheel_task: { package_name: p, entry_point: ${entry} } }`;
/** One more than a page holds. */
const MANY = 101;
const many = Array.from({ length: MANY }, (_, at) => task(`t${at}`, "works"));
const folders = bundleWith(`
resources:
  jobs:
    works: { name: works, parameters: [ { name: who, default: nobody } ], tasks: [ ${task("a", "works")} ] }
    fails: { name: fails, tasks: [ ${task("a", "fails")} ] }
    endless: { name: endless, max_concurrent_runs: 2, tasks: [ ${task("a", "endless")} ] }
    long: { name: long, tasks: [ ${many.join(", ")} ] }
`);

const witnesses = new Witnesses();
let workspace: Workspace;
let python: Outcomes;

beforeAll(async () => {
  const compute = new EndingCompute();
  compute.sqlAnswers.set("SELECT :n AS n", {
    columns: [{ name: "n", position: 0, type_name: "INT", type_text: "INT" }],
    rows: [["1"]],
    truncated: false,
  });
  workspace = await startWorkspace(folders, {
    openSpark: () => Promise.resolve(compute),
    witness: witnesses.record,
  });
  python = await runClients("databricks_jobs.py", {
    DATABRICKS_URL: workspace.host,
    WORKSPACE_TOKEN: workspace.token,
  });
  await useDatabricksFromJavaScript(workspace);
});
afterAll(async () => {
  await workspace.stop();
  folders.remove();
});

test("Python lists and reads jobs, with their tasks in pages", () => {
  expect(python.value("list_jobs")).toEqual({
    names: ["works", "fails", "endless", "long"],
    plain: [0, 0, 0, 0],
    expanded: [1, 1, 1, MANY],
  });
  expect(python.value("get_a_job_of_two_pages")).toBe(MANY);
});

test("a flag is taken in any letter case, and nothing else is one", () => {
  const no = (name: string): string[] => [
    "InvalidParameterValue",
    `${name} is not true or false`,
  ];
  const [set, clear] = [true, false];
  expect(python.value("flags_in_any_case")).toEqual([
    {
      true: set,
      True: set,
      TRUE: set,
      false: clear,
      False: clear,
      FALSE: clear,
    },
    no("expand_tasks"),
    no("include_user_names"),
  ]);
});

test("jobs are made in the bundle only", () => {
  const bundle = [
    "NotImplemented",
    "Jobs come from the bundle: edit databricks/resources and start again.",
  ];
  expect(python.value("make_jobs")).toEqual([bundle, bundle]);
});

test("Python runs a job once for a token, and reads what came of it", () => {
  expect(python.value("run_a_job")).toEqual({
    outcome: ["SUCCESS", 1],
    parameters: { who: "me" },
    same: true,
    output: true,
  });
});

test("Python repairs, cancels, submits, deletes and lists runs", () => {
  expect(python.value("repair_a_run")).toEqual([
    ["FAILED", 1],
    ["FAILED", 2],
    ["ORIGINAL", "REPAIR"],
    [
      "InvalidParameterValue",
      "The latest repair ID needs to be provided in order to create a new repair",
    ],
  ]);
  expect(python.value("cancel_runs")).toEqual([
    true,
    ["CANCELED", 1],
    ["CANCELED", 1],
  ]);
  expect(python.value("submit_and_delete_a_run")).toEqual([
    ["SUCCESS", 1],
    ["one time"],
    "ResourceDoesNotExist",
  ]);
  expect(python.value("list_runs_in_pages")).toEqual([true, true, true, true]);
});

test("what is missing has the class of error that the SDK makes of the service's answer", () => {
  const job = "Job 7 does not exist.";
  const one = "Run 7 does not exist.";
  expect(python.value("what_is_missing")).toEqual({
    get: ["ResourceDoesNotExist", job],
    run: ["InvalidParameterValue", job],
    "cancel all": ["InvalidParameterValue", job],
    "get run": ["ResourceDoesNotExist", one],
    cancel: ["InvalidParameterValue", one],
    statement: "ResourceDoesNotExist",
    token: ["PermissionDenied", "Invalid access token."],
  });
});

test("every version of jobs reads them, and only 2.2 gives the tasks of one in pages", () => {
  expect(python.value("every_version_reads_jobs")).toEqual({
    "2.0": [MANY, false, 4, false],
    "2.1": [MANY, false, 4, true],
    "2.2": [100, true, 4, true],
  });
  expect(python.value("every_version_runs_jobs")).toEqual({
    "2.0": [MANY, false, true, false, true],
    "2.1": [MANY, false, true, true, true],
    "2.2": [100, true, true, true, true],
  });
});

test("what a version does not have is refused by its name", () => {
  const field = (
    name: string,
    operation: string,
    version: string,
  ): string[] => [
    "InvalidParameterValue",
    `The field ${name} of ${operation} is not in version ${version} of the API: call a later version.`,
  ];
  expect(python.value("what_a_version_does_not_have")).toEqual([
    field("expand_tasks", "jobs/list", "2.0"),
    field("job_parameters", "jobs/run-now", "2.0"),
    field("page_token", "jobs/runs/list", "2.0"),
    field("page_token", "jobs/get", "2.1"),
    field("page_token", "jobs/runs/get", "2.1"),
    [
      "NotImplemented",
      "jobs/runs/repair is not in version 2.0 of the API: call 2.1 or 2.2.",
    ],
    ["NotImplemented", expect.stringContaining("bundle")],
    ["NotFound", "No API found for 'GET /api/2.3/jobs/list'"],
    ["NotFound", "No API found for 'GET /api/2.2/sql/statements/none'"],
  ]);
});

test("Python executes, reads and cancels statements", () => {
  expect(python.value("run_statements")).toEqual({
    columns: ["n"],
    rows: [["1"]],
    again: ["SUCCEEDED", true],
    failed: "no SQL",
    warehouse: "ResourceDoesNotExist",
    chunk: [
      "NotImplemented",
      "A local result is one chunk, and comes with the statement.",
    ],
  });
});

test("COVERAGE.md says of each operation who has seen it work, and no for everything else", () =>
  expectCoverage({
    service: "databricks",
    witnesses,
    done: operations.map(({ name }) => name),
    refused: refused.map(({ name }) => name),
  }));
