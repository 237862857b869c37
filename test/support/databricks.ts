import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WorkspaceClient, type jobs } from "@databricks/sdk-experimental";
import type {
  RunningService,
  ServiceContext,
} from "../../local/src/service.ts";
import type { Clock } from "../../local/src/shared/clock.ts";
import { systemClock } from "../../local/src/shared/clock.ts";
import { type Faults, noFaults } from "../../local/src/shared/faults.ts";
import { silent } from "../../local/src/shared/log.ts";
import { tokenAuthority } from "../../local/src/shared/tokens.ts";
import type { Witness } from "../../local/src/shared/witness.ts";
import {
  AUDIENCE,
  type DatabricksSettings,
  databricksWith,
  jobIdOf,
} from "../../local/src/services/databricks/index.ts";
import { freePort } from "./freePort.ts";
import { until } from "./until.ts";

const checkout = join(import.meta.dirname, "../..");

/** The bundle of the tests: jobs over `test/support/python`. */
const BUNDLE = `
bundle: { name: sample }
include: [resources/*.yml]
variables:
  root: { default: /Volumes/main/assay }
  catalog: { default: main }
targets: { dev: { default: true } }
`;

export interface Folders {
  readonly stateDir: string;
  readonly projectDir: string;
}

/** A fresh state, and a checkout of its own with these jobs in its bundle. */
export function bundleWith(jobs: string): Folders & { remove(): void } {
  const dir = mkdtempSync(join(tmpdir(), "assay-databricks-"));
  const resources = join(dir, "project", "databricks", "resources");
  mkdirSync(resources, { recursive: true });
  writeFileSync(join(resources, "../databricks.yml"), BUNDLE);
  writeFileSync(join(resources, "jobs.yml"), jobs);
  return {
    stateDir: join(dir, "state"),
    projectDir: join(dir, "project"),
    remove: () => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }),
  };
}

export interface Workspace {
  readonly host: string;
  readonly token: string;
  readonly client: WorkspaceClient;
  readonly sparkPort: number;
  call(
    method: string,
    path: string,
    body?: object,
  ): Promise<{ status: number; body: Record<string, unknown> }>;
  stop(): Promise<void>;
}

export interface Options extends Partial<DatabricksSettings> {
  readonly faults?: Faults;
  readonly clock?: Clock;
  readonly witness?: Witness;
}

/** The context that a test gives the service. */
export async function contextOf(
  folders: Folders,
  { faults = noFaults, clock = systemClock, witness }: Options = {},
): Promise<ServiceContext> {
  const ports = new Map([
    ["databricks", await freePort()],
    ["spark", await freePort()],
  ]);
  return {
    stateDir: folders.stateDir,
    projectDir: folders.projectDir,
    toolsDir: join(checkout, ".assay", "tools"),
    provision: {
      version: 1,
      hubs: [],
      databricks: { schemas: [] },
      lake: { container: "lake", folders: [], queues: [], subscriptions: [] },
      cosmos: { database: "assay", containers: [] },
      settings: [],
      schedules: [],
    },
    tls: { cert: "", key: "" },
    tokens: tokenAuthority(folders.stateDir),
    clock,
    faults,
    log: silent,
    ...(witness && { witness }),
    port: (endpoint) => ports.get(endpoint) ?? 0,
  };
}

export const testSettings: Partial<DatabricksSettings> = {
  driverMemory: "2g",
  warmUp: false,
  pythonPath: [join(import.meta.dirname, "python")],
};

export async function startWorkspace(
  folders: Folders,
  options: Options = {},
): Promise<Workspace> {
  const context = await contextOf(folders, options);
  const service = databricksWith({ ...testSettings, ...options });
  const running: RunningService = await service.start(context);
  return reach(context, () => running.stop());
}

/** A workspace that is running already, seen from a client. */
export async function reach(
  context: ServiceContext,
  stop: () => Promise<void>,
): Promise<Workspace> {
  const host = `http://127.0.0.1:${context.port("databricks")}`;
  const { token } = await context.tokens.issue(AUDIENCE, { objectId: "test" });
  return {
    host,
    token,
    client: new WorkspaceClient({ host, token, authType: "pat" }),
    sparkPort: context.port("spark"),
    async call(method, path, body) {
      const response = await fetch(host + path, {
        method,
        headers: { authorization: `Bearer ${token}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return {
        status: response.status,
        body: (await response.json()) as Record<string, unknown>,
      };
    },
    stop,
  };
}

/** Starts a run of a job. */
export async function startJob(
  { client }: Workspace,
  key: string,
  parameters: Record<string, string> = {},
): Promise<number> {
  const { run_id: runId } = await client.jobs.runNow({
    job_id: jobIdOf(key),
    job_parameters: parameters,
  });
  return runId ?? 0;
}

/** The run, when it has ended. */
export const endOf = (
  { client }: Workspace,
  runId: number,
): Promise<jobs.Run> =>
  until(async () => {
    const run = await client.jobs.getRun({ run_id: runId });
    return run.status?.state === "TERMINATED" && run;
  }, `the end of run ${runId}`);

/** How often a table was committed to. */
export function commitsOf({ stateDir }: Folders, table: string): number {
  const [schema = "", name = ""] = table.split(".");
  const log = join(stateDir, "warehouse", `${schema}.db`, name, "_delta_log");
  return existsSync(log)
    ? readdirSync(log).filter((file) => /^\d+\.json$/.test(file)).length
    : 0;
}

/** Processes of this state's supervisor, Spark server and tasks: their command lines name its folder. */
export function processesOf(stateDir: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const line = commandLine(pid);
      const isOurs = /assay_local|spark\.deploy\.SparkSubmit/.test(line);
      return isOurs && line.includes(stateDir);
    });
}

/** The Spark server of this state. */
export function sparkPid(stateDir: string): number {
  const found = processesOf(stateDir).find((pid) =>
    commandLine(pid).includes("spark.deploy.SparkSubmit"),
  );
  if (found === undefined) throw new Error("There is no Spark server.");
  return found;
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return ""; // it ended between the listing and the look
  }
}
