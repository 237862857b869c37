import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type Workspace,
  bundleWith,
  commitsOf,
  endOf,
  sparkPid,
  startJob,
  startWorkspace,
} from "../../support/databricks.ts";
import { until } from "../../support/until.ts";

const PATIENCE_MS = 300_000;

const job = (key: string, entryPoint: string, named = ""): string => `
    ${key}:
      parameters:
        - { name: table, default: sample.none }
        - { name: started, default: "" }
      tasks:
        - task_key: ${key}
          python_wheel_task:
            package_name: assay_sample
            entry_point: ${entryPoint}
            named_parameters: { run: "{{job.run_id}}"${named} }`;

const folders = bundleWith(`
resources:
  jobs:${[
    job("write", "write_table"),
    job("say", "say", ', table: "{{job.parameters.table}}"'),
    job("undeclared", "undeclared"),
    job("broken", "fail"),
    job("crash", "crash"),
    job("missing", "no_such_entry"),
    job("merge", "slow_merge"),
  ].join("")}
`);

let workspace: Workspace;
beforeAll(async () => {
  workspace = await startWorkspace(folders);
}, PATIENCE_MS);
afterAll(async () => {
  await workspace.stop();
  folders.remove();
}, PATIENCE_MS);

const start = (key: string, parameters?: Record<string, string>) =>
  startJob(workspace, key, parameters);
const ended = (runId: number) => endOf(workspace, runId);
const outputOf = async (runId: number) =>
  workspace.client.jobs.getRunOutput({ run_id: runId });

test("a wheel task writes a Delta table with Spark", async () => {
  const runId = await start("write", { table: "sample.first" });
  const run = await ended(runId);
  expect(run.state?.result_state).toBe("SUCCESS");
  expect(commitsOf(folders, "sample.first")).toBe(1);
  const log = readFileSync(fileURLToPath(run.run_page_url ?? ""), "utf8");
  expect(log).toContain("rows: 10");
}, PATIENCE_MS);

test("named parameters reach the entry point, and job parameters are pushed down over them", async () => {
  const runId = await start("say", { table: "a.b", extra: "1" });
  await ended(runId);
  const { logs, error } = await outputOf(runId);
  expect(error).toBeUndefined();
  expect(logs).toBe(
    `said: --run=${runId} --table=a.b --started= --extra=1\n`,
  );
}, PATIENCE_MS);

test("a name that the metadata does not declare is a function of the package", async () => {
  const runId = await start("undeclared");
  await ended(runId);
  expect((await outputOf(runId)).logs).toContain("not in the package's");
}, PATIENCE_MS);

test("an exception fails the run, and the output splits its line from its trace", async () => {
  const runId = await start("broken");
  const run = await ended(runId);
  expect(run.state).toMatchObject({
    life_cycle_state: "INTERNAL_ERROR",
    result_state: "FAILED",
    state_message:
      "Task broken failed with message: Workload failed, see run output for details.",
  });
  expect(run.status?.termination_details).toMatchObject({
    code: "RUN_EXECUTION_ERROR",
    type: "CLIENT_ERROR",
  });
  expect(run.tasks?.[0]?.state).toMatchObject({
    life_cycle_state: "TERMINATED",
    result_state: "FAILED",
  });
  const output = await outputOf(run.tasks?.[0]?.run_id ?? 0);
  expect(output.error).toBe("ValueError: the input is wrong");
  expect(output.error_trace).toContain("assay_sample");
  expect(output.logs).toContain("about to fail");
}, PATIENCE_MS);

test("an entry point that does not exist is the job's failure", async () => {
  const runId = await start("missing");
  await ended(runId);
  expect((await outputOf(runId)).error).toContain("no_such_entry");
}, PATIENCE_MS);

test("a task whose process is killed ends as a driver error", async () => {
  const run = await ended(await start("crash"));
  expect(run.status?.termination_details?.code).toBe("DRIVER_ERROR");
}, PATIENCE_MS);

test("a run that is cancelled during a MERGE commits nothing later", async () => {
  await ended(await start("write", { table: "sample.merged" }));
  const started = join(folders.stateDir, "merge-started");
  const runId = await start("merge", { table: "sample.merged", started });
  await until(() => existsSync(started), "the MERGE");
  const before = commitsOf(folders, "sample.merged");
  await workspace.client.jobs.cancelRun({ run_id: runId });
  const run = await ended(runId);
  expect(run.state).toMatchObject({
    life_cycle_state: "TERMINATED",
    result_state: "CANCELED",
    user_cancelled_or_timedout: true,
  });
  // The server goes on working for others; what the cancelled session left would have been committed by then.
  await ended(await start("write", { table: "sample.later" }));
  expect(commitsOf(folders, "sample.merged")).toBe(before);
}, PATIENCE_MS);

const statement = (
  sql: string,
  more: object = {},
): Promise<{ status: number; body: Record<string, unknown> }> =>
  workspace.call("POST", "/api/2.0/sql/statements", {
    warehouse_id: "local",
    statement: sql,
    wait_timeout: "50s",
    ...more,
  });

test("a statement gives rows as texts, with types", async () => {
  const { statementExecution } = workspace.client;
  const answer = await statementExecution.executeStatement({
    warehouse_id: "local",
    wait_timeout: "50s",
    statement:
      "SELECT CAST(1 AS BIGINT) AS n, 'a' AS t, CAST(NULL AS INT) AS nothing, CAST(1.50 AS DECIMAL(4,2)) AS d, " +
      "TIMESTAMP '2001-03-31 10:00:00Z' AS at, array(1, 2) AS list, true AS yes, :given AS given",
    parameters: [{ name: "given", value: "7", type: "INT" }],
  });
  expect(answer.status).toEqual({ state: "SUCCEEDED" });
  expect(answer.result?.data_array).toEqual([
    ["1", "a", null, "1.50", "2001-03-31T10:00:00.000Z", "[1, 2]", "true", "7"],
  ]);
  expect(answer.manifest?.schema?.columns?.slice(0, 4)).toMatchObject([
    { name: "n", type_name: "LONG", type_text: "BIGINT" },
    { name: "t", type_name: "STRING" },
    { name: "nothing", type_name: "INT" },
    { name: "d", type_name: "DECIMAL", type_precision: 4, type_scale: 2 },
  ]);
}, PATIENCE_MS);

test("a statement that fails is an answer with Spark's condition", async () => {
  const { status, body } = await statement("SELECT * FROM nowhere");
  expect(status).toBe(200);
  expect(body["status"]).toMatchObject({
    state: "FAILED",
    error: {
      error_code: "BAD_REQUEST",
      message: expect.stringContaining("[TABLE_OR_VIEW_NOT_FOUND]") as unknown,
    },
    sql_state: "42P01",
  });
}, PATIENCE_MS);

test("schema and row limit of a statement are its own", async () => {
  const { body } = await statement("SELECT id FROM first ORDER BY id", {
    schema: "sample",
    row_limit: 2,
  });
  expect(body["manifest"]).toMatchObject({ truncated: true });
  expect(body["result"]).toMatchObject({ data_array: [["0"], ["1"]] });
}, PATIENCE_MS);

test("a statement that nobody waits for can be cancelled", async () => {
  const { body } = await statement(
    "SELECT count(*) FROM range(1000000000000) a JOIN range(1000000) b ON a.id % 7 = b.id % 5",
    { wait_timeout: "0s" },
  );
  const path = `/api/2.0/sql/statements/${String(body["statement_id"])}`;
  const state = async (): Promise<unknown> =>
    ((await workspace.call("GET", path)).body["status"] as { state: string })
      .state;
  await until(async () => (await state()) === "RUNNING", "its start");
  await workspace.call("POST", `${path}/cancel`);
  await until(async () => (await state()) === "CANCELED", "its end");
}, PATIENCE_MS);

test("a server that is killed is begun anew, with its tables, and its task is a driver error", async () => {
  const started = join(folders.stateDir, "second-started");
  const runId = await start("merge", { table: "sample.merged", started });
  await until(() => existsSync(started), "the MERGE");
  process.kill(sparkPid(folders.stateDir), "SIGKILL");
  const run = await ended(runId);
  expect(run.status?.termination_details?.code).toBe("DRIVER_ERROR");
  // It waits for the new server like a run does.
  const { body } = await statement("SELECT count(*) FROM sample.first", {
    wait_timeout: "0s",
  });
  const path = `/api/2.0/sql/statements/${String(body["statement_id"])}`;
  const answer = await until(
    async () => (await workspace.call("GET", path)).body["result"],
    "the answer",
  );
  expect(answer).toMatchObject({ data_array: [["10"]] });
}, PATIENCE_MS);
