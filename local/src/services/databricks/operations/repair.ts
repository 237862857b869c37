import { errors, fail } from "../errors.ts";
import type { TaskSettings } from "../jobs/settings.ts";
import { type RunRecord, type TaskRun, latest } from "../runs/record.ts";
import {
  flag,
  integer,
  neededInteger,
  refuseOthers,
  textMap,
  texts,
} from "./fields.ts";
import { findRun } from "./runs.ts";
import { begin, parametersOf } from "./start.ts";
import type { Call, Workspace } from "./workspace.ts";

/**
 * Runs tasks of an ended run again, with the job's current settings. Parameters are not carried over: whoever repairs
 * sends them again (apache/airflow#64828).
 */
export function repairRun(workspace: Workspace, { fields }: Call): object {
  refuseOthers(fields, [
    "run_id",
    "rerun_tasks",
    "rerun_all_failed_tasks",
    "rerun_dependent_tasks",
    "latest_repair_id",
    "job_parameters",
    "performance_target",
  ]);
  const run = findRun(workspace, neededInteger(fields, "run_id"));
  if (run.phase !== "ENDED" || run.ending === undefined)
    return fail(errors.runIsActive, run.runId);
  const latestRepair = run.repairs.at(-1)?.id;
  if (latestRepair !== integer(fields, "latest_repair_id"))
    fail(errors.repairIdNeeded);

  const settings =
    run.jobId === undefined
      ? run.settings
      : (workspace.jobs.get(run.jobId)?.settings ??
        fail(errors.noSuchJob, run.jobId));
  const chosen = chooseTasks(run, settings.tasks, {
    named: texts(fields, "rerun_tasks"),
    allFailed: flag(fields, "rerun_all_failed_tasks"),
    dependents: flag(fields, "rerun_dependent_tasks"),
  });
  const { store, clock } = workspace;
  const now = clock.now();
  const attempts = settings.tasks
    .filter((task) => chosen.has(task.task_key))
    .map((task) => nextAttempt(run, task.task_key, store.newId(), now));
  const id = store.newId();
  run.repairs.push({
    id,
    startedAt: now,
    taskRunIds: attempts.map((attempt) => attempt.runId),
    before: {
      startedAt: run.begunAt,
      endedAt: run.endedAt ?? now,
      ending: run.ending,
      message: run.message,
    },
  });
  run.tasks.push(...attempts);
  run.settings = settings;
  run.parameters = parametersOf(
    settings,
    textMap(fields, "job_parameters") ?? {},
  );
  run.phase = "PENDING";
  run.begunAt = now;
  run.queueMs = 0;
  run.message = "";
  delete run.ending;
  delete run.endedAt;
  delete run.stop;
  begin(workspace, run);
  return { repair_id: id };
}

function chooseTasks(
  run: RunRecord,
  tasks: readonly TaskSettings[],
  wanted: {
    named: readonly string[] | undefined;
    allFailed: boolean;
    dependents: boolean;
  },
): ReadonlySet<string> {
  if (wanted.named !== undefined && wanted.allFailed)
    fail(
      errors.invalid,
      "Only one of rerun_tasks and rerun_all_failed_tasks can be used.",
    );
  const chosen = new Set(wanted.named ?? []);
  for (const key of chosen)
    if (!tasks.some((task) => task.task_key === key))
      fail(errors.invalid, `Task ${key} does not exist in this job.`);
  if (wanted.allFailed)
    for (const task of latest(run))
      if (!["success", "excluded", "disabled"].includes(task.ending ?? ""))
        chosen.add(task.taskKey);
  if (wanted.dependents)
    for (let grown = true; grown; ) {
      const below = tasks.filter(
        (task) =>
          !chosen.has(task.task_key) &&
          task.depends_on.some((one) => chosen.has(one.task_key)),
      );
      for (const task of below) chosen.add(task.task_key);
      grown = below.length > 0;
    }
  if (chosen.size === 0)
    fail(errors.invalid, "There is no task to run again.");
  return chosen;
}

function nextAttempt(
  run: RunRecord,
  taskKey: string,
  runId: number,
  createdAt: number,
): TaskRun {
  const before = run.tasks.findLast((task) => task.taskKey === taskKey);
  return {
    runId,
    taskKey,
    attempt: before === undefined ? 0 : before.attempt + 1,
    originalRunId: before?.originalRunId ?? runId,
    tries: 0,
    createdAt,
    phase: "BLOCKED",
    message: "",
  };
}
