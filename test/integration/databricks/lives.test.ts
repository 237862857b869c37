import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { jobIdOf } from "../../../local/src/services/databricks/index.ts";
import {
  type Workspace,
  bundleWith,
  contextOf,
  processesOf,
  reach,
  startWorkspace,
  until,
} from "../../support/databricks.ts";

const PATIENCE_MS = 300_000; // eight builds on two cores

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

async function start(
  key: string,
  parameters: Record<string, string>,
): Promise<number> {
  const { run_id: runId } = await workspace.client.jobs.runNow({
    job_id: jobIdOf(key),
    job_parameters: parameters,
  });
  return runId ?? 0;
}

const ended = (runId: number) =>
  until(`the end of run ${runId}`, async () => {
    const run = await workspace.client.jobs.getRun({ run_id: runId });
    return run.status?.state === "TERMINATED" && run;
  });

const log = join(folders.stateDir, "warehouse/sample.db/rows/_delta_log");
const commit = (version: number): boolean =>
  existsSync(join(log, `${String(version).padStart(20, "0")}.json`));

test("a second platform on the same tables is told so in a sentence", async () => {
  await expect(startWorkspace(folders)).rejects.toThrow(
    /Another Spark server \(process \d+\) already uses the tables/,
  );
}, PATIENCE_MS);

test("kill -9 of the services ends Spark and the tasks, and nothing is committed later", async () => {
  const written = await ended(await start("write", { table: "sample.rows" }));
  expect(written.state?.result_state).toBe("SUCCESS");
  const started = join(folders.stateDir, "started");
  const merging = await start("merge", { table: "sample.rows", started });
  await until("the MERGE", () => existsSync(started));
  // Supervisor, server and task.
  expect(processesOf(folders.stateDir).length).toBeGreaterThanOrEqual(3);

  child.kill("SIGKILL");
  await once(child, "exit");
  await until(
    "the end of every process",
    () => processesOf(folders.stateDir).length === 0,
    10_000,
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
  const result = await until("the answer", async () => {
    const answer = await workspace.call("GET", path);
    return answer.body["result"];
  });
  expect(result).toMatchObject({ data_array: [["10"]] });
  expect([commit(0), commit(1)]).toEqual([true, false]);
}, PATIENCE_MS);

test("stopping ends every process", async () => {
  await workspace.stop();
  workspace.stop = () => Promise.resolve();
  expect(processesOf(folders.stateDir)).toEqual([]);
}, PATIENCE_MS);
