import { pathToFileURL } from "node:url";
import type { TaskSettings } from "../jobs/settings.ts";
import { type Ending, endings, isFailure } from "./endings.ts";
import { type Phase, type RunRecord, type TaskRun, latest } from "./record.ts";
import { argumentsOf } from "./references.ts";

type Json = Record<string, unknown>;

const LIFE_CYCLE = {
  QUEUED: "QUEUED",
  BLOCKED: "BLOCKED",
  PENDING: "PENDING",
  RUNNING: "RUNNING",
  TERMINATING: "TERMINATING",
  WAITING: "WAITING_FOR_RETRY",
} as const;

const QUEUE_REASON =
  "Queued due to reaching maximum concurrent runs limit for this job.";

/** Both shapes of a state: the deprecated one, which most clients read, and `status`. */
function stateOf(
  phase: Phase,
  ending: Ending | undefined,
  message: string,
): { state: Json; status: Json } {
  if (phase !== "ENDED" || !ending) {
    const lifeCycle = phase === "ENDED" ? "TERMINATING" : LIFE_CYCLE[phase];
    const isQueued = phase === "QUEUED";
    return {
      state: {
        life_cycle_state: lifeCycle,
        state_message: message,
        user_cancelled_or_timedout: false,
        ...(isQueued ? { queue_reason: QUEUE_REASON } : {}),
      },
      status: {
        state: lifeCycle === "WAITING_FOR_RETRY" ? "WAITING" : lifeCycle,
        ...(isQueued
          ? {
              queue_details: {
                code: "MAX_CONCURRENT_RUNS_REACHED",
                message: QUEUE_REASON,
              },
            }
          : {}),
      },
    };
  }
  const { lifeCycle, result, code, type } = endings[ending];
  return {
    state: {
      life_cycle_state: lifeCycle,
      result_state: result,
      state_message: message,
      user_cancelled_or_timedout: ending === "canceled" || ending === "timedOut",
    },
    status: {
      state: "TERMINATED",
      termination_details: { code, type, message },
    },
  };
}

export interface RunViewOptions {
  readonly page?: { readonly from: number; readonly items: number };
  readonly withHistory?: boolean;
  readonly withResolvedValues?: boolean;
}

/** A run as runs/get and runs/list show it, without its tasks. */
export function runSummary(run: RunRecord): Json {
  const endedAt = run.endedAt ?? 0;
  return {
    run_id: run.runId,
    // A one time run has a job of its own, which nobody can read.
    job_id: run.jobId ?? run.runId,
    number_in_job: run.runId,
    original_attempt_run_id: run.runId,
    creator_user_name: "assay",
    run_name: run.runName,
    run_type: run.jobId === undefined ? "SUBMIT_RUN" : "JOB_RUN",
    trigger: "ONE_TIME",
    run_page_url: pageUrl(run),
    start_time: run.createdAt,
    end_time: endedAt,
    // Of a run with tasks these three are 0 and run_duration counts.
    setup_duration: 0,
    execution_duration: 0,
    cleanup_duration: 0,
    run_duration: endedAt === 0 ? 0 : endedAt - run.createdAt,
    queue_duration: run.queueMs,
    format: "MULTI_TASK",
    job_parameters: run.parameters,
    ...stateOf(run.phase, run.ending, run.message),
  };
}

export function runView(run: RunRecord, options: RunViewOptions): Json {
  const { from, items } = options.page ?? { from: 0, items: run.tasks.length };
  const next = from + items;
  return {
    ...runSummary(run),
    tasks: run.tasks
      .slice(from, next)
      .map((task) => taskView(run, task, options.withResolvedValues ?? false)),
    ...(next < run.tasks.length ? { next_page_token: String(next) } : {}),
    ...(options.withHistory ? { repair_history: history(run) } : {}),
  };
}

export function taskView(
  run: RunRecord,
  task: TaskRun,
  withResolvedValues: boolean,
): Json {
  const settings = run.settings.tasks.find(
    (one) => one.task_key === task.taskKey,
  );
  const startedAt = task.startedAt ?? 0;
  const endedAt = task.endedAt ?? 0;
  const phase = run.phase === "QUEUED" ? "QUEUED" : task.phase;
  return {
    ...settings,
    run_id: task.runId,
    task_key: task.taskKey,
    attempt_number: task.attempt,
    ...(task.attempt > 0
      ? { original_attempt_run_id: task.originalRunId }
      : {}),
    start_time: startedAt,
    end_time: endedAt,
    setup_duration: startedAt === 0 ? 0 : startedAt - task.createdAt,
    execution_duration:
      startedAt === 0 || endedAt === 0 ? 0 : endedAt - startedAt,
    cleanup_duration: 0,
    ...(task.log
      ? { run_page_url: pathToFileURL(task.log.path).href }
      : {}),
    ...stateOf(phase, task.ending, task.message),
    ...(withResolvedValues && settings && task.ending !== "invalid"
      ? { resolved_values: resolved(run, settings, task) }
      : {}),
  };
}

function resolved(run: RunRecord, settings: TaskSettings, task: TaskRun): Json {
  const parameters = argumentsOf(run, settings, task);
  if (settings.python_wheel_task.parameters)
    return { python_wheel_task: { parameters } };
  const named = parameters.map((one): [string, string] => {
    const at = one.indexOf("=");
    return [one.slice("--".length, at), one.slice(at + 1)];
  });
  return { python_wheel_task: { named_parameters: Object.fromEntries(named) } };
}

/** On the laptop the page of a run is its log: of the task that failed, else of the first. */
function pageUrl(run: RunRecord): string {
  const tasks = latest(run);
  const shown =
    tasks.find((task) => task.log && task.ending && isFailure(task.ending)) ??
    tasks.find((task) => task.log);
  return shown?.log ? pathToFileURL(shown.log.path).href : "";
}

function history(run: RunRecord): Json[] {
  const repaired = new Set(run.repairs.flatMap((repair) => repair.taskRunIds));
  const originals = run.tasks.filter((task) => !repaired.has(task.runId));
  const now = {
    start_time: run.begunAt,
    end_time: run.endedAt ?? 0,
    ...stateOf(run.phase, run.ending, run.message),
  };
  const at = (index: number): Json => {
    const next = run.repairs[index];
    if (!next) return now;
    const { startedAt, endedAt, ending, message } = next.before;
    return {
      start_time: startedAt,
      end_time: endedAt,
      ...stateOf("ENDED", ending, message),
    };
  };
  return [
    {
      type: "ORIGINAL",
      ...at(0),
      task_run_ids: originals.map((task) => task.runId),
    },
    ...run.repairs.map((repair, index) => ({
      type: "REPAIR",
      id: repair.id,
      ...at(index + 1),
      task_run_ids: repair.taskRunIds,
    })),
  ];
}
