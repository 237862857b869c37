import { errors, fail } from "../errors.ts";
import {
  flag,
  integer,
  neededInteger,
  pageStart,
  refuseOthers,
  text,
} from "./fields.ts";
import type { Call, Job, Workspace } from "./workspace.ts";

export function findJob({ jobs }: Workspace, id: number): Job {
  return jobs.get(id) ?? fail(errors.noSuchJob, id);
}

/** Only version 2.2 gives tasks in pages, the older ones give all at once. */
export function getJob(workspace: Workspace, { fields, version }: Call): object {
  refuseOthers(fields, ["job_id", "page_token"]);
  const job = findJob(workspace, neededInteger(fields, "job_id"));
  const from = pageStart(fields);
  const { tasks } = job.settings;
  const to = version === "2.2" ? from + workspace.limits.pageItems : tasks.length;
  return {
    ...base(workspace, job),
    run_as_user_name: "assay",
    settings: { ...job.settings, tasks: tasks.slice(from, to), format: "MULTI_TASK" },
    ...(to < tasks.length ? { has_more: true, next_page_token: String(to) } : {}),
  };
}

/** The list of version 2.0 knows neither pages nor tasks: it names every job. */
export function listJobs(workspace: Workspace, { fields, version }: Call): object {
  if (version === "2.0") return { jobs: [...workspace.jobs.values()].map((job) => listed(workspace, job, 0)) };
  refuseOthers(fields, ["limit", "expand_tasks", "include_user_names", "name", "page_token"]);
  const { most, usual } = workspace.limits.listJobs;
  const limit = integer(fields, "limit") ?? usual;
  if (limit < 1 || limit > most)
    fail(errors.invalid, `limit must be between 1 and ${most}`);
  const shown = version === "2.2" ? workspace.limits.pageItems : Infinity;
  const tasks = flag(fields, "expand_tasks") ? shown : 0;
  // Names are shown either way: there is one user.
  flag(fields, "include_user_names");
  const name = text(fields, "name")?.toLowerCase();
  const jobs = [...workspace.jobs.values()].filter(
    (job) => name === undefined || job.settings.name?.toLowerCase() === name,
  );
  const from = pageStart(fields);
  return {
    jobs: jobs
      .slice(from, from + limit)
      .map((job) => listed(workspace, job, tasks)),
    has_more: from + limit < jobs.length,
    ...(from + limit < jobs.length
      ? { next_page_token: String(from + limit) }
      : {}),
  };
}

/** With so many of its tasks; `has_more` says that it has others. */
function listed(workspace: Workspace, job: Job, shown: number): object {
  const { tasks, ...settings } = job.settings;
  return {
    ...base(workspace, job),
    settings: {
      ...settings,
      ...(shown > 0 ? { tasks: tasks.slice(0, shown) } : {}),
      format: "MULTI_TASK",
    },
    ...(shown > 0 && tasks.length > shown ? { has_more: true } : {}),
  };
}

const base = ({ startedAt }: Workspace, job: Job): object => ({
  job_id: job.id,
  creator_user_name: "assay",
  created_time: startedAt,
});
