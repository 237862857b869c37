import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { plannedFaults } from "../../../local/src/shared/faults.ts";
import { systemClock } from "../../../local/src/shared/clock.ts";
import { tokenAuthority } from "../../../local/src/shared/tokens.ts";
import { jobIdOf } from "../../../local/src/services/databricks/index.ts";
import { limits } from "../../../local/src/services/databricks/limits.ts";
import {
  type Workspace,
  bundleWith,
  startWorkspace,
} from "../../support/databricks.ts";
import {
  DatabricksRefusal,
  isJobGone,
  isRunGone,
  isTokenSpent,
} from "../../../src/adapters/databricks/errors.ts";
import { ManualCompute } from "../../support/databricksCompute.ts";

const folders = bundleWith(`
resources:
  jobs:
    one: { tasks: [ { task_key: a, python_wheel_task: { package_name: p, entry_point: a } } ] }
    two:
      tasks:
        - { task_key: a, python_wheel_task: { package_name: p, entry_point: a } }
        - { task_key: b, python_wheel_task: { package_name: p, entry_point: b } }
`);
const FAULTY = "/api/2.2/jobs/list";
let workspace: Workspace;
beforeAll(async () => {
  workspace = await startWorkspace(folders, {
    clock: { ...systemClock, now: () => 0 }, // the second of the rate limits never ends
    limits: {
      ...limits,
      callsPerSecond: { ...limits.callsPerSecond, submit: 2, other: 1000 },
    },
    openSpark: () => Promise.resolve(new ManualCompute()),
    faults: plannedFaults([
      { service: "databricks", path: FAULTY, action: "refuse", status: 503 },
      { service: "databricks", path: "run-now$", skip: 2, action: "lose" },
    ]),
  });
});
afterAll(async () => {
  await workspace.stop();
  folders.remove();
});

const RUN_NOW = "/api/2.2/jobs/run-now";
const error = (code: string, message: string | RegExp) => ({
  error_code: code,
  message:
    typeof message === "string"
      ? message
      : (expect.stringMatching(message) as unknown),
});

test("a refused call answers before any work, a lost answer after it", async () => {
  expect((await workspace.call("GET", FAULTY)).status).toBe(503);
  const body = { job_id: jobIdOf("one"), idempotency_token: "lost" };
  await workspace.call("POST", RUN_NOW, { job_id: 1 });
  await workspace.call("POST", RUN_NOW, { job_id: 1 });
  await expect(workspace.call("POST", RUN_NOW, body)).rejects.toThrow();
  const runs = await workspace.call("GET", "/api/2.2/jobs/runs/list");
  const [run] = runs.body["runs"] as { run_id: number }[];
  const again = await workspace.call("POST", RUN_NOW, body);
  expect(again.body["run_id"]).toBe(run?.run_id);
});

test("no token is 401, a token that is not ours or for another audience is 403", async () => {
  const path = `${workspace.host}/api/2.2/jobs/list`;
  const bare = await fetch(path);
  expect(bare.status).toBe(401);
  expect(await bare.json()).toEqual(
    error("UNAUTHENTICATED", /^Credential was not sent/),
  );
  const storage = await tokenAuthority(folders.stateDir).issue(
    "https://storage.azure.com",
    { objectId: "x" },
  );
  for (const token of ["nonsense", storage.token]) {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(path, { headers });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toEqual(
      error("PERMISSION_DENIED", "Invalid access token."),
    );
  }
});

test.each([
  [
    "an unknown job",
    "GET",
    "jobs/get?job_id=7",
    undefined,
    400,
    error("INVALID_PARAMETER_VALUE", "Job 7 does not exist."),
  ],
  [
    "a run of an unknown job",
    "POST",
    "jobs/run-now",
    { job_id: 7 },
    400,
    error("INVALID_PARAMETER_VALUE", "Job 7 does not exist."),
  ],
  [
    "an unknown run",
    "GET",
    "jobs/runs/get?run_id=7",
    undefined,
    400,
    error("INVALID_PARAMETER_VALUE", "Run 7 does not exist."),
  ],
  [
    "a missing id",
    "POST",
    "jobs/run-now",
    {},
    400,
    error("INVALID_PARAMETER_VALUE", /job_id/),
  ],
  [
    "a token of 65 characters",
    "POST",
    "jobs/run-now",
    { job_id: jobIdOf("one"), idempotency_token: "x".repeat(65) },
    400,
    error("INVALID_PARAMETER_VALUE", /64/),
  ],
  [
    "parameters of another kind of task",
    "POST",
    "jobs/run-now",
    { job_id: jobIdOf("one"), notebook_params: {} },
    400,
    error("INVALID_PARAMETER_VALUE", /notebook_params/),
  ],
  [
    "another kind of task",
    "POST",
    "jobs/runs/submit",
    { tasks: [{ task_key: "a", notebook_task: { notebook_path: "/x" } }] },
    400,
    error("INVALID_PARAMETER_VALUE", /notebook_task does not run/),
  ],
  [
    "a page that is too large",
    "GET",
    "jobs/runs/list?limit=25",
    undefined,
    400,
    error("INVALID_PARAMETER_VALUE", /between 1 and 24/),
  ],
  [
    "active and completed at once",
    "GET",
    "jobs/runs/list?active_only=true&completed_only=true",
    undefined,
    400,
    error("INVALID_PARAMETER_VALUE", /Only one/),
  ],
  [
    "making a job",
    "POST",
    "jobs/create",
    {},
    501,
    error("NOT_IMPLEMENTED", /bundle/),
  ],
  [
    "an unknown call",
    "GET",
    "nothing",
    undefined,
    404,
    error("ENDPOINT_NOT_FOUND", "No API found for 'GET /api/2.2/nothing'"),
  ],
])("%s is refused in Databricks' form", async (_, method, path, body, status, expected) => {
  const answer = await workspace.call(method, `/api/2.2/${path}`, body);
  expect(answer).toEqual({ status, body: expected });
});

test("the app takes a missing job and a missing run for what they are", async () => {
  const refusal = async (method: string, path: string, body?: object) => {
    const answer = await workspace.call(method, `/api/2.2/${path}`, body);
    const text = JSON.stringify(answer.body);
    return new DatabricksRefusal(path, text, { status: answer.status });
  };
  const noJob = await refusal("POST", "jobs/run-now", { job_id: 7 });
  const noRun = await refusal("GET", "jobs/runs/get?run_id=7");
  expect([isJobGone(noJob), isTokenSpent(noJob)]).toEqual([true, false]);
  expect([isRunGone(noRun), isJobGone(noRun)]).toEqual([true, false]);
});

test("a body that is not JSON is a malformed request", async () => {
  const answer = await fetch(workspace.host + RUN_NOW, {
    method: "POST",
    headers: { authorization: `Bearer ${workspace.token}` },
    body: "{",
  });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toEqual(
    error("MALFORMED_REQUEST", /^Could not parse/),
  );
});

test("the output of a run with several tasks is asked for by task", async () => {
  const started = await workspace.call("POST", RUN_NOW, {
    job_id: jobIdOf("two"),
  });
  const path = "/api/2.2/jobs/runs/get-output?run_id=";
  const answer = await workspace.call("GET", path + String(started.body["run_id"]));
  expect(answer.status).toBe(400);
  expect(answer.body).toEqual(
    error("INVALID_PARAMETER_VALUE", /multiple tasks is not supported/),
  );
});

test("calls over the rate limit are 429, which the SDKs retry", async () => {
  const submit = () => workspace.call("POST", "/api/2.2/jobs/runs/submit", {});
  const statuses: number[] = [];
  for (let call = 0; call < 4; call += 1) statuses.push((await submit()).status);
  expect(statuses.at(-1)).toBe(429);
  expect((await submit()).body).toEqual(
    error("REQUEST_LIMIT_EXCEEDED", /Rate limit exceeded/),
  );
});

test("statements are checked before they are run", async () => {
  const path = "/api/2.0/sql/statements";
  const execute = (more: object) =>
    workspace.call("POST", path, {
      warehouse_id: "local",
      statement: "SELECT 1",
      ...more,
    });
  expect((await execute({ warehouse_id: "other" })).status).toBe(404);
  expect((await execute({ disposition: "EXTERNAL_LINKS" })).status).toBe(400);
  expect((await execute({ wait_timeout: "3s" })).status).toBe(400);
  expect((await workspace.call("GET", `${path}/none`)).status).toBe(404);
});
