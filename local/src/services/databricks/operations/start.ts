import { isObject } from "../bundle/source.ts";
import { errors, fail } from "../errors.ts";
import { checkJob } from "../jobs/check.ts";
import type { JobSettings } from "../jobs/settings.ts";
import type { JobParameter, RunRecord, TaskRun } from "../runs/record.ts";
import {
  type Fields,
  neededInteger,
  refuseOthers,
  text,
  textMap,
  texts,
} from "./fields.ts";
import { findJob } from "./jobs.ts";
import type { Call, Workspace } from "./workspace.ts";

const SUBMIT_FIELDS = [
  "run_name",
  "tasks",
  "timeout_seconds",
  "environments",
  "email_notifications",
  "webhook_notifications",
  "notification_settings",
  "access_control_list",
  "health",
  "run_as",
  "budget_policy_id",
  "usage_policy_id",
];

export function runNow(workspace: Workspace, { fields }: Call): object {
  refuseOthers(fields, [
    "job_id",
    "job_parameters",
    "idempotency_token",
    "queue",
    "only",
    "performance_target",
  ]);
  const job = findJob(workspace, neededInteger(fields, "job_id"));
  const token = idempotencyToken(workspace, fields);
  const known = token === undefined ? undefined : runOf(workspace, token);
  if (known !== undefined) return { run_id: known, number_in_job: known };

  const overrides = textMap(fields, "job_parameters") ?? {};
  const only = texts(fields, "only");
  for (const key of only ?? [])
    if (!job.settings.tasks.some((task) => task.task_key === key))
      fail(errors.invalid, `Task ${key} does not exist in this job.`);
  const run = newRun(workspace, job.settings, {
    jobId: job.id,
    runName: job.settings.name ?? job.key,
    overrides,
    queues: queueOf(fields) ?? job.settings.queue.enabled,
    ...(token === undefined ? {} : { token }),
    ...(only === undefined ? {} : { only }),
  });
  begin(workspace, run);
  return { run_id: run.runId, number_in_job: run.runId };
}

export function submit(workspace: Workspace, { fields }: Call): object {
  refuseOthers(fields, [...SUBMIT_FIELDS, "idempotency_token", "queue"]);
  const token = idempotencyToken(workspace, fields);
  const known = token === undefined ? undefined : runOf(workspace, token);
  if (known !== undefined) return { run_id: known };

  const job = Object.fromEntries(
    Object.entries(fields).filter(([name]) => SUBMIT_FIELDS.includes(name)),
  );
  const settings = checkJob(job, (at, message) =>
    fail(errors.invalid, `${at.join(".")}: ${message}`),
  );
  if (!settings) return fail(errors.invalid, "The run's settings are wrong.");
  const run = newRun(workspace, settings, {
    runName: text(fields, "run_name") ?? "Untitled",
    overrides: {},
    queues: queueOf(fields) ?? false,
    ...(token === undefined ? {} : { token }),
  });
  begin(workspace, run);
  return { run_id: run.runId };
}

function idempotencyToken(
  { limits }: Workspace,
  fields: Fields,
): string | undefined {
  const token = text(fields, "idempotency_token");
  if (token === undefined || token === "") return undefined;
  if (token.length > limits.idempotencyTokenChars)
    fail(
      errors.invalid,
      `idempotency_token has more than ${limits.idempotencyTokenChars} characters.`,
    );
  return token;
}

/** The run that the token has started already, whatever became of it; deleted ones are an error. */
function runOf({ store, engine }: Workspace, token: string): number | undefined {
  const runId = store.runOfToken(token);
  if (runId !== undefined && !engine.get(runId))
    fail(errors.deletedToken, runId);
  return runId;
}

function queueOf(fields: Fields): boolean | undefined {
  const queue = fields["queue"];
  if (queue === undefined) return undefined;
  return isObject(queue) && typeof queue["enabled"] === "boolean"
    ? queue["enabled"]
    : fail(errors.invalid, "queue needs enabled: true or false");
}

export function parametersOf(
  settings: JobSettings,
  overrides: Readonly<Record<string, string>>,
): JobParameter[] {
  const declared = settings.parameters.map(({ name, default: preset }) => ({
    name,
    default: preset,
    value: overrides[name] ?? preset,
  }));
  const others = Object.entries(overrides)
    .filter(([name]) => !declared.some((one) => one.name === name))
    .map(([name, value]) => ({ name, default: "", value }));
  return [...declared, ...others];
}

function newRun(
  { store, clock }: Workspace,
  settings: JobSettings,
  given: Pick<RunRecord, "runName" | "overrides" | "queues"> & {
    jobId?: number;
    token?: string;
    only?: readonly string[];
  },
): RunRecord {
  const now = clock.now();
  const { only, ...rest } = given;
  return {
    ...rest,
    runId: store.newId(),
    createdAt: now,
    begunAt: now,
    settings,
    parameters: parametersOf(settings, given.overrides),
    phase: "PENDING",
    queueMs: 0,
    message: "",
    repairs: [],
    tasks: settings.tasks.map((task): TaskRun => {
      const runId = store.newId();
      const base = { runId, originalRunId: runId, taskKey: task.task_key };
      const fresh = { ...base, attempt: 0, tries: 0, createdAt: now, message: "" };
      return only === undefined || only.includes(task.task_key)
        ? { ...fresh, phase: "BLOCKED" }
        : { ...fresh, phase: "ENDED", ending: "disabled", endedAt: now };
    }),
  };
}

/** Starts the run, or queues it, or skips it, as the job's number of concurrent runs allows. */
export function begin({ engine, limits, clock }: Workspace, run: RunRecord): void {
  if (engine.runningTasks >= limits.runningTasks)
    fail(errors.tooManyTasks, limits.runningTasks);
  if (!engine.mayStart(run)) {
    if (run.queues) {
      run.phase = "QUEUED";
      run.queuedAt = clock.now();
    } else {
      run.phase = "ENDED";
      run.ending = "tooManyRuns";
      run.message = `Skipped: the job's maximum of ${run.settings.max_concurrent_runs} concurrent runs was reached.`;
      run.endedAt = clock.now();
      for (const task of run.tasks)
        if (task.phase !== "ENDED")
          Object.assign(task, { phase: "ENDED", ending: "tooManyRuns", endedAt: run.endedAt });
    }
  }
  engine.begin(run);
}
