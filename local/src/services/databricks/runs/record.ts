import type { JobSettings } from "../jobs/settings.ts";
import type { Ending } from "./endings.ts";

/** Where a run or a task run is. Both shapes of the API (`state` and `status`) are made from this and the ending. */
export type Phase =
  | "QUEUED"
  | "BLOCKED"
  | "PENDING"
  | "RUNNING"
  | "TERMINATING"
  | "WAITING"
  | "ENDED";

export type StopReason = "canceled" | "timedOut";

/** A job run, as it is kept. Times are in epoch milliseconds. */
export interface RunRecord {
  readonly runId: number;
  /** Absent for a one-time run. */
  readonly jobId?: number;
  readonly runName: string;
  readonly token?: string;
  readonly createdAt: number;
  readonly overrides: Readonly<Record<string, string>>;
  /** The job as it was when the run, or its latest repair, began. */
  settings: JobSettings;
  parameters: readonly JobParameter[];
  queues: boolean;
  phase: Phase;
  queuedAt?: number;
  queueMs: number;
  /** When the run, or its latest repair, began. */
  begunAt: number;
  endedAt?: number;
  ending?: Ending;
  message: string;
  stop?: StopReason;
  /** Every attempt of every task, in the order of their making. */
  tasks: TaskRun[];
  repairs: Repair[];
}

export interface JobParameter {
  readonly name: string;
  readonly default: string;
  readonly value: string;
}

export interface TaskRun {
  readonly runId: number;
  readonly taskKey: string;
  readonly attempt: number;
  readonly originalRunId: number;
  readonly createdAt: number;
  /** Tries since the run or its latest repair began: what max_retries counts. */
  readonly tries: number;
  phase: Phase;
  /** The Spark session of this attempt. */
  session?: string;
  startedAt?: number;
  endedAt?: number;
  ending?: Ending;
  message: string;
  timedOut?: true;
  error?: string;
  trace?: string;
  log?: { readonly path: string; readonly from: number; to?: number };
}

export interface Repair {
  readonly id: number;
  readonly startedAt: number;
  readonly taskRunIds: readonly number[];
  /** How what came before it had ended. */
  readonly before: {
    readonly startedAt: number;
    readonly endedAt: number;
    readonly ending: Ending;
    readonly message: string;
  };
}

/** The latest attempt of each task, in the order of the job's tasks. */
export function latest(run: RunRecord): TaskRun[] {
  const byKey = new Map(run.tasks.map((task) => [task.taskKey, task]));
  return run.settings.tasks.flatMap((task) => {
    const found = byKey.get(task.task_key);
    return found ? [found] : [];
  });
}
