import { randomUUID } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../../../shared/clock.ts";
import type { TaskSettings } from "../jobs/settings.ts";
import type { Compute, TaskEnd } from "../spark/spark.ts";
import type { Ending } from "./endings.ts";
import type { RunRecord, TaskRun } from "./record.ts";
import { argumentsOf } from "./references.ts";

export interface AttemptEnd {
  readonly ending: Ending;
  readonly message: string;
  readonly error?: string;
  readonly trace?: string;
}

/** Databricks' own words, measured by its command line tool. */
const WORKLOAD_FAILED = "Workload failed, see run output for details";

/** Performs one attempt of a task in a Python process with a Spark session of its own. */
export class Attempts {
  readonly #spark: Compute;
  readonly #clock: Clock;
  readonly #logDir: string;

  constructor(parts: { spark: Compute; clock: Clock; logDir: string }) {
    this.#spark = parts.spark;
    this.#clock = parts.clock;
    this.#logDir = parts.logDir;
  }

  /** Resolves when process and session have ended; undefined when the attempt was no longer wanted before its start. */
  async perform(
    run: RunRecord,
    task: TaskSettings,
    attempt: TaskRun,
    hooks: { isWanted(): boolean; started(): void },
  ): Promise<AttemptEnd | undefined> {
    try {
      await this.#spark.ready();
    } catch (error) {
      if (!hooks.isWanted()) return undefined;
      return { ending: "noCluster", message: messageOf(error) };
    }
    if (!hooks.isWanted()) return undefined;
    let parameters: string[];
    try {
      parameters = argumentsOf(run, task, attempt);
    } catch (error) {
      return { ending: "invalid", message: messageOf(error) };
    }
    const log = this.#logOf(run, attempt);
    const session = randomUUID();
    attempt.session = session;
    attempt.phase = "RUNNING";
    attempt.startedAt = this.#clock.now();
    attempt.log = { path: log, from: sizeOf(log) };
    // On disk before it starts: after a kill nobody may take this attempt for one that never ran.
    hooks.started();
    const end = await this.#spark.run({
      attempt: String(attempt.runId),
      session,
      package: task.python_wheel_task.package_name,
      entryPoint: task.python_wheel_task.entry_point,
      parameters,
      log,
    });
    attempt.log.to = sizeOf(log);
    return endOf(end);
  }

  kill(attempt: TaskRun): void {
    this.#spark.kill(String(attempt.runId));
  }

  /** One file a run; where a job has several tasks, one a task. Attempts follow one another in it. */
  #logOf(run: RunRecord, attempt: TaskRun): string {
    const name =
      run.settings.tasks.length === 1
        ? `${run.runId}.log`
        : `${run.runId}.${attempt.taskKey}.log`;
    return join(this.#logDir, name);
  }
}

function endOf(end: TaskEnd): AttemptEnd {
  if (end.kind === "lost") return { ending: "driverLost", message: end.reason };
  if (end.exitCode === 0) return { ending: "success", message: "" };
  if (end.error !== null)
    return {
      ending: "failed",
      message: WORKLOAD_FAILED,
      error: end.error,
      ...(end.trace === null ? {} : { trace: end.trace }),
    };
  // It said nothing at its end: the process was killed, or crashed.
  const how =
    end.exitCode < 0
      ? `was ended by signal ${-end.exitCode}`
      : `ended with exit code ${end.exitCode}`;
  return {
    ending: "driverLost",
    message: `The task's Python process ${how}`,
    error: `The task's Python process ${how}`,
  };
}

const sizeOf = (path: string): number =>
  existsSync(path) ? statSync(path).size : 0;

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
