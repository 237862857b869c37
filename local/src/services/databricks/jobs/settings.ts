import type { Path } from "../bundle/source.ts";

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
