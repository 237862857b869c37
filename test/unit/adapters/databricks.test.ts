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
    databricks: { host: `http://127.0.0.1:${port}/`, processBatchJobId: 5 },
  };
  const credential = {
    getToken: (scope: string) =>
      Promise.resolve({ token: scope.slice(0, 8), expiresOnTimestamp: 0 }),
  };
  return {
    jobs: jobRunsOver(
      5,
      databricksClient(config, () => Promise.resolve(credential)),
    ),
    seen,
  };
}

test("a throttled request is repeated when the workspace says", async () => {
  const { jobs, seen } = await workspace(
    { status: 429, headers: { "retry-after": "0" } },
    { status: 503, headers: { "retry-after": "0" } },
    { status: 200, body: { run_id: 12 } },
  );
  expect(await jobs.start("token", {})).toBe(12);
  expect(seen).toEqual(
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
      message: "The run 3 was deleted in Databricks.",
    });
  },
);

test("an address that is wrong is not taken for a run that was deleted", async () => {
  const { jobs } = await workspace({ status: 404, body: refusals.noPage });
  await expect(jobs.check(3)).rejects.toMatchObject({
    code: "DATABRICKS_REFUSED",
  });
});

test("a token whose run was deleted starts none, and a job that is missing is not taken for that", async () => {
  const { jobs } = await workspace(
    { status: 400, body: refusals.spent },
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
