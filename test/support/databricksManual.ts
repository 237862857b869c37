import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { json } from "node:stream/consumers";
import { afterEach, beforeEach } from "@jest/globals";
import type { jobs } from "@databricks/sdk-experimental";
import { jobIdOf } from "../../local/src/services/databricks/index.ts";
import { ManualClock } from "../../local/src/shared/clock.ts";
import { type Workspace, bundleWith, startWorkspace } from "./databricks.ts";
import { ManualCompute } from "./databricksCompute.ts";
import { until } from "./until.ts";

const task = (key: string, more = ""): string =>
  `- { task_key: ${key}, python_wheel_task: { package_name: p, entry_point: ${key} }${more} }`;

const JOBS = `
resources:
  jobs:
    one: { max_concurrent_runs: 1, tasks: [ ${task("only").slice(2)} ] }
    unqueued: { max_concurrent_runs: 1, queue: { enabled: false }, tasks: [ ${task("only").slice(2)} ] }
    timed: { timeout_seconds: 60, tasks: [ ${task("only", ", disable_auto_optimization: true").slice(2)} ] }
    retried:
      tasks:
        ${task("flaky", ", max_retries: 1, min_retry_interval_millis: 5000")}
    impatient:
      tasks:
        ${task("slow", ", timeout_seconds: 10, max_retries: 1, retry_on_timeout: true")}
    graph:
      parameters: [ { name: who, default: nobody } ]
      tasks:
        ${task("left")}
        ${task("right")}
        ${task("both", ", depends_on: [ { task_key: left }, { task_key: right } ]")}
        ${task("cleanup", ", depends_on: [ { task_key: both } ], run_if: ALL_DONE")}
    chain:
      parameters: [ { name: who, default: nobody } ]
      tasks:
        ${task("first")}
        ${task("second", ", depends_on: [ { task_key: first } ]")}
`;

/** A fresh workspace for each test of a file, whose tasks end when the test says so and whose time is the test's. */
export class ManualWorkspace {
  compute = new ManualCompute();
  clock = new ManualClock();
  #workspace: Workspace | undefined;
  #folders: ReturnType<typeof bundleWith> | undefined;

  constructor() {
    beforeEach(async () => {
      this.#folders = bundleWith(JOBS);
      this.clock = new ManualClock();
      await this.open();
    });
    afterEach(async () => {
      await this.close();
      this.#folders?.remove();
    });
  }

  /** A call as few clients make it: with a body, whatever its method is. */
  async asks(
    method: string,
    path: string,
    body: object,
  ): Promise<Record<string, unknown>> {
    const { host, token } = this.#open;
    const content = Buffer.from(JSON.stringify(body));
    const sent = request(`${host}/api/2.2/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        // Node leaves it out of a GET.
        "content-length": content.length,
      },
    }).end(content);
    const [answer] = (await once(sent, "response")) as [IncomingMessage];
    return (await json(answer)) as Record<string, unknown>;
  }

  /** Starts the service on what the one before left. */
  async open(): Promise<void> {
    if (!this.#folders) throw new Error("There is no state yet.");
    const compute = new ManualCompute();
    this.compute = compute;
    this.#workspace = await startWorkspace(this.#folders, {
      clock: this.clock,
      openSpark: () => Promise.resolve(compute),
    });
  }

  async close(): Promise<void> {
    await this.#workspace?.stop();
    this.#workspace = undefined;
  }

  get call(): Workspace["call"] {
    return this.#open.call.bind(this.#open);
  }

  get jobs(): Workspace["client"]["jobs"] {
    return this.#open.client.jobs;
  }

  async start(key: string, more: Partial<jobs.RunNow> = {}): Promise<number> {
    const waiter = await this.jobs.runNow({ job_id: jobIdOf(key), ...more });
    return waiter.run_id ?? 0;
  }

  get(runId: number): Promise<jobs.Run> {
    return this.jobs.getRun({ run_id: runId, include_history: true });
  }

  /** Waits until exactly these entry points run. */
  running(...entryPoints: string[]): Promise<true> {
    const wanted = entryPoints.sort().join();
    const patienceMs = 5000;
    return until(
      () => this.compute.running.sort().join() === wanted,
      `${wanted} to run`,
      patienceMs,
    );
  }

  ended(runId: number): Promise<jobs.Run> {
    return until(async () => {
      const run = await this.get(runId);
      return run.status?.state === "TERMINATED" && run;
    }, "the end");
  }

  get #open(): Workspace {
    if (!this.#workspace) throw new Error("The workspace is closed.");
    return this.#workspace;
  }
}

/** The result of each task of a run. */
export const results = (run: jobs.Run): Record<string, string | undefined> =>
  Object.fromEntries(
    (run.tasks ?? []).map((one) => [one.task_key, one.state?.result_state]),
  );
