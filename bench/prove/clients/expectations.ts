/** What has to come of each step of `dags/operators.py`, and of its run in the workspace. */
import type { Answer } from "./airflow.ts";
import type { ProofWorkspace } from "./workspace.ts";

interface Expectation {
  /** Absent: the task succeeds. */
  readonly error?: RegExp;
  /** How the run ended; absent where there is none. */
  readonly result?: "SUCCESS" | "FAILED" | "CANCELED";
  /** The run was repaired so often. */
  readonly repairs?: number;
}

const WORKED: Expectation = { result: "SUCCESS" };
/** The task's own words, which only the output of the task's run has. */
const TOLD: Expectation = {
  error: /ValueError: the input is wrong/,
  result: "FAILED",
};
const refused = (error: RegExp): Expectation => ({ error });

export const expectations: Readonly<Record<string, Expectation>> = {
  run_by_name: WORKED,
  run_by_id: WORKED,
  run_deferred: WORKED,
  run_of_another_case: refused(/Job ID for job name WRITE can not be found/),
  run_of_no_job: refused(/Job 7 does not exist/),
  submit: WORKED,
  submit_deferred: WORKED,
  fail: TOLD,
  fail_deferred: TOLD,
  fail_submitted: TOLD,
  fail_of_the_product: {
    error: /batches\/0000000001\/manifest\.json is not in the lake/,
    result: "FAILED",
  },
  repair: { ...WORKED, repairs: 1 },
  end_by_time: { error: /AirflowTaskTimeout/, result: "CANCELED" },
  leave_running: { result: "CANCELED" },
  cancel_previous: WORKED,
  statement: {},
  statement_deferred: {},
  statement_that_fails: refused(/TABLE_OR_VIEW_NOT_FOUND/),
  // Airflow repeats a 501, and keeps its address only.
  create_a_job: refused(/501 .*\/api\/2\.2\/jobs\/create/),
  notebook: refused(/does not support the field notebook_task/),
  positional_parameters: refused(/does not support the field python_params/),
  one_task_of_old: refused(/does not support the field notebook_task/),
  new_settings_for_a_repair: refused(/501 .*\/api\/2\.2\/jobs\/update/),
};

/** What Airflow calls those that ask: a run that is deferred is asked for by a trigger. */
const CALLERS = [
  "DatabricksRunNowOperator",
  "DatabricksSubmitRunOperator",
  "DatabricksExecutionTrigger",
  "DatabricksSQLStatementsOperator",
];

export async function findFailures(
  answers: readonly Answer[],
  callers: ReadonlySet<string>,
  workspace: ProofWorkspace,
): Promise<string[]> {
  const byStep = new Map(answers.map((answer) => [answer.step, answer]));
  const found: string[] = [];
  for (const [step, wanted] of Object.entries(expectations)) {
    const answer = byStep.get(step);
    const mistakes = answer
      ? await mistakesOf(answer, wanted, workspace)
      : ["Airflow did not come to its end."];
    found.push(...mistakes.map((mistake) => `${step}: ${mistake}`));
  }
  const strange = [...byStep.keys()].filter((step) => !(step in expectations));
  found.push(...strange.map((step) => `${step}: nothing is expected of it.`));
  const missing = CALLERS.filter((caller) => !callers.has(caller));
  found.push(...missing.map((caller) => `${caller} has seen nothing work.`));
  return found;
}

async function mistakesOf(
  { state, error, run }: Answer,
  { error: wantedError, result, repairs }: Expectation,
  workspace: ProofWorkspace,
): Promise<string[]> {
  const mistakes: string[] = [];
  if (wantedError === undefined && state !== "success")
    mistakes.push(`it failed with ${error ?? "no words"}`);
  if (wantedError !== undefined && !wantedError.test(error ?? ""))
    mistakes.push(`it said ${error ?? "nothing"}, and not ${wantedError}`);
  if (result === undefined) return mistakes;
  if (run === null) return [...mistakes, "Airflow knows no run of it."];
  const { body } = await workspace.call(
    "GET",
    `/api/2.2/jobs/runs/get?include_history=true&run_id=${run}`,
  );
  const ended = (body["state"] as { result_state?: string }).result_state;
  if (ended !== result)
    mistakes.push(`its run ended as ${ended ?? "nothing"}, and not ${result}`);
  const history = body["repair_history"] as readonly object[];
  if (repairs !== undefined && history.length - 1 !== repairs)
    mistakes.push(`its run was repaired ${history.length - 1} times`);
  return mistakes;
}
