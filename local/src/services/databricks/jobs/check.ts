import { type Path, isObject } from "../bundle/source.ts";
import { limits } from "../limits.ts";
import { checkGraph } from "./checkGraph.ts";
import { checkWheel } from "./checkWheel.ts";
import { count, isText, list, text, unknownKeys } from "./reading.ts";
import { type JobSettings, RUN_IF, type Report, type TaskSettings } from "./settings.ts";

const JOB_KEYS = [
  "name",
  "run_name",
  "max_concurrent_runs",
  "timeout_seconds",
  "queue",
  "parameters",
  "tasks",
];
/** Taken and shown, without effect on a laptop: nobody is mailed, no cluster is made, the wheel is installed already. */
const JOB_KEYS_WITHOUT_EFFECT = [
  "description",
  "tags",
  "environments",
  "job_clusters",
  "permissions",
  "access_control_list",
  "email_notifications",
  "webhook_notifications",
  "notification_settings",
  "health",
  "performance_target",
  "run_as",
  "edit_mode",
  "format",
  "budget_policy_id",
  "usage_policy_id",
];
const TASK_KEYS = [
  "task_key",
  "depends_on",
  "run_if",
  "timeout_seconds",
  "max_retries",
  "min_retry_interval_millis",
  "retry_on_timeout",
  "python_wheel_task",
];
const TASK_KEYS_WITHOUT_EFFECT = [
  "description",
  "environment_key",
  "job_cluster_key",
  "new_cluster",
  "existing_cluster_id",
  "libraries",
  "email_notifications",
  "webhook_notifications",
  "notification_settings",
  "health",
  "disable_auto_optimization",
];

/** The settings with the API's defaults, or undefined when `report` was told a mistake. */
export function checkJob(
  value: unknown,
  report: Report,
): JobSettings | undefined {
  const state = { isSound: true };
  const tell: Report = (at, message) => {
    state.isSound = false;
    report(at, message);
  };
  if (!isObject(value)) {
    tell([], "A job is a mapping.");
    return undefined;
  }
  unknownKeys(
    value,
    [],
    [...JOB_KEYS, ...JOB_KEYS_WITHOUT_EFFECT],
    "job",
    tell,
  );
  const name = text(value, "name", [], tell);
  const tasks = list(value, "tasks", [], tell).map((task, index) =>
    checkTask(task, ["tasks", index], value, tell),
  );
  if (tasks.length === 0) tell([], "A job needs at least one task.");
  if (tasks.length > limits.tasksPerJob)
    tell(["tasks"], `A job has at most ${limits.tasksPerJob} tasks.`);
  const queue = isObject(value["queue"]) ? value["queue"] : {};
  const settings: JobSettings = {
    ...value,
    ...(name === undefined ? {} : { name }),
    max_concurrent_runs: count(value, "max_concurrent_runs", 1, [], tell),
    timeout_seconds: count(value, "timeout_seconds", 0, [], tell),
    // A bundle's jobs queue unless it says otherwise: the command line tool adds it.
    queue: { enabled: queue["enabled"] !== false },
    parameters: list(value, "parameters", [], tell).map((parameter, index) =>
      checkParameter(parameter, ["parameters", index], tell),
    ),
    tasks,
  };
  checkGraph(settings.tasks, tell);
  return state.isSound ? settings : undefined;
}

function checkTask(
  value: unknown,
  at: Path,
  job: Record<string, unknown>,
  tell: Report,
): TaskSettings {
  const task = isObject(value) ? value : {};
  for (const key of Object.keys(task))
    if (key.endsWith("_task") && key !== "python_wheel_task")
      tell(
        [...at, key],
        `${key} does not run on the laptop: use python_wheel_task.`,
      );
  const plain = Object.fromEntries(
    Object.entries(task).filter(([key]) => !key.endsWith("_task")),
  );
  unknownKeys(
    plain,
    at,
    [...TASK_KEYS, ...TASK_KEYS_WITHOUT_EFFECT],
    "task",
    tell,
  );
  const runIf = text(task, "run_if", at, tell) ?? "ALL_SUCCESS";
  const known = RUN_IF.find((one) => one === runIf);
  if (!known)
    tell([...at, "run_if"], `run_if is one of ${RUN_IF.join(", ")}.`);
  const taskKey = text(task, "task_key", at, tell) ?? "";
  if (!/^[\w-]{1,100}$/.test(taskKey))
    tell(
      [...at, "task_key"],
      "task_key is needed: 1 to 100 letters, digits, - and _.",
    );
  references(task, "environment_key", job["environments"], at, tell);
  references(task, "job_cluster_key", job["job_clusters"], at, tell);
  return {
    ...task,
    task_key: taskKey,
    depends_on: list(task, "depends_on", at, tell).map((one, index) => {
      const dependency = isObject(one) ? one : {};
      const path = [...at, "depends_on", index];
      unknownKeys(dependency, path, ["task_key"], "dependency", tell);
      return { task_key: text(dependency, "task_key", path, tell) ?? "" };
    }),
    run_if: known ?? "ALL_SUCCESS",
    timeout_seconds: count(task, "timeout_seconds", 0, at, tell),
    max_retries:
      task["max_retries"] === -1 ? -1 : count(task, "max_retries", 0, at, tell),
    min_retry_interval_millis: count(
      task,
      "min_retry_interval_millis",
      0,
      at,
      tell,
    ),
    retry_on_timeout: task["retry_on_timeout"] === true,
    python_wheel_task: checkWheel(task["python_wheel_task"], at, tell),
  };
}

function checkParameter(
  value: unknown,
  at: Path,
  tell: Report,
): { name: string; default: string } {
  const parameter = isObject(value) ? value : {};
  unknownKeys(parameter, at, ["name", "default"], "job parameter", tell);
  const name = text(parameter, "name", at, tell);
  const preset = parameter["default"];
  if (!name || !/^[\w.-]+$/.test(name))
    tell(at, "A job parameter has a name of letters, digits, _, - and dots.");
  if (!isText(preset)) tell(at, "A job parameter has a default, as text.");
  return { name: name ?? "", default: isText(preset) ? preset : "" };
}

function references(
  task: Record<string, unknown>,
  key: string,
  declared: unknown,
  at: Path,
  tell: Report,
): void {
  const wanted = text(task, key, at, tell);
  if (wanted === undefined) return;
  const known = Array.isArray(declared)
    ? declared.some((one) => isObject(one) && one[key] === wanted)
    : false;
  if (!known)
    tell([...at, key], `${key} ${wanted} is not declared in this job.`);
}

