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

export function getJob(workspace: Workspace, { fields }: Call): object {
  refuseOthers(fields, ["job_id", "page_token"]);
  const job = findJob(workspace, neededInteger(fields, "job_id"));
  const from = pageStart(fields);
  const to = from + workspace.limits.pageItems;
  const { tasks } = job.settings;
  return {
    ...base(workspace, job),
    run_as_user_name: "assay",
    settings: { ...job.settings, tasks: tasks.slice(from, to), format: "MULTI_TASK" },
    ...(to < tasks.length ? { has_more: true, next_page_token: String(to) } : {}),
  };
}

export function listJobs(workspace: Workspace, { fields }: Call): object {
  refuseOthers(fields, ["limit", "expand_tasks", "include_user_names", "name", "page_token"]);
  const { most, usual } = workspace.limits.listJobs;
  const limit = integer(fields, "limit") ?? usual;
  if (limit < 1 || limit > most)
    fail(errors.invalid, `limit must be between 1 and ${most}`);
  const withTasks = flag(fields, "expand_tasks");
  const name = text(fields, "name")?.toLowerCase();
  const jobs = [...workspace.jobs.values()].filter(
    (job) => name === undefined || job.settings.name?.toLowerCase() === name,
  );
  const from = pageStart(fields);
  return {
    jobs: jobs.slice(from, from + limit).map((job) => {
      const { tasks, ...settings } = job.settings;
      return {
        ...base(workspace, job),
        settings: { ...settings, ...(withTasks ? { tasks } : {}), format: "MULTI_TASK" },
      };
    }),
    has_more: from + limit < jobs.length,
    ...(from + limit < jobs.length
      ? { next_page_token: String(from + limit) }
      : {}),
  };
}

const base = ({ startedAt }: Workspace, job: Job): object => ({
  job_id: job.id,
  creator_user_name: "assay",
  created_time: startedAt,
});
