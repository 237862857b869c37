import type { TaskSettings } from "../jobs/settings.ts";
import type { RunRecord, TaskRun } from "./record.ts";

const REFERENCE = /\{\{\s*([^{}]*?)\s*\}\}/g;
const OUR_NAMESPACES = ["job", "task", "tasks", "run", "workspace", "input"];

/** Thrown for a reference that a workspace would resolve and this one cannot. */
export class UnknownReference extends Error {
  override readonly name = "UnknownReference";

  constructor(reference: string) {
    super(
      `The local workspace does not resolve {{${reference}}}: it knows job.id, job.name, job.run_id, job.repair_count, job.start_time.iso_datetime, job.parameters.…, task.name, task.run_id and task.execution_count`,
    );
  }
}

/** The command line of a task's entry point, its dynamic references resolved. */
export function argumentsOf(
  run: RunRecord,
  task: TaskSettings,
  attempt: TaskRun,
): string[] {
  const { parameters, named_parameters: named } = task.python_wheel_task;
  const parameterValues = new Map<string, string>();
  const resolve = (text: string): string =>
    text.replace(REFERENCE, (whole, name: string) => {
      const namespace = name.split(".")[0] ?? "";
      // What is not a namespace of Databricks' is a literal there too.
      if (!OUR_NAMESPACES.includes(namespace)) return whole;
      return lookUp(name, run, attempt, parameterValues);
    });
  for (const { name, value } of run.parameters)
    parameterValues.set(name, resolve(value));
  if (parameters !== undefined) return parameters.map(resolve);
  // Job parameters are pushed down to tasks that take named ones, and win over the task's own of the same name.
  const all = new Map(
    Object.entries(named ?? {}).map(([name, value]) => [name, resolve(value)]),
  );
  for (const [name, value] of parameterValues) all.set(name, value);
  return [...all].map(([name, value]) => `--${name}=${value}`);
}

function lookUp(
  name: string,
  run: RunRecord,
  attempt: TaskRun,
  parameters: ReadonlyMap<string, string>,
): string {
  if (name.startsWith("job.parameters.")) {
    const value = parameters.get(name.slice("job.parameters.".length));
    if (value === undefined) throw new UnknownReference(name);
    return value;
  }
  switch (name) {
    case "job.id":
      return String(run.jobId ?? run.runId);
    case "job.name":
      return run.runName;
    case "job.run_id":
    case "run.id":
      return String(run.runId);
    case "job.repair_count":
      return String(run.repairs.length);
    case "job.start_time.iso_datetime":
      return new Date(run.createdAt).toISOString();
    case "task.name":
      return attempt.taskKey;
    case "task.run_id":
      return String(attempt.runId);
    case "task.execution_count":
      return String(attempt.attempt + 1);
    default:
      throw new UnknownReference(name);
  }
}
