import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { databricksClient } from "../../../src/adapters/databricks/client.ts";
import {
  jobRunsOver,
  stateOf,
} from "../../../src/adapters/databricks/operations.ts";
import { aWorld } from "../../support/app/world.ts";

let server: Server;
afterEach(() => new Promise((resolve) => server.close(resolve)));

/** A workspace that gives these answers in turn. */
async function workspace(
  ...answers: {
    status: number;
    body?: object;
    headers?: Record<string, string>;
  }[]
) {
  const seen: string[] = [];
  server = createServer((request, response) => {
    const { status = 200, body = {}, headers = {} } = answers.shift() ?? {};
    seen.push(
      `${request.method} ${request.url} ${request.headers.authorization}`,
    );
    response
      .writeHead(status, { connection: "close", ...headers })
      .end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const config = {
    ...aWorld().config,
    databricks: {
      host: `http://127.0.0.1:${port}/`,
      jobName: JOB_NAME,
    },
  };
  const credential = {
    getToken: (scope: string) =>
      Promise.resolve({ token: scope.slice(0, 8), expiresOnTimestamp: 0 }),
  };
  return {
    jobs: jobRunsOver(
      () => config.databricks.jobName,
      databricksClient(config, () => Promise.resolve(credential)),
    ),
    seen,
  };
}

const JOB_NAME = "[dev jane] process_batch";

/** A page of `jobs/list`. */
const page = (jobs: Readonly<Record<number, string>>, next?: string) => ({
  status: 200,
  body: {
    jobs: Object.entries(jobs).map(([id, name]) => ({
      job_id: Number(id),
      settings: { name },
    })),
    ...(next === undefined ? {} : { next_page_token: next }),
  },
});

/** What `jobs/list` answers for the one job. */
const listed = (id = 5) => page({ [id]: JOB_NAME });

test("a throttled request is repeated when the workspace says", async () => {
  const { jobs, seen } = await workspace(
    listed(),
    { status: 429, headers: { "retry-after": "0" } },
    { status: 503, headers: { "retry-after": "0" } },
    { status: 200, body: { run_id: 12 } },
  );
  expect(await jobs.start("token", {})).toBe(12);
  expect(seen.slice(1)).toEqual(
    new Array(3).fill("POST /api/2.2/jobs/run-now Bearer 2ff814a6"),
  );
});

test("a refusal is told with what the workspace answered", async () => {
  const { jobs } = await workspace({
    status: 403,
    body: { message: "no permission" },
  });
  await expect(jobs.check(3)).rejects.toThrow(
    /DATABRICKS_REFUSED.*403.*no permission/,
  );
});

const failedRun = {
  state: { life_cycle_state: "INTERNAL_ERROR", result_state: "FAILED" },
  status: {
    termination_details: {
      code: "RUN_EXECUTION_ERROR",
      message: "Workload failed.",
    },
  },
  tasks: [
    { run_id: 31, state: { result_state: "SUCCESS" } },
    { run_id: 32, state: { result_state: "FAILED" } },
  ],
};

test("of a failed run the failed task's own error is told", async () => {
  const { jobs, seen } = await workspace(
    { status: 200, body: failedRun },
    { status: 200, body: { error: "ValueError: no such column" } },
  );
  expect(await jobs.check(3)).toMatchObject({
    hasSucceeded: false,
    message: "ValueError: no such column",
  });
  expect(seen[1]).toMatch(/get-output\?run_id=32 /);
});

test("a failed run whose output is no longer kept is told by the run's own words", async () => {
  const { jobs } = await workspace(
    { status: 200, body: failedRun },
    { status: 400, body: { message: "gone" } },
  );
  expect(await jobs.check(3)).toMatchObject({ message: "Workload failed." });
});

test("a failed task's run ends as INTERNAL_ERROR, and is its code's fault all the same", async () => {
  const { jobs } = await workspace({ status: 200, body: {} });
  expect(await jobs.check(3)).toEqual({ hasEnded: false });
  const failed = stateOf(3, {
    state: { life_cycle_state: "INTERNAL_ERROR", result_state: "FAILED" },
    status: {
      termination_details: {
        code: "RUN_EXECUTION_ERROR",
        message: "Workload failed.",
      },
    },
    run_page_url: "https://run/3",
    start_time: 1000,
    end_time: 4500,
  });
  expect(failed).toEqual({
    hasEnded: true,
    runId: 3,
    hasSucceeded: false,
    fault: "code",
    message: "Workload failed.",
    runPageUrl: "https://run/3",
    seconds: 3.5,
  });
  const lost = {
    state: { life_cycle_state: "INTERNAL_ERROR" },
    status: { termination_details: { code: "CLUSTER_ERROR" } },
  };
  expect(stateOf(3, lost)).toMatchObject({
    hasSucceeded: false,
    fault: "platform",
  });
});

const refusals = {
  gone: {
    error_code: "INVALID_PARAMETER_VALUE",
    message: "Run 3 does not exist.",
  },
  missing: { error_code: "RESOURCE_DOES_NOT_EXIST", message: "Run 3." },
  spent: {
    error_code: "INVALID_PARAMETER_VALUE",
    message: "The run 3 of this idempotency token has been deleted.",
  },
  noJob: {
    error_code: "INVALID_PARAMETER_VALUE",
    message: "Job 5 does not exist.",
  },
  noPage: { error_code: "ENDPOINT_NOT_FOUND", message: "No API found." },
  hidden: {
    error_code: "PERMISSION_DENIED",
    message: "assay does not have View permissions on 5.",
  },
};

test.each([
  [400, refusals.gone],
  [404, refusals.missing],
])(
  "a run that was deleted (%i) has ended by the platform's fault",
  async (status, body) => {
    const { jobs } = await workspace({ status, body });
    expect(await jobs.check(3)).toMatchObject({
      hasEnded: true,
      hasSucceeded: false,
      fault: "platform",
      message: "The run 3, or its job, was deleted in Databricks.",
    });
  },
);

test("a run that is hidden from who sees the job was deleted with its job", async () => {
  const { jobs } = await workspace(
    { status: 403, body: refusals.hidden },
    listed(6),
  );
  expect(await jobs.check(3)).toMatchObject({
    ...{ hasEnded: true, hasSucceeded: false, fault: "platform" },
  });
});

test("a run that is hidden together with the job may go on: it has not ended", async () => {
  const { jobs, seen } = await workspace(
    { status: 403, body: refusals.hidden },
    { status: 200, body: {} },
  );
  await expect(jobs.check(3)).rejects.toThrow(/DATABRICKS_REFUSED.*403/);
  expect(seen).toHaveLength(2);
});

test("an address that is wrong is not taken for a run that was deleted", async () => {
  const { jobs } = await workspace({ status: 404, body: refusals.noPage });
  await expect(jobs.check(3)).rejects.toMatchObject({
    code: "DATABRICKS_REFUSED",
  });
});

test("a token whose run was deleted starts none, and a job that is missing is not taken for that", async () => {
  const { jobs } = await workspace(
    listed(),
    { status: 400, body: refusals.spent },
    { status: 400, body: refusals.noJob },
    listed(),
    { status: 400, body: refusals.noJob },
  );
  expect(await jobs.start("token", {})).toBeUndefined();
  await expect(jobs.start("token", {})).rejects.toThrow(/Job 5/);
});

test("a run that was stopped by its time-out or a person says nothing against the code", () => {
  for (const result_state of ["TIMEDOUT", "CANCELED"])
    expect(
      stateOf(3, {
        state: { life_cycle_state: "TERMINATED", result_state },
        status: { termination_details: { code: "RUN_EXECUTION_ERROR" } },
      }),
    ).toMatchObject({ hasSucceeded: false, fault: "platform" });
});

const LIST = "GET /api/2.2/jobs/list?name=%5Bdev+jane%5D+process_batch";

const RUN_NOW = "POST /api/2.2/jobs/run-now";
const callsOf = (seen: readonly string[]) =>
  seen.map((line) => line.split(" Bearer")[0]);

test.each([
  [400, refusals.noJob],
  [404, refusals.missing],
  [403, refusals.hidden],
])(
  "the job is looked up by its name once, and again when it is gone (%i)",
  async (status, body) => {
    const { jobs, seen } = await workspace(
      listed(),
      { status: 200, body: { run_id: 12 } },
      { status: 200, body: { run_id: 13 } },
      { status, body },
      listed(6),
      { status: 200, body: { run_id: 14 } },
    );
    expect(await jobs.start("a", {})).toBe(12);
    expect(await jobs.start("b", {})).toBe(13);
    expect(await jobs.start("c", {})).toBe(14);
    expect(callsOf(seen)).toEqual([
      LIST,
      RUN_NOW,
      RUN_NOW,
      RUN_NOW,
      LIST,
      RUN_NOW,
    ]);
  },
);

test("a right that is lost is told as the workspace told it, and looked for at the next call", async () => {
  const { jobs, seen } = await workspace(
    listed(),
    { status: 200, body: { run_id: 12 } },
    { status: 403, body: refusals.hidden },
    listed(),
    { status: 200, body: { run_id: 13 } },
  );
  expect(await jobs.start("a", {})).toBe(12);
  await expect(jobs.start("b", {})).rejects.toThrow(
    /DATABRICKS_REFUSED.*403.*View permissions on 5/,
  );
  expect(await jobs.start("b", {})).toBe(13);
  expect(callsOf(seen)).toEqual([LIST, RUN_NOW, RUN_NOW, LIST, RUN_NOW]);
});

test("a job whose name differs in letter case is another, whichever page it is on", async () => {
  const other = "[dev JANE] process_batch";
  const { jobs, seen } = await workspace(
    page({ 4: other, 8: "process_batch" }, "more"),
    page({ 5: JOB_NAME }),
    { status: 200, body: { run_id: 12 } },
  );
  expect(await jobs.start("a", {})).toBe(12);
  expect(callsOf(seen)).toEqual([LIST, `${LIST}&page_token=more`, RUN_NOW]);
  server.close();
  const alone = await workspace(page({ 4: other }));
  await expect(alone.jobs.start("a", {})).rejects.toThrow(/JOB_NOT_FOUND/);
});

test("a job that is not there, or there twice, is told by its name, and looked up again", async () => {
  const { jobs } = await workspace(
    { status: 200, body: {} },
    page({ 5: JOB_NAME, 6: JOB_NAME }),
    listed(),
    { status: 200, body: { run_id: 12 } },
  );
  await expect(jobs.start("a", {})).rejects.toThrow(
    "JOB_NOT_FOUND: DATABRICKS_JOB_NAME: the workspace shows this app no job of the name '[dev jane] process_batch'.",
  );
  await expect(jobs.start("a", {})).rejects.toThrow(/several jobs.*: 5, 6\./);
  expect(await jobs.start("a", {})).toBe(12);
});

/** https://docs.databricks.com/api/azure/workspace/jobs/getrun, and one that it may get: the list is open. */
const OF_THE_PLATFORM = [
  ...["USER_CANCELED", "CANCELED", "SKIPPED", "INTERNAL_ERROR", "DRIVER_ERROR"],
  ...["CLUSTER_ERROR", "REPOSITORY_CHECKOUT_FAILED", "INVALID_CLUSTER_REQUEST"],
  ...["WORKSPACE_RUN_LIMIT_EXCEEDED", "FEATURE_DISABLED"],
  ...["CLUSTER_REQUEST_LIMIT_EXCEEDED", "STORAGE_ACCESS_ERROR"],
  ...["UNAUTHORIZED_ERROR", "LIBRARY_INSTALLATION_ERROR"],
  ...["MAX_CONCURRENT_RUNS_EXCEEDED", "MAX_SPARK_CONTEXTS_EXCEEDED"],
  ...["RESOURCE_NOT_FOUND", "INVALID_RUN_CONFIGURATION", "CLOUD_FAILURE"],
  ...["MAX_JOB_QUEUE_SIZE_EXCEEDED", "BUDGET_POLICY_LIMIT_EXCEEDED"],
  ...["DISABLED", "BREAKING_CHANGE", "ONE_THAT_COMES_LATER"],
];

test.each([
  ...OF_THE_PLATFORM.map((code) => [code, "platform"] as const),
  ["RUN_EXECUTION_ERROR", "code"] as const,
  ["SUCCESS_WITH_FAILURES", "code"] as const,
])("a run that ends by %s is the fault of the %s", (code, fault) => {
  const run = {
    state: { life_cycle_state: "INTERNAL_ERROR", result_state: "FAILED" },
    status: { termination_details: { code } },
  };
  expect(stateOf(3, run)).toMatchObject({ hasSucceeded: false, fault });
});
