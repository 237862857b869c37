import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs";
import { errors, fail } from "../errors.ts";
import type { RunRecord, TaskRun } from "../runs/record.ts";
import { runSummary, runView, taskView } from "../runs/view.ts";
import {
  type Fields,
  flag,
  integer,
  neededInteger,
  pageStart,
  refuseOthers,
  text,
} from "./fields.ts";
import { findJob } from "./jobs.ts";
import type { Call, Workspace } from "./workspace.ts";

const DAY_MS = 86_400_000;
/** Tasks that runs/list of version 2.2 shows of a run; the rest is in runs/get. */
const LISTED_TASKS = 100;

export function findRun({ engine }: Workspace, id: number): RunRecord {
  return engine.get(id) ?? fail(errors.noSuchRun, id);
}

/** Only version 2.2 gives tasks in pages, the older ones give all at once. */
export function getRun(workspace: Workspace, { fields, version }: Call): object {
  refuseOthers(fields, [
    "run_id",
    "include_history",
    "include_resolved_values",
    "page_token",
  ]);
  const id = neededInteger(fields, "run_id");
  const withResolvedValues = flag(fields, "include_resolved_values");
  const owner = workspace.store.runOfTask(id);
  if (owner !== undefined) {
    const run = findRun(workspace, owner);
    const task = run.tasks.find((one) => one.runId === id);
    if (task)
      return { ...runSummary(run), ...taskView(run, task, withResolvedValues) };
  }
  return runView(findRun(workspace, id), {
    ...(version === "2.2"
      ? { page: { from: pageStart(fields), items: workspace.limits.pageItems } }
      : {}),
    withHistory: flag(fields, "include_history"),
    withResolvedValues,
  });
}

export function getOutput(workspace: Workspace, { fields }: Call): object {
  refuseOthers(fields, ["run_id"]);
  const id = neededInteger(fields, "run_id");
  const run = findRun(workspace, workspace.store.runOfTask(id) ?? id);
  const keys = new Set(run.tasks.map((task) => task.taskKey));
  const task =
    run.tasks.find((one) => one.runId === id) ??
    (keys.size > 1 ? fail(errors.severalTasks) : run.tasks.at(-1));
  if (!task) return fail(errors.noSuchRun, id);
  return {
    metadata: { ...runSummary(run), ...taskView(run, task, false) },
    ...(task.error === undefined ? {} : { error: task.error }),
    ...(task.trace === undefined ? {} : { error_trace: task.trace }),
    ...logsOf(task, workspace.limits.logBytes),
  };
}

/** The last bytes of what this attempt wrote. */
function logsOf(task: TaskRun, most: number): object {
  if (!task.log || !existsSync(task.log.path)) return {};
  const to = task.log.to ?? statSync(task.log.path).size;
  const from = Math.max(task.log.from, to - most);
  const bytes = Buffer.alloc(Math.max(0, to - from));
  const file = openSync(task.log.path, "r");
  const length = readSync(file, bytes, 0, bytes.length, from);
  closeSync(file);
  return {
    logs: bytes.subarray(0, length).toString(),
    logs_truncated: from > task.log.from,
  };
}

export function listRuns(workspace: Workspace, { fields, version }: Call): object {
  refuseOthers(fields, [
    "job_id",
    "active_only",
    "completed_only",
    "run_type",
    "expand_tasks",
    "start_time_from",
    "start_time_to",
    "limit",
    "offset",
    "page_token",
  ]);
  const { most, usual } = workspace.limits.listRuns;
  const limit = integer(fields, "limit") ?? usual;
  if (limit < 1 || limit > most)
    fail(errors.invalid, `limit must be between 1 and ${most}`);
  const isActive = flag(fields, "active_only");
  const isCompleted = flag(fields, "completed_only");
  if (isActive && isCompleted)
    fail(errors.invalid, "Only one of active_only and completed_only can be true");
  const type = text(fields, "run_type");
  if (type !== undefined && !["JOB_RUN", "SUBMIT_RUN"].includes(type))
    fail(errors.invalid, `The local workspace has no runs of type ${type}.`);
  const jobId = integer(fields, "job_id");
  const start = integer(fields, "start_time_from");
  const end = integer(fields, "start_time_to");
  const from = firstOf(fields);
  const found = workspace.store.list({
    ...(jobId === undefined ? {} : { jobId }),
    ...(type === undefined ? {} : { isOneTime: type === "SUBMIT_RUN" }),
    ...(isActive || isCompleted ? { isActive } : {}),
    ...(start === undefined ? {} : { from: start }),
    ...(end === undefined ? {} : { to: end }),
    limit: limit + 1,
    offset: from,
  });
  const withTasks = flag(fields, "expand_tasks");
  const hasMore = found.length > limit;
  const shown = version === "2.2" ? LISTED_TASKS : Infinity;
  const hasTokens = version !== "2.0";
  return {
    runs: found.slice(0, limit).map((stored) => {
      const run = workspace.engine.get(stored.runId) ?? stored;
      return withTasks
        ? {
            ...runView(run, { page: { from: 0, items: shown } }),
            has_more: run.tasks.length > shown,
          }
        : runSummary(run);
    }),
    has_more: hasMore,
    ...(hasMore && hasTokens ? { next_page_token: String(from + limit) } : {}),
    ...(from > 0 && hasTokens ? { prev_page_token: String(Math.max(0, from - limit)) } : {}),
  };
}

/** Where the list begins: version 2.0 knows only `offset`, and the others know it still. */
function firstOf(fields: Fields): number {
  const offset = integer(fields, "offset");
  if (offset === undefined) return pageStart(fields);
  if (fields["page_token"] !== undefined)
    fail(errors.invalid, "Only one of offset and page_token can be used.");
  return offset >= 0 ? offset : fail(errors.invalid, "offset is below 0.");
}

/** Asynchronous: the run has ended when runs/get says so. A run that has ended already stays as it is. */
export function cancelRun(workspace: Workspace, { fields }: Call): object {
  refuseOthers(fields, ["run_id"]);
  const run = findRun(workspace, neededInteger(fields, "run_id"));
  workspace.engine.stop(run, "canceled");
  return {};
}

export function cancelAllRuns(workspace: Workspace, { fields }: Call): object {
  refuseOthers(fields, ["job_id", "all_queued_runs"]);
  const jobId = integer(fields, "job_id");
  const onlyQueued = flag(fields, "all_queued_runs");
  if (jobId === undefined && !onlyQueued)
    fail(errors.invalid, "Missing required field: job_id");
  if (jobId !== undefined) findJob(workspace, jobId);
  // The queue first: what leaves its place must not let the next one in.
  const chosen = workspace.engine
    .active()
    .filter((run) => jobId === undefined || run.jobId === jobId)
    .filter((run) => !onlyQueued || run.phase === "QUEUED")
    .sort((a, b) => Number(b.phase === "QUEUED") - Number(a.phase === "QUEUED"));
  for (const run of chosen) workspace.engine.stop(run, "canceled");
  return {};
}

export function deleteRun(workspace: Workspace, { fields }: Call): object {
  refuseOthers(fields, ["run_id"]);
  const run = findRun(workspace, neededInteger(fields, "run_id"));
  if (run.phase !== "ENDED") fail(errors.runIsActive, run.runId);
  workspace.store.delete(run.runId);
  return {};
}

/** Runs vanish after their days are over. */
export function forgetOldRuns({ store, clock, limits }: Pick<Workspace, "store" | "clock" | "limits">): void {
  store.deleteEndedBefore(clock.now() - limits.runDays * DAY_MS);
}
