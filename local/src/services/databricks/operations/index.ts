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
import type { Operation } from "./workspace.ts";

const JOBS = "/api/2.2/jobs";
const STATEMENTS = "/api/2.0/sql/statements";

/** Everything the local workspace answers. COVERAGE.md says the same; a test compares them. */
export const operations: readonly Operation[] = [
  { name: "jobs/list", method: "GET", path: `${JOBS}/list`, limit: "other", perform: listJobs },
  { name: "jobs/get", method: "GET", path: `${JOBS}/get`, limit: "other", perform: getJob },
  { name: "jobs/run-now", method: "POST", path: `${JOBS}/run-now`, limit: "runNow", perform: runNow },
  { name: "jobs/runs/submit", method: "POST", path: `${JOBS}/runs/submit`, limit: "submit", perform: submit },
  { name: "jobs/runs/get", method: "GET", path: `${JOBS}/runs/get`, limit: "getRun", perform: getRun },
  { name: "jobs/runs/get-output", method: "GET", path: `${JOBS}/runs/get-output`, limit: "other", perform: getOutput },
  { name: "jobs/runs/list", method: "GET", path: `${JOBS}/runs/list`, limit: "other", perform: listRuns },
  { name: "jobs/runs/cancel", method: "POST", path: `${JOBS}/runs/cancel`, limit: "other", perform: cancelRun },
  { name: "jobs/runs/cancel-all", method: "POST", path: `${JOBS}/runs/cancel-all`, limit: "other", perform: cancelAllRuns },
  { name: "jobs/runs/delete", method: "POST", path: `${JOBS}/runs/delete`, limit: "other", perform: deleteRun },
  { name: "jobs/runs/repair", method: "POST", path: `${JOBS}/runs/repair`, limit: "other", perform: repairRun },
  { name: "sql/statements/execute", method: "POST", path: STATEMENTS, limit: "other", perform: executeStatement },
  { name: "sql/statements/get", method: "GET", path: `${STATEMENTS}/{id}`, limit: "other", perform: getStatement },
  { name: "sql/statements/cancel", method: "POST", path: `${STATEMENTS}/{id}/cancel`, limit: "other", perform: cancelStatement },
];

const BUNDLE = "Jobs come from the bundle: edit databricks/resources and start again.";

/** Calls that a workspace knows and this one refuses, each with the reason. */
export const refused: readonly { name: string; method: string; path: string; why: string }[] = [
  ...["create", "reset", "update", "delete"].map((name) => ({
    name: `jobs/${name}`,
    method: "POST",
    path: `${JOBS}/${name}`,
    why: BUNDLE,
  })),
  { name: "jobs/runs/export", method: "GET", path: `${JOBS}/runs/export`, why: "There are no notebooks on the laptop." },
  {
    name: "sql/statements/get-chunk",
    method: "GET",
    path: `${STATEMENTS}/{id}/result/chunks/{n}`,
    why: "A local result is one chunk, and comes with the statement.",
  },
];
