import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { jobs } from "@databricks/sdk-experimental";
import { ManualClock } from "../../../local/src/shared/clock.ts";
import { jobIdOf } from "../../../local/src/services/databricks/index.ts";
import {
  type Folders,
  type Workspace,
  bundleWith,
  startWorkspace,
  until,
} from "../../support/databricks.ts";
import { ManualCompute } from "../../support/databricksCompute.ts";

const task = (key: string, more = ""): string =>
  `- { task_key: ${key}, python_wheel_task: { package_name: p, entry_point: ${key} }${more} }`;

const JOBS = `
resources:
  jobs:
    one: { max_concurrent_runs: 1, tasks: [ ${task("only").slice(2)} ] }
    unqueued: { max_concurrent_runs: 1, queue: { enabled: false }, tasks: [ ${task("only").slice(2)} ] }
    timed: { timeout_seconds: 60, tasks: [ ${task("only").slice(2)} ] }
    retried:
      tasks:
        ${task("flaky", ", max_retries: 1, min_retry_interval_millis: 5000")}
    impatient:
      tasks:
        ${task("slow", ", timeout_seconds: 10, max_retries: 1, retry_on_timeout: true")}
    graph:
      parameters: [ { name: who, default: nobody } ]
      tasks:
        ${task("left")}
        ${task("right")}
        ${task("both", ", depends_on: [ { task_key: left }, { task_key: right } ]")}
        ${task("cleanup", ", depends_on: [ { task_key: both } ], run_if: ALL_DONE")}
    chain:
      parameters: [ { name: who, default: nobody } ]
      tasks:
        ${task("first")}
        ${task("second", ", depends_on: [ { task_key: first } ]")}
`;

let folders: Folders & { remove(): void };
let compute: ManualCompute;
let clock: ManualClock;
let workspace: Workspace;

const open = async (): Promise<void> => {
  compute = new ManualCompute();
  workspace = await startWorkspace(folders, {
    clock,
    openSpark: () => Promise.resolve(compute),
  });
};

beforeEach(async () => {
  folders = bundleWith(JOBS);
  clock = new ManualClock();
  await open();
});
afterEach(async () => {
  await workspace.stop();
  folders.remove();
});

async function start(
  key: string,
  more: Partial<jobs.RunNow> = {},
): Promise<number> {
  const waiter = await workspace.client.jobs.runNow({
    job_id: jobIdOf(key),
    ...more,
  });
  return waiter.run_id ?? 0;
}

const get = (runId: number): Promise<jobs.Run> =>
  workspace.client.jobs.getRun({ run_id: runId, include_history: true });

const running = (...entryPoints: string[]): Promise<true> =>
  until(
    `${entryPoints.join()} to run`,
    () => compute.running.sort().join() === entryPoints.sort().join(),
    5000,
  );

const ended = (runId: number): Promise<jobs.Run> =>
  until("the end", async () => {
    const run = await get(runId);
    return run.status?.state === "TERMINATED" && run;
  });

const results = (run: jobs.Run): Record<string, string | undefined> =>
  Object.fromEntries(
    (run.tasks ?? []).map((one) => [one.task_key, one.state?.result_state]),
  );

test("a run waits in PENDING until Spark is ready, then runs, then ends", async () => {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  compute.readiness = promise;
  const runId = await start("one");
  expect((await get(runId)).state?.life_cycle_state).toBe("PENDING");
  resolve(undefined);
  await running("only");
  const now = await get(runId);
  expect([now.state?.life_cycle_state, now.status?.state]).toEqual([
    "RUNNING",
    "RUNNING",
  ]);
  expect(now.end_time).toBe(0);
  compute.finish("only");
  const run = await ended(runId);
  expect(run.state).toMatchObject({
    life_cycle_state: "TERMINATED",
    result_state: "SUCCESS",
  });
  expect(run.status?.termination_details).toMatchObject({
    code: "SUCCESS",
    type: "SUCCESS",
  });
});

test("a run whose Spark does not start is a cluster error", async () => {
  compute.readiness = Promise.reject(new Error("see spark.log"));
  compute.readiness.catch(() => undefined);
  const run = await ended(await start("one"));
  expect(run.status?.termination_details).toMatchObject({
    code: "CLUSTER_ERROR",
    type: "INTERNAL_ERROR",
  });
  expect(run.state?.state_message).toContain("see spark.log");
});

test("the same idempotency token gives the same run, also after it has failed", async () => {
  const token = "a".repeat(64);
  const runId = await start("one", { idempotency_token: token });
  expect(await start("one", { idempotency_token: token })).toBe(runId);
  await running("only");
  compute.finish("only", 1);
  await ended(runId);
  expect(await start("one", { idempotency_token: token })).toBe(runId);
  expect(compute.started).toHaveLength(1);
});

test("the token of a deleted run is an error", async () => {
  const runId = await start("one", { idempotency_token: "t" });
  await running("only");
  await expect(
    workspace.client.jobs.deleteRun({ run_id: runId }),
  ).rejects.toThrow("in progress");
  compute.finish("only");
  await ended(runId);
  await workspace.client.jobs.deleteRun({ run_id: runId });
  await expect(get(runId)).rejects.toThrow(`Run ${runId} does not exist.`);
  await expect(start("one", { idempotency_token: "t" })).rejects.toThrow(
    "has been deleted",
  );
});

test("a run over the job's limit waits in the queue for the one before it", async () => {
  const first = await start("one");
  const second = await start("one");
  await running("only");
  const queued = await get(second);
  expect(queued.state).toMatchObject({ life_cycle_state: "QUEUED" });
  expect(queued.status?.queue_details?.code).toBe("MAX_CONCURRENT_RUNS_REACHED");
  expect(queued.tasks?.[0]?.state?.life_cycle_state).toBe("QUEUED");
  compute.finish("only");
  await ended(first);
  await running("only");
  compute.finish("only");
  expect((await ended(second)).state?.result_state).toBe("SUCCESS");
});

test("without a queue a run over the limit is skipped", async () => {
  await start("unqueued");
  const run = await ended(await start("unqueued"));
  expect(run.state).toMatchObject({
    life_cycle_state: "SKIPPED",
    result_state: "MAXIMUM_CONCURRENT_RUNS_REACHED",
  });
  expect(run.status?.termination_details?.code).toBe(
    "MAX_CONCURRENT_RUNS_EXCEEDED",
  );
});

test("a queued run is skipped after two days", async () => {
  await start("one");
  const second = await start("one");
  await clock.advance(49 * 3_600_000);
  expect((await get(second)).state?.life_cycle_state).toBe("SKIPPED");
});

test("cancelling is asynchronous: TERMINATING until the session is gone", async () => {
  const runId = await start("one");
  await running("only");
  compute.endsOnKill = false;
  await workspace.client.jobs.cancelRun({ run_id: runId });
  const now = await get(runId);
  expect(now.state?.life_cycle_state).toBe("TERMINATING");
  compute.end(compute.killed[0] ?? "", -9);
  const run = await ended(runId);
  expect(run.state).toMatchObject({
    life_cycle_state: "TERMINATED",
    result_state: "CANCELED",
    user_cancelled_or_timedout: true,
  });
  expect(run.status?.termination_details?.code).toBe("USER_CANCELED");
});

test("cancel-all ends a job's runs and its queue", async () => {
  const runs = [await start("one"), await start("one"), await start("one")];
  await running("only");
  await workspace.client.jobs.cancelAllRuns({ job_id: jobIdOf("one") });
  for (const runId of runs)
    expect((await ended(runId)).state?.result_state).toBe("CANCELED");
  expect(compute.started).toHaveLength(1);
});

test("a run that takes longer than its timeout is ended", async () => {
  const runId = await start("timed");
  await running("only");
  await clock.advance(60_000);
  const run = await ended(runId);
  expect(run.state).toMatchObject({
    life_cycle_state: "TERMINATED",
    result_state: "TIMEDOUT",
  });
});

test("a failed task is tried again after its interval, as a new task run", async () => {
  const runId = await start("retried");
  await running("flaky");
  compute.finish("flaky", 1);
  await until("the wait", async () =>
    (await get(runId)).tasks?.some(
      (one) => one.state?.life_cycle_state === "WAITING_FOR_RETRY",
    ),
  );
  expect(compute.running).toEqual([]);
  await clock.advance(5000);
  await running("flaky");
  compute.finish("flaky");
  const run = await ended(runId);
  expect(run.state?.result_state).toBe("SUCCESS");
  const [first, second] = run.tasks ?? [];
  expect(second).toMatchObject({
    attempt_number: 1,
    original_attempt_run_id: first?.run_id,
  });
  const sessions = new Set(compute.started.map((one) => one.session));
  expect(sessions.size).toBe(2);
});

test("a task that times out is tried again only where the job says so", async () => {
  const runId = await start("impatient");
  await running("slow");
  await clock.advance(10_000);
  await until("the second attempt", () => compute.started.length === 2 || undefined);
  await clock.advance(10_000);
  const run = await ended(runId);
  expect(run.tasks?.map((one) => one.state?.result_state)).toEqual([
    "TIMEDOUT",
    "TIMEDOUT",
  ]);
  expect(run.state?.result_state).toBe("FAILED");
});

test("tasks wait for what they depend on, and run_if decides about the rest", async () => {
  const runId = await start("graph");
  await running("left", "right");
  compute.finish("left");
  compute.finish("right", 1);
  await running("cleanup");
  compute.finish("cleanup");
  const run = await ended(runId);
  expect(results(run)).toEqual({
    left: "SUCCESS",
    right: "FAILED",
    both: "UPSTREAM_FAILED",
    cleanup: "SUCCESS",
  });
  // Its leaf succeeded.
  expect(run.state?.result_state).toBe("SUCCESS_WITH_FAILURES");
});

test("only runs the chosen tasks", async () => {
  const runId = await start("chain", { only: ["second"] });
  await running("second");
  compute.finish("second");
  expect(results(await ended(runId))).toEqual({
    first: "DISABLED",
    second: "SUCCESS",
  });
});

test("a repair runs what failed, wants the latest repair's id, and forgets parameters", async () => {
  const runId = await start("chain", { job_parameters: { who: "me" } });
  await running("first");
  await expect(
    workspace.client.jobs.repairRun({
      run_id: runId,
      rerun_all_failed_tasks: true,
    }),
  ).rejects.toThrow("in progress");
  compute.finish("first");
  await running("second");
  compute.finish("second", 1);
  await ended(runId);

  const repair = await workspace.client.jobs.repairRun({
    run_id: runId,
    rerun_all_failed_tasks: true,
  });
  await running("second");
  expect(compute.started.at(-1)?.parameters).toEqual(["--who=nobody"]);
  compute.finish("second", 1);
  await ended(runId);
  await expect(
    workspace.client.jobs.repairRun({ run_id: runId, rerun_tasks: ["first"] }),
  ).rejects.toThrow("The latest repair ID needs to be provided");
  await expect(
    workspace.client.jobs.repairRun({
      run_id: runId,
      rerun_tasks: ["first"],
      rerun_all_failed_tasks: true,
      latest_repair_id: repair.repair_id ?? 0,
    }),
  ).rejects.toThrow("Only one of");

  await workspace.client.jobs.repairRun({
    run_id: runId,
    rerun_tasks: ["first"],
    rerun_dependent_tasks: true,
    latest_repair_id: repair.repair_id ?? 0,
    job_parameters: { who: "you" },
  });
  await running("first");
  compute.finish("first");
  await running("second");
  expect(compute.started.at(-1)?.parameters).toEqual(["--who=you"]);
  compute.finish("second");
  const run = await ended(runId);
  expect(run.state?.result_state).toBe("SUCCESS");
  expect(run.repair_history?.map((one) => one.type)).toEqual([
    "ORIGINAL",
    "REPAIR",
    "REPAIR",
  ]);
  expect(run.repair_history?.map((one) => one.state?.result_state)).toEqual([
    "FAILED",
    "FAILED",
    "SUCCESS",
  ]);
});

test("after a restart ended runs are as they were, running ones are lost, waiting ones run", async () => {
  const done = await start("timed");
  await running("only");
  compute.finish("only");
  await ended(done);
  const lost = await start("one");
  const queued = await start("one");
  await running("only");
  await workspace.stop();

  await open();
  expect((await get(done)).state?.result_state).toBe("SUCCESS");
  const run = await get(lost);
  expect(run.state?.life_cycle_state).toBe("INTERNAL_ERROR");
  expect(run.status?.termination_details?.code).toBe("DRIVER_ERROR");
  await running("only");
  compute.finish("only");
  expect((await ended(queued)).state?.result_state).toBe("SUCCESS");
});

test("a one-time run takes its tasks from the request", async () => {
  const waiter = await workspace.client.jobs.submit({
    tasks: [
      {
        task_key: "once",
        python_wheel_task: {
          package_name: "p",
          entry_point: "once",
          parameters: ["{{task.name}}", "{{my.literal}}"],
        },
      },
    ],
  });
  await running("once");
  expect(compute.started[0]?.parameters).toEqual(["once", "{{my.literal}}"]);
  compute.finish("once");
  const run = await ended(waiter.run_id ?? 0);
  expect(run).toMatchObject({ run_name: "Untitled", run_type: "SUBMIT_RUN" });
});

test("runs are listed newest end first, in pages", async () => {
  for (let number = 0; number < 5; number += 1) {
    const runId = await start("timed");
    await running("only");
    await clock.advance(1000);
    compute.finish("only");
    await ended(runId);
  }
  const active = await start("timed");
  const page = await workspace.call("GET", "/api/2.2/jobs/runs/list?limit=4");
  expect(page.body).toMatchObject({ has_more: true, next_page_token: "4" });
  const all: number[] = [];
  for await (const run of workspace.client.jobs.listRuns({ limit: 4 }))
    all.push(run.run_id ?? 0);
  expect(all).toHaveLength(6);
  const activeOnly: number[] = [];
  for await (const run of workspace.client.jobs.listRuns({ active_only: true }))
    activeOnly.push(run.run_id ?? 0);
  expect(activeOnly).toEqual([active]);
});

test("runs vanish after sixty days", async () => {
  const runId = await start("one");
  await running("only");
  compute.finish("only");
  await ended(runId);
  await workspace.stop();
  await clock.advance(61 * 86_400_000);
  await open();
  await expect(get(runId)).rejects.toThrow("does not exist");
});
