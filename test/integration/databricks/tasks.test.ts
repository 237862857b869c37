import { expect, test } from "@jest/globals";
import { ManualWorkspace, results } from "../../support/databricksManual.ts";
import { until } from "../../support/until.ts";

const manual = new ManualWorkspace();

test("a failed task is tried again after its interval, as a new task run", async () => {
  const runId = await manual.start("retried");
  await manual.running("flaky");
  manual.compute.finish("flaky", 1);
  await until(
    async () =>
      (await manual.get(runId)).tasks?.some(
        (one) => one.state?.life_cycle_state === "WAITING_FOR_RETRY",
      ),
    "the wait",
  );
  expect(manual.compute.running).toEqual([]);
  await manual.clock.advance(5000);
  await manual.running("flaky");
  manual.compute.finish("flaky");
  const run = await manual.ended(runId);
  expect(run.state?.result_state).toBe("SUCCESS");
  const [first, second] = run.tasks ?? [];
  expect(second).toMatchObject({
    attempt_number: 1,
    original_attempt_run_id: first?.run_id,
  });
  const sessions = new Set(manual.compute.started.map((one) => one.session));
  expect(sessions.size).toBe(2);
});

test("a task that times out is tried again only where the job says so", async () => {
  const runId = await manual.start("impatient");
  await manual.running("slow");
  await manual.clock.advance(10_000);
  await until(() => manual.compute.started.length === 2, "the second attempt");
  await manual.clock.advance(10_000);
  const run = await manual.ended(runId);
  expect(run.tasks?.map((one) => one.state?.result_state)).toEqual([
    "TIMEDOUT",
    "TIMEDOUT",
  ]);
  expect(run.state?.result_state).toBe("FAILED");
});

test("tasks wait for what they depend on, and run_if decides about the rest", async () => {
  const runId = await manual.start("graph");
  await manual.running("left", "right");
  manual.compute.finish("left");
  manual.compute.finish("right", 1);
  await manual.running("cleanup");
  manual.compute.finish("cleanup");
  const run = await manual.ended(runId);
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
  const runId = await manual.start("chain", { only: ["second"] });
  await manual.running("second");
  manual.compute.finish("second");
  expect(results(await manual.ended(runId))).toEqual({
    first: "DISABLED",
    second: "SUCCESS",
  });
});

test("a repair runs what failed, wants the latest repair's id, and forgets parameters", async () => {
  const runId = await manual.start("chain", { job_parameters: { who: "me" } });
  await manual.running("first");
  await expect(
    manual.jobs.repairRun({
      run_id: runId,
      rerun_all_failed_tasks: true,
    }),
  ).rejects.toThrow("in progress");
  manual.compute.finish("first");
  await manual.running("second");
  manual.compute.finish("second", 1);
  await manual.ended(runId);

  const repair = await manual.jobs.repairRun({
    run_id: runId,
    rerun_all_failed_tasks: true,
  });
  await manual.running("second");
  expect(manual.compute.started.at(-1)?.parameters).toEqual(["--who=nobody"]);
  manual.compute.finish("second", 1);
  await manual.ended(runId);
  await expect(
    manual.jobs.repairRun({ run_id: runId, rerun_tasks: ["first"] }),
  ).rejects.toThrow("The latest repair ID needs to be provided");
  await expect(
    manual.jobs.repairRun({
      run_id: runId,
      rerun_tasks: ["first"],
      rerun_all_failed_tasks: true,
      latest_repair_id: repair.repair_id ?? 0,
    }),
  ).rejects.toThrow("Only one of");

  await manual.jobs.repairRun({
    run_id: runId,
    rerun_tasks: ["first"],
    rerun_dependent_tasks: true,
    latest_repair_id: repair.repair_id ?? 0,
    job_parameters: { who: "you" },
  });
  await manual.running("first");
  manual.compute.finish("first");
  await manual.running("second");
  expect(manual.compute.started.at(-1)?.parameters).toEqual(["--who=you"]);
  manual.compute.finish("second");
  const run = await manual.ended(runId);
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

