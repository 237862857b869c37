import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  type Workspace,
  bundleWith,
  commitsOf,
  contextOf,
  endOf,
  processesOf,
  reach,
  startJob,
  startWorkspace,
} from "../../support/databricks.ts";
import { until } from "../../support/until.ts";

const PATIENCE_MS = 300_000;

const task = (entryPoint: string): string =>
  `{ task_key: t, python_wheel_task: { package_name: assay_sample, entry_point: ${entryPoint}, named_parameters: {} } }`;
const folders = bundleWith(`
resources:
  jobs:
    write: { tasks: [ ${task("write_table")} ] }
    merge: { tasks: [ ${task("slow_merge")} ] }
`);

let child: ChildProcess;
let workspace: Workspace;
beforeAll(async () => {
  child = fork(
    join(import.meta.dirname, "../../support/databricksVictim.ts"),
    [JSON.stringify(folders)],
    { execArgv: [] },
  );
  const [ports] = (await once(child, "message")) as [Record<string, number>];
  const context = await contextOf(folders);
  workspace = await reach(
    { ...context, port: (name) => ports[name] ?? 0 },
    () => Promise.resolve(),
  );
}, PATIENCE_MS);
afterAll(async () => {
  child.kill("SIGKILL");
  await workspace.stop();
  folders.remove();
}, PATIENCE_MS);

test("a second platform on the same tables is told so in a sentence", async () => {
  await expect(startWorkspace(folders)).rejects.toThrow(
    /Another Spark server \(process \d+\) already uses the tables/,
  );
}, PATIENCE_MS);

test("kill -9 of the services ends Spark and the tasks, and nothing is committed later", async () => {
  const writing = await startJob(workspace, "write", { table: "sample.rows" });
  const written = await endOf(workspace, writing);
  expect(written.state?.result_state).toBe("SUCCESS");
  const started = join(folders.stateDir, "started");
  const merging = await startJob(workspace, "merge", {
    table: "sample.rows",
    started,
  });
  await until(() => existsSync(started), "the MERGE");
  // Supervisor, server and task.
  expect(processesOf(folders.stateDir).length).toBeGreaterThanOrEqual(3);

  child.kill("SIGKILL");
  await once(child, "exit");
  await until(
    () => processesOf(folders.stateDir).length === 0,
    "the end of every process",
  );

  workspace = await startWorkspace(folders);
  const lost = await workspace.client.jobs.getRun({ run_id: merging });
  expect(lost.state?.life_cycle_state).toBe("INTERNAL_ERROR");
  expect(lost.status?.termination_details?.code).toBe("DRIVER_ERROR");
  const before = await workspace.client.jobs.getRun({
    run_id: written.run_id ?? 0,
  });
  expect(before.state?.result_state).toBe("SUCCESS");
  const { body } = await workspace.call("POST", "/api/2.0/sql/statements", {
    warehouse_id: "local",
    statement: "SELECT count(*) FROM sample.rows",
    wait_timeout: "0s",
  });
  const path = `/api/2.0/sql/statements/${String(body["statement_id"])}`;
  const result = await until(
    async () => (await workspace.call("GET", path)).body["result"],
    "the answer",
  );
  expect(result).toMatchObject({ data_array: [["10"]] });
  expect(commitsOf(folders, "sample.rows")).toBe(1);
}, PATIENCE_MS);

test("stopping ends every process", async () => {
  await workspace.stop();
  workspace.stop = () => Promise.resolve();
  expect(processesOf(folders.stateDir)).toEqual([]);
}, PATIENCE_MS);
