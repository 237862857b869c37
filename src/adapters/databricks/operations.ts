import { AssayError } from "../../errors.ts";
import type { DatabricksClient } from "./client.ts";
import { isForbidden, isRunGone, isTokenSpent } from "./errors.ts";
import type { JobRuns, JobRunState } from "./index.ts";
import { jobNamed } from "./job.ts";

/** The part of a run that we read. Jobs 2.2 answers both forms of the state; the old one names the result. */
interface Run {
  readonly state?: RunState;
  readonly status?: {
    readonly termination_details?: {
      readonly code?: string;
      readonly type?: string;
      readonly message?: string;
    };
  };
  readonly run_page_url?: string;
  readonly start_time?: number;
  readonly end_time?: number;
  /** In the order of their start: the last one of a key is its newest attempt. */
  readonly tasks?: readonly {
    readonly run_id?: number;
    readonly state?: RunState;
  }[];
}

interface RunState {
  readonly life_cycle_state?: string;
  readonly result_state?: string;
  readonly state_message?: string;
}

/** A result passes through an orchestration, whose payloads are small. */
const MAX_MESSAGE = 2000;

const ENDED = new Set(["TERMINATED", "SKIPPED", "INTERNAL_ERROR"]);
/** Termination codes of a run whose own code failed; all others are the platform's doing. */
const FAILED_BY_CODE = new Set(["RUN_EXECUTION_ERROR", "SUCCESS_WITH_FAILURES"]);
/** Results that say nothing about the code, whatever the termination code is. */
const STOPPED = new Set(["TIMEDOUT", "CANCELED"]);

export function jobRunsOver(
  jobName: () => string,
  client: DatabricksClient,
): JobRuns {
  const job = jobNamed(jobName, client);
  return {
    async start(token, parameters) {
      const request = job.with(
        (jobId) =>
          client.post("/api/2.2/jobs/run-now", {
            job_id: jobId,
            idempotency_token: token,
            job_parameters: parameters,
          }) as Promise<{ run_id?: number }>,
      );
      const answer = await request.catch((error: unknown) => {
        if (isTokenSpent(error)) return undefined;
        throw error;
      });
      if (!answer) return undefined;
      if (answer.run_id === undefined)
        throw new AssayError("BODY_REFUSED", "run-now answered without run_id.");
      return answer.run_id;
    },

    async check(runId) {
      const request = client.get(
        `/api/2.2/jobs/runs/get?run_id=${runId}`,
      ) as Promise<Run>;
      const run = await request.catch(async (error: unknown) => {
        if (isRunGone(error)) return undefined;
        // A run that is hidden from who sees the job belongs to a job that was deleted.
        if (isForbidden(error) && (await job.isShown())) return undefined;
        throw error;
      });
      if (!run) return deletedRun(runId);
      const state = stateOf(runId, run);
      if (!state.hasEnded || state.hasSucceeded) return state;
      const message = await taskError(run);
      return message === undefined ? state : { ...state, message };
    },
  };

  /** What the failed task itself said: the run only says that something failed. Undefined when that is not kept. */
  async function taskError(run: Run): Promise<string | undefined> {
    const task = run.tasks?.findLast(
      ({ state }) => state?.result_state === "FAILED",
    );
    if (task?.run_id === undefined) return undefined;
    const output = client.get(
      `/api/2.2/jobs/runs/get-output?run_id=${task.run_id}`,
    ) as Promise<{ error?: string }>;
    // Without it the verdict is the same, only less is told.
    const { error } = await output.catch(() => ({ error: undefined }));
    return error?.slice(0, MAX_MESSAGE);
  }
}

const deletedRun = (runId: number): JobRunState => ({
  hasEnded: true,
  runId,
  hasSucceeded: false,
  fault: "platform",
  message: `The run ${runId}, or its job, was deleted in Databricks.`,
  seconds: 0,
});

export function stateOf(runId: number, run: Run): JobRunState {
  if (!ENDED.has(run.state?.life_cycle_state ?? "")) return { hasEnded: false };
  const details = run.status?.termination_details;
  const hasSucceeded = run.state?.result_state === "SUCCESS";
  const isByCode =
    FAILED_BY_CODE.has(details?.code ?? "RUN_EXECUTION_ERROR") &&
    !STOPPED.has(run.state?.result_state ?? "");
  const ms = (run.end_time ?? 0) - (run.start_time ?? run.end_time ?? 0);
  return {
    hasEnded: true,
    runId,
    hasSucceeded,
    fault: isByCode ? "code" : "platform",
    message: (details?.message ?? run.state?.state_message ?? "").slice(
      0,
      MAX_MESSAGE,
    ),
    ...(run.run_page_url === undefined
      ? {}
      : { runPageUrl: run.run_page_url }),
    seconds: Math.max(0, ms) / 1000,
  };
}
