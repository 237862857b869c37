/**
 * The workspace's limits. Sources: [SDK] the API text in `@databricks/sdk-experimental` (jobs/model, sql/model);
 * [LIM] learn.microsoft.com/azure/databricks/resources/limits; [2nd] second-hand, no primary source found:
 * a setting, and nothing depends on the exact figure.
 */
export interface Limits {
  /** Calls a second, per workspace [2nd]. */
  readonly callsPerSecond: {
    readonly runNow: number;
    readonly submit: number;
    readonly getRun: number;
    readonly other: number;
  };
  /** Tasks that run at once in a workspace [LIM]; one more is refused with 429. */
  readonly runningTasks: number;
  /** [SDK] run-now and submit. */
  readonly idempotencyTokenChars: number;
  /** [SDK] Arrays of runs/get come in pages of this size. */
  readonly pageItems: number;
  /** [SDK] runs/list: 1 to 24, 20 when not said (jobs/list: 1 to 100). */
  readonly listRuns: { readonly most: number; readonly usual: number };
  readonly listJobs: { readonly most: number; readonly usual: number };
  /** [SDK] get-output returns the last bytes of a task's log. */
  readonly logBytes: number;
  /** [SDK] Runs vanish after 60 days. */
  readonly runDays: number;
  /** Queued runs are skipped after 48 hours (learn.microsoft.com, "advanced job settings"). */
  readonly queueHours: number;
  /** [LIM] */
  readonly tasksPerJob: number;
  /** [SDK] An inline result that is larger fails. */
  readonly inlineBytes: number;
  /** [SDK] */
  readonly statementBytes: number;
  /** [SDK] How long a statement's result can be fetched. */
  readonly resultHours: number;
  /** [SDK] wait_timeout is 0 s or 5–50 s, 10 s when not said. */
  readonly waitSeconds: {
    readonly least: number;
    readonly most: number;
    readonly usual: number;
  };
}

/**
 * Durability: a run is written to SQLite (WAL) before it is acknowledged. Writes are not flushed to the disk one by
 * one, so a killed process loses nothing, a power cut may lose the last moments.
 */
export const limits: Limits = {
  callsPerSecond: { runNow: 20, submit: 35, getRun: 100, other: 30 },
  runningTasks: 2000,
  idempotencyTokenChars: 64,
  pageItems: 100,
  listRuns: { most: 24, usual: 20 },
  listJobs: { most: 100, usual: 20 },
  logBytes: 5 * 1024 * 1024,
  runDays: 60,
  queueHours: 48,
  tasksPerJob: 1000,
  inlineBytes: 25 * 1024 * 1024,
  statementBytes: 16 * 1024 * 1024,
  resultHours: 1,
  waitSeconds: { least: 5, most: 50, usual: 10 },
};
