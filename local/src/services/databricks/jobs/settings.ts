import { isObject, type Path } from "../bundle/source.ts";
import { limits } from "../limits.ts";

/** What the local workspace reads of a job; the rest of its settings is kept and shown, and has no effect here. */
export interface JobSettings {
  readonly name?: string;
  readonly max_concurrent_runs: number;
  /** 0: none. */
  readonly timeout_seconds: number;
  readonly queue: { readonly enabled: boolean };
  readonly parameters: readonly { name: string; default: string }[];
  readonly tasks: readonly TaskSettings[];
  readonly [other: string]: unknown;
}

export interface TaskSettings {
  readonly task_key: string;
  readonly depends_on: readonly { task_key: string }[];
  readonly run_if: RunIf;
  readonly timeout_seconds: number;
  /** -1: without end. */
  readonly max_retries: number;
  readonly min_retry_interval_millis: number;
  readonly retry_on_timeout: boolean;
  readonly python_wheel_task: WheelTask;
  readonly [other: string]: unknown;
}

export interface WheelTask {
  readonly package_name: string;
  readonly entry_point: string;
  readonly parameters?: readonly string[];
  readonly named_parameters?: Readonly<Record<string, string>>;
}

export const RUN_IF = [
  "ALL_SUCCESS",
  "AT_LEAST_ONE_SUCCESS",
  "NONE_FAILED",
  "ALL_DONE",
  "AT_LEAST_ONE_FAILED",
  "ALL_FAILED",
] as const;
export type RunIf = (typeof RUN_IF)[number];

export type Report = (at: Path, message: string) => void;

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

function checkWheel(value: unknown, task: Path, tell: Report): WheelTask {
  const at = [...task, "python_wheel_task"];
  if (!isObject(value)) {
    tell(at, "The task needs a python_wheel_task.");
    return { package_name: "", entry_point: "" };
  }
  unknownKeys(
    value,
    at,
    ["package_name", "entry_point", "parameters", "named_parameters"],
    "wheel task",
    tell,
  );
  const wheel = {
    package_name: text(value, "package_name", at, tell) ?? "",
    entry_point: text(value, "entry_point", at, tell) ?? "",
  };
  if (!wheel.package_name || !wheel.entry_point)
    tell(at, "python_wheel_task needs package_name and entry_point.");
  const { parameters, named_parameters: named } = value;
  if (parameters !== undefined && named !== undefined)
    tell(at, "Only one of parameters and named_parameters can be given.");
  if (named !== undefined) {
    if (isObject(named) && Object.values(named).every(isText))
      return { ...wheel, named_parameters: named as Record<string, string> };
    tell([...at, "named_parameters"], "named_parameters maps names to texts.");
  }
  if (parameters !== undefined) {
    if (Array.isArray(parameters) && parameters.every(isText))
      return { ...wheel, parameters: parameters };
    tell([...at, "parameters"], "parameters is a list of texts.");
  }
  return wheel;
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

function checkGraph(tasks: readonly TaskSettings[], tell: Report): void {
  const byKey = new Map(tasks.map((task) => [task.task_key, task]));
  tasks.forEach((task, index) => {
    if (byKey.get(task.task_key) !== task)
      tell(["tasks", index], `Task key ${task.task_key} is used twice.`);
    task.depends_on.forEach((dependency, at) => {
      if (!byKey.has(dependency.task_key))
        tell(
          ["tasks", index, "depends_on", at],
          `There is no task ${dependency.task_key}.`,
        );
    });
    const above = new Set<string>();
    const climb = (from: TaskSettings): void => {
      for (const { task_key: key } of from.depends_on) {
        const upstream = byKey.get(key);
        if (!upstream || above.has(key)) continue;
        above.add(key);
        climb(upstream);
      }
    };
    climb(task);
    if (above.has(task.task_key))
      tell(["tasks", index], `Task ${task.task_key} depends on itself.`);
  });
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

function unknownKeys(
  value: Record<string, unknown>,
  at: Path,
  known: readonly string[],
  what: string,
  tell: Report,
): void {
  for (const key of Object.keys(value))
    if (!known.includes(key))
      tell(
        [...at, key],
        `The local workspace does not support ${key} of a ${what}.`,
      );
}

const isText = (value: unknown): value is string => typeof value === "string";

function text(
  value: Record<string, unknown>,
  key: string,
  at: Path,
  tell: Report,
): string | undefined {
  const found = value[key];
  if (found === undefined || isText(found)) return found;
  tell([...at, key], `${key} is a text.`);
  return undefined;
}

function list(
  value: Record<string, unknown>,
  key: string,
  at: Path,
  tell: Report,
): readonly unknown[] {
  const found = value[key];
  if (found === undefined) return [];
  if (Array.isArray(found)) return found;
  tell([...at, key], `${key} is a list.`);
  return [];
}

function count(
  value: Record<string, unknown>,
  key: string,
  otherwise: number,
  at: Path,
  tell: Report,
): number {
  const found = value[key];
  if (found === undefined) return otherwise;
  if (typeof found === "number" && Number.isInteger(found) && found >= 0)
    return found;
  tell([...at, key], `${key} is a whole number, 0 or more.`);
  return otherwise;
}
