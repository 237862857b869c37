import type { JobRunState } from "../adapters/databricks/index.ts";
import type { AppContext } from "../context.ts";

/** The state of a job run. One call to Databricks. */
export const checkJobRun = (
  { jobs }: AppContext,
  { runId }: { runId: number },
): Promise<JobRunState> => jobs.check(runId);
