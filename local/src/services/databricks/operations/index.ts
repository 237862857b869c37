import { getJob, listJobs } from "./jobs.ts";
import { repairRun } from "./repair.ts";
import {
  cancelAllRuns,
  cancelRun,
  deleteRun,
  getOutput,
  getRun,
  listRuns,
} from "./runs.ts";
import { runNow, submit } from "./start.ts";
import {
  cancelStatement,
  executeStatement,
  getStatement,
} from "./statements.ts";
import { type Operation, type Version, versions } from "./workspace.ts";

/** Fields that came with paging of what a job or run holds. */
const PAGED = { "2.1": ["page_token"] };

const job = (
  name: string,
  method: Operation["method"],
  perform: Operation["perform"],
  {
    limit = "other",
    later = {},
    since = "2.0",
  }: Partial<Pick<Operation, "limit" | "later">> & { since?: Version } = {},
): Operation => ({
  name: `jobs/${name}`,
  method,
  path: `jobs/${name}`,
  versions: versions.filter((version) => version >= since),
  limit,
  later,
  perform,
});

const statement = (
  name: string,
  method: Operation["method"],
  path: string,
  perform: Operation["perform"],
): Operation => ({
  name: `sql/statements/${name}`,
  method,
  path: `sql/statements${path}`,
  versions: ["2.0"],
  limit: "other",
  perform,
});

/** Everything the local workspace answers. COVERAGE.md says the same; a test compares them. */
export const operations: readonly Operation[] = [
  job("list", "GET", listJobs, {
    later: {
      "2.0": ["limit", "expand_tasks", "include_user_names", "name", "page_token"],
    },
  }),
  job("get", "GET", getJob, { later: { "2.0": ["page_token"], ...PAGED } }),
  job("run-now", "POST", runNow, {
    limit: "runNow",
    later: { "2.0": ["job_parameters", "only", "performance_target"] },
  }),
  job("runs/submit", "POST", submit, { limit: "submit" }),
  job("runs/get", "GET", getRun, {
    limit: "getRun",
    later: {
      "2.0": ["include_history", "include_resolved_values", "page_token"],
      ...PAGED,
    },
  }),
  job("runs/get-output", "GET", getOutput),
  job("runs/list", "GET", listRuns, {
    later: {
      "2.0": ["run_type", "expand_tasks", "start_time_from", "start_time_to", "page_token"],
    },
  }),
  job("runs/cancel", "POST", cancelRun),
  job("runs/cancel-all", "POST", cancelAllRuns, {
    later: { "2.0": ["all_queued_runs"] },
  }),
  job("runs/delete", "POST", deleteRun),
  job("runs/repair", "POST", repairRun, { since: "2.1" }),
  statement("execute", "POST", "", executeStatement),
  statement("get", "GET", "/{id}", getStatement),
  statement("cancel", "POST", "/{id}/cancel", cancelStatement),
];

const BUNDLE = "Jobs come from the bundle: edit databricks/resources and start again.";

/** Calls that a workspace knows and this one refuses, each with the reason. */
export const refused: readonly (Pick<Operation, "method" | "versions" | "path"> & {
  readonly name: string;
  readonly why: string;
})[] = [
  ...["create", "reset", "update", "delete"].map((name) => ({
    name: `jobs/${name}`,
    method: "POST" as const,
    path: `jobs/${name}`,
    versions,
    why: BUNDLE,
  })),
  {
    name: "jobs/runs/export",
    method: "GET",
    path: "jobs/runs/export",
    versions,
    why: "There are no notebooks on the laptop.",
  },
  {
    name: "jobs/runs/repair (2.0)",
    method: "POST",
    path: "jobs/runs/repair",
    versions: ["2.0"],
    why: "jobs/runs/repair is not in version 2.0 of the API: call 2.1 or 2.2.",
  },
  {
    name: "sql/statements/get-chunk",
    method: "GET",
    path: "sql/statements/{id}/result/chunks/{n}",
    versions: ["2.0"],
    why: "A local result is one chunk, and comes with the statement.",
  },
];
