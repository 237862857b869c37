import type { JobRunState } from "../adapters/databricks/index.ts";
import type { Ports } from "../ports.ts";

/** The state of a job run. One call to Databricks. */
export const checkJobRun = (
  { jobs }: Ports,
  { runId }: { runId: number },
): Promise<JobRunState> => jobs.check(runId);
