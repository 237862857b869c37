import { expect, test } from "@jest/globals";
import { jobIdOf } from "../../../local/src/services/databricks/index.ts";
import { ManualWorkspace, results } from "../../support/databricksManual.ts";

const manual = new ManualWorkspace();

test("a run waits in PENDING until Spark is ready, then runs, then ends", async () => {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  manual.compute.readiness = promise;
  const runId = await manual.start("one");
  expect((await manual.get(runId)).state?.life_cycle_state).toBe("PENDING");
  resolve(undefined);
  await manual.running("only");
  const now = await manual.get(runId);
  expect([now.state?.life_cycle_state, now.status?.state]).toEqual([
    "RUNNING",
    "RUNNING",
  ]);
  expect(now.end_time).toBe(0);
  manual.compute.finish("only");
  const run = await manual.ended(runId);
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
  manual.compute.readiness = Promise.reject(new Error("see spark.log"));
  manual.compute.readiness.catch(() => undefined);
  const run = await manual.ended(await manual.start("one"));
  expect(run.status?.termination_details).toMatchObject({
    code: "CLUSTER_ERROR",
    type: "INTERNAL_ERROR",
  });
  expect(run.state?.state_message).toContain("see spark.log");
});

test("the same idempotency token gives the same run, also after it has failed", async () => {
  const token = "a".repeat(64);
  const runId = await manual.start("one", { idempotency_token: token });
  expect(await manual.start("one", { idempotency_token: token })).toBe(runId);
  await manual.running("only");
  manual.compute.finish("only", 1);
  await manual.ended(runId);
  expect(await manual.start("one", { idempotency_token: token })).toBe(runId);
  expect(manual.compute.started).toHaveLength(1);
});

test("the token of a deleted run is an error", async () => {
  const runId = await manual.start("one", { idempotency_token: "t" });
  await manual.running("only");
  await expect(
    manual.jobs.deleteRun({ run_id: runId }),
  ).rejects.toThrow("in progress");
  manual.compute.finish("only");
  await manual.ended(runId);
  await manual.jobs.deleteRun({ run_id: runId });
  await expect(manual.get(runId)).rejects.toThrow(`Run ${runId} does not exist.`);
  await expect(manual.start("one", { idempotency_token: "t" })).rejects.toThrow(
    "has been deleted",
  );
});

test("a run over the job's limit waits in the queue for the one before it", async () => {
  const first = await manual.start("one");
  const second = await manual.start("one");
  await manual.running("only");
  const queued = await manual.get(second);
  expect(queued.state).toMatchObject({ life_cycle_state: "QUEUED" });
  expect(queued.status?.queue_details?.code).toBe("MAX_CONCURRENT_RUNS_REACHED");
  expect(queued.tasks?.[0]?.state?.life_cycle_state).toBe("QUEUED");
  manual.compute.finish("only");
  await manual.ended(first);
  await manual.running("only");
  manual.compute.finish("only");
  expect((await manual.ended(second)).state?.result_state).toBe("SUCCESS");
});

test("without a queue a run over the limit is skipped", async () => {
  await manual.start("unqueued");
  const run = await manual.ended(await manual.start("unqueued"));
  expect(run.state).toMatchObject({
    life_cycle_state: "SKIPPED",
    result_state: "MAXIMUM_CONCURRENT_RUNS_REACHED",
  });
  expect(run.status?.termination_details?.code).toBe(
    "MAX_CONCURRENT_RUNS_EXCEEDED",
  );
});

test("a queued run is skipped after two days", async () => {
  await manual.start("one");
  const second = await manual.start("one");
  await manual.clock.advance(49 * 3_600_000);
  expect((await manual.get(second)).state?.life_cycle_state).toBe("SKIPPED");
});

test("cancelling is asynchronous: TERMINATING until the session is gone", async () => {
  const runId = await manual.start("one");
  await manual.running("only");
  manual.compute.endsOnKill = false;
  await manual.jobs.cancelRun({ run_id: runId });
  const now = await manual.get(runId);
  expect(now.state?.life_cycle_state).toBe("TERMINATING");
  manual.compute.end(manual.compute.killed[0] ?? "", -9);
  const run = await manual.ended(runId);
  expect(run.state).toMatchObject({
    life_cycle_state: "TERMINATED",
    result_state: "CANCELED",
    user_cancelled_or_timedout: true,
  });
  expect(run.status?.termination_details?.code).toBe("USER_CANCELED");
});

test("cancel-all ends a job's runs and its queue", async () => {
  const runs = [await manual.start("one"), await manual.start("one"), await manual.start("one")];
  await manual.running("only");
  await manual.jobs.cancelAllRuns({ job_id: jobIdOf("one") });
  for (const runId of runs)
    expect((await manual.ended(runId)).state?.result_state).toBe("CANCELED");
  expect(manual.compute.started).toHaveLength(1);
});

test("a run that takes longer than its timeout is ended", async () => {
  const runId = await manual.start("timed");
  await manual.running("only");
  await manual.clock.advance(60_000);
  const run = await manual.ended(runId);
  expect(run.state).toMatchObject({
    life_cycle_state: "TERMINATED",
    result_state: "TIMEDOUT",
    user_cancelled_or_timedout: true,
  });
  // "CANCELED: … by the platform; for example, if the maximum run duration was exceeded"; a person's is USER_CANCELED.
  expect(run.status?.termination_details?.code).toBe("CANCELED");
  expect(results(run)).toEqual({ only: "TIMEDOUT" });
});

test("a deleted run does not exist any more, nor do its tasks", async () => {
  const runId = await manual.start("one");
  await manual.running("only");
  manual.compute.finish("only");
  const [task] = (await manual.ended(runId)).tasks ?? [];
  await manual.jobs.deleteRun({ run_id: runId });
  const ids = [runId, task?.run_id ?? 0];
  const calls = ids.flatMap((run_id) =>
    [
      manual.jobs.getRun({ run_id }),
      manual.jobs.getRunOutput({ run_id }),
      manual.jobs.deleteRun({ run_id }),
      manual.jobs.cancelRun({ run_id }),
    ].map(async (call) =>
      expect(call).rejects.toMatchObject({
        statusCode: 400,
        errorCode: "INVALID_PARAMETER_VALUE",
        message: `Run ${run_id} does not exist.`,
      }),
    ),
  );
  await Promise.all(calls);
});

test("auto-optimisation of serverless may be switched off: the job shows it, and its runs go as before", async () => {
  const { settings } = await manual.jobs.get({
    job_id: jobIdOf("timed"),
  });
  expect(settings?.tasks?.[0]?.disable_auto_optimization).toBe(true);
  const runId = await manual.start("timed");
  await manual.running("only");
  manual.compute.finish("only");
  expect((await manual.ended(runId)).state?.result_state).toBe("SUCCESS");
});

test("after a restart ended runs are as they were, running ones are lost, waiting ones run", async () => {
  const done = await manual.start("timed");
  await manual.running("only");
  manual.compute.finish("only");
  await manual.ended(done);
  const lost = await manual.start("one");
  const queued = await manual.start("one");
  await manual.running("only");
  await manual.close();

  await manual.open();
  expect((await manual.get(done)).state?.result_state).toBe("SUCCESS");
  const run = await manual.get(lost);
  expect(run.state?.life_cycle_state).toBe("INTERNAL_ERROR");
  expect(run.status?.termination_details?.code).toBe("DRIVER_ERROR");
  await manual.running("only");
  manual.compute.finish("only");
  expect((await manual.ended(queued)).state?.result_state).toBe("SUCCESS");
});

test("a one-time run takes its tasks from the request", async () => {
  const waiter = await manual.jobs.submit({
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
  await manual.running("once");
  expect(manual.compute.started[0]?.parameters).toEqual(["once", "{{my.literal}}"]);
  manual.compute.finish("once");
  const run = await manual.ended(waiter.run_id ?? 0);
  expect(run).toMatchObject({ run_name: "Untitled", run_type: "SUBMIT_RUN" });
});

test("a one-time run has a job id, by which it is found, and which is no job of the bundle", async () => {
  const { run_id: runId = 0 } = await manual.jobs.submit({
    tasks: [
      {
        task_key: "only",
        python_wheel_task: { package_name: "p", entry_point: "only" },
      },
    ],
  });
  await manual.running("only");
  manual.compute.finish("only");
  const { job_id: jobId } = await manual.ended(runId);
  expect(jobId).toBeGreaterThan(0);
  const { runs } = await manual.asks("GET", "jobs/runs/list", { job_id: jobId });
  expect(runs).toMatchObject([{ run_id: runId, job_id: jobId }]);
  expect(await manual.asks("GET", "jobs/get", { job_id: jobId })).toMatchObject({
    error_code: "INVALID_PARAMETER_VALUE",
  });
});

test("a GET takes its fields from a body too, as asynchronous clients write them", async () => {
  const runId = await manual.start("one");
  await manual.running("only");
  expect(
    await manual.asks("GET", "jobs/runs/get", { run_id: runId }),
  ).toMatchObject({ run_id: runId, state: { life_cycle_state: "RUNNING" } });
  manual.compute.finish("only");
  await manual.ended(runId);
});

test("a field that is null is no field, at any depth", async () => {
  const task = { package_name: "p", entry_point: "only", parameters: null };
  const { run_id: runId } = await manual.asks("POST", "jobs/runs/submit", {
    run_name: null,
    nobody_knows_it: null,
    tasks: [{ task_key: "only", python_wheel_task: task, depends_on: null }],
  });
  await manual.running("only");
  manual.compute.finish("only");
  expect((await manual.ended(Number(runId))).run_name).toBe("Untitled");
});

test("runs are listed newest end first, in pages", async () => {
  for (let number = 0; number < 5; number += 1) {
    const runId = await manual.start("timed");
    await manual.running("only");
    await manual.clock.advance(1000);
    manual.compute.finish("only");
    await manual.ended(runId);
  }
  const active = await manual.start("timed");
  const page = await manual.call("GET", "/api/2.2/jobs/runs/list?limit=4");
  expect(page.body).toMatchObject({ has_more: true, next_page_token: "4" });
  const all: number[] = [];
  for await (const run of manual.jobs.listRuns({ limit: 4 }))
    all.push(run.run_id ?? 0);
  expect(all).toHaveLength(6);
  const activeOnly: number[] = [];
  for await (const run of manual.jobs.listRuns({ active_only: true }))
    activeOnly.push(run.run_id ?? 0);
  expect(activeOnly).toEqual([active]);
});

test("runs vanish after sixty days", async () => {
  const runId = await manual.start("one");
  await manual.running("only");
  manual.compute.finish("only");
  await manual.ended(runId);
  await manual.close();
  await manual.clock.advance(61 * 86_400_000);
  await manual.open();
  await expect(manual.get(runId)).rejects.toThrow("does not exist");
});
