import { jobIdOf } from "../../../local/src/services/databricks/index.ts";
import { type Workspace, endOf, startJob } from "../../support/databricks.ts";

/** Every operation of the workspace that the JavaScript SDK does. */
export async function useDatabricksFromJavaScript(
  workspace: Workspace,
): Promise<void> {
  await useJobs(workspace);
  await useStatements(workspace);
}

async function useJobs(workspace: Workspace): Promise<void> {
  const { jobs } = workspace.client;
  await readAll(jobs.list({ limit: 1 }));
  await jobs.get({ job_id: jobIdOf("works") });
  const failed = await endOf(workspace, await startJob(workspace, "fails"));
  const runId = failed.run_id ?? 0;
  await jobs.getRunOutput({ run_id: failed.tasks?.[0]?.run_id ?? 0 });
  await jobs.repairRun({ run_id: runId, rerun_all_failed_tasks: true });
  await endOf(workspace, runId);
  await readAll(jobs.listRuns({ limit: 1 }));
  await jobs.deleteRun({ run_id: runId });
  const endless = await startJob(workspace, "endless");
  await jobs.cancelRun({ run_id: endless });
  await jobs.cancelAllRuns({ job_id: jobIdOf("endless") });
  await endOf(workspace, endless);
  await jobs.submit({
    tasks: [
      {
        task_key: "a",
        python_wheel_task: { package_name: "p", entry_point: "works" },
      },
    ],
  });
}

const readAll = (pages: AsyncIterable<unknown>): Promise<unknown[]> =>
  Array.fromAsync(pages);

async function useStatements({ client }: Workspace): Promise<void> {
  const { statementExecution } = client;
  const { statement_id: id = "" } = await statementExecution.executeStatement({
    statement: "SELECT 1",
    warehouse_id: "local",
  });
  await statementExecution.getStatement({ statement_id: id });
  await statementExecution.cancelExecution({ statement_id: id });
}
