import type { Config } from "../../config.ts";
import type { JobRunResult } from "../../domain/jobRuns.ts";
import type { Identity } from "../identity/index.ts";
import { databricksClient } from "./client.ts";
import { jobRunsOver } from "./operations.ts";

export type JobRunState =
  { readonly hasEnded: false } | ({ readonly hasEnded: true } & JobRunResult);

/** Runs of the bundle's job `process_batch`. */
export interface JobRuns {
  /** The id of the run with this token: a new run only where there is none yet. Undefined when that run was deleted. */
  start(
    token: string,
    parameters: Readonly<Record<string, string>>,
  ): Promise<number | undefined>;
  /** A run that was deleted, or whose job was, has ended, by the platform's fault. */
  check(runId: number): Promise<JobRunState>;
}

export const createJobRuns = (config: Config, identity: Identity): JobRuns =>
  jobRunsOver(
    () => config.databricks.jobName,
    databricksClient(config, identity),
  );
