interface EndingShape {
  readonly lifeCycle: "TERMINATED" | "SKIPPED" | "INTERNAL_ERROR";
  readonly result: string;
  readonly code: string;
  readonly type: "SUCCESS" | "CLIENT_ERROR" | "INTERNAL_ERROR";
}

/**
 * How a run or a task run can end, in the words of both shapes: `state` (life cycle, result) and `status` (code, type).
 * `tasksFailed` is what Databricks measured on its own service: the run is INTERNAL_ERROR in the old shape while its
 * tasks are TERMINATED. The types of cancelled and skipped runs are our reading of the reference.
 */
export const endings = {
  success: {
    lifeCycle: "TERMINATED",
    result: "SUCCESS",
    code: "SUCCESS",
    type: "SUCCESS",
  },
  successWithFailures: {
    lifeCycle: "TERMINATED",
    result: "SUCCESS_WITH_FAILURES",
    code: "SUCCESS_WITH_FAILURES",
    type: "SUCCESS",
  },
  failed: {
    lifeCycle: "TERMINATED",
    result: "FAILED",
    code: "RUN_EXECUTION_ERROR",
    type: "CLIENT_ERROR",
  },
  tasksFailed: {
    lifeCycle: "INTERNAL_ERROR",
    result: "FAILED",
    code: "RUN_EXECUTION_ERROR",
    type: "CLIENT_ERROR",
  },
  driverLost: {
    lifeCycle: "INTERNAL_ERROR",
    result: "FAILED",
    code: "DRIVER_ERROR",
    type: "INTERNAL_ERROR",
  },
  noCluster: {
    lifeCycle: "INTERNAL_ERROR",
    result: "FAILED",
    code: "CLUSTER_ERROR",
    type: "INTERNAL_ERROR",
  },
  invalid: {
    lifeCycle: "INTERNAL_ERROR",
    result: "FAILED",
    code: "INVALID_RUN_CONFIGURATION",
    type: "CLIENT_ERROR",
  },
  canceled: {
    lifeCycle: "TERMINATED",
    result: "CANCELED",
    code: "USER_CANCELED",
    type: "CLIENT_ERROR",
  },
  timedOut: {
    lifeCycle: "TERMINATED",
    result: "TIMEDOUT",
    code: "CANCELED",
    type: "CLIENT_ERROR",
  },
  upstreamFailed: {
    lifeCycle: "TERMINATED",
    result: "UPSTREAM_FAILED",
    code: "SKIPPED",
    type: "CLIENT_ERROR",
  },
  upstreamCanceled: {
    lifeCycle: "TERMINATED",
    result: "UPSTREAM_CANCELED",
    code: "SKIPPED",
    type: "CLIENT_ERROR",
  },
  excluded: {
    lifeCycle: "TERMINATED",
    result: "EXCLUDED",
    code: "SKIPPED",
    type: "CLIENT_ERROR",
  },
  disabled: {
    lifeCycle: "TERMINATED",
    result: "DISABLED",
    code: "DISABLED",
    type: "CLIENT_ERROR",
  },
  tooManyRuns: {
    lifeCycle: "SKIPPED",
    result: "MAXIMUM_CONCURRENT_RUNS_REACHED",
    code: "MAX_CONCURRENT_RUNS_EXCEEDED",
    type: "CLIENT_ERROR",
  },
} satisfies Record<string, EndingShape>;

export type Ending = keyof typeof endings;

/** The task ran, or tried to, and did not succeed. */
export const isFailure = (ending: Ending): boolean =>
  ["failed", "timedOut", "driverLost", "noCluster", "invalid"].includes(ending);
