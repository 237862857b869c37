import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { RunningService, Service, ServiceContext } from "../../service.ts";
import type { Log } from "../../shared/log.ts";
import { close, listen } from "../../shared/listen.ts";
import { readBundle } from "./bundle/bundle.ts";
import { jobIdOf } from "./jobs/ids.ts";
import { type Limits, limits } from "./limits.ts";
import { forgetOldRuns } from "./operations/runs.ts";
import type { Job, Workspace } from "./operations/workspace.ts";
import { Engine } from "./runs/engine.ts";
import { workspaceServer } from "./server.ts";
import { type Compute, Spark } from "./spark/spark.ts";
import type { SupervisorOptions } from "./spark/process.ts";
import { RunStore } from "./state.ts";
import { Statements } from "./statements/statements.ts";

export { jobIdOf } from "./jobs/ids.ts";
export { warehouseId } from "./operations/statements.ts";
export { AUDIENCE } from "./server.ts";

export interface DatabricksSettings {
  readonly driverMemory: string;
  readonly cores: number;
  /** A throw-away table and MERGE once Spark is up, so that the first batch is faster. */
  readonly warmUp: boolean;
  readonly limits: Limits;
  /** More folders of Python packages, for tests: the wheels of the bundle are installed. */
  readonly pythonPath: readonly string[];
  readonly openSpark: (options: SupervisorOptions, log: Log) => Promise<Compute>;
}

const usual: DatabricksSettings = {
  driverMemory: "3g",
  cores: 2,
  warmUp: true,
  limits,
  pythonPath: [],
  openSpark: (options, log) => Spark.open(options, log),
};

/** The catalog of open-source Spark: a laptop has one, and it has this name. */
const CATALOG = "spark_catalog";

export function databricksWith(
  changes: Partial<DatabricksSettings>,
): Service {
  const settings = { ...usual, ...changes };
  return {
    name: "databricks",
    endpoints: ["databricks", "spark"],
    start: (context) => start(context, settings),
  };
}

export const databricks: Service = databricksWith({});

async function start(
  context: ServiceContext,
  settings: DatabricksSettings,
): Promise<RunningService> {
  const { stateDir, projectDir, toolsDir, clock, log } = context;
  const jobs = jobsOf(projectDir, stateDir);
  // Spark takes such a folder of its warehouse for a schema when it starts.
  for (const schema of context.provision.databricks.schemas)
    mkdirSync(join(stateDir, "warehouse", `${schema}.db`), { recursive: true });
  const { cores, driverMemory, warmUp, pythonPath } = settings;
  // It is still starting when this returns: REST is up at once, and runs wait for it in PENDING.
  const spark = await settings.openSpark(
    {
      stateDir,
      toolsDir,
      port: context.port("spark"),
      cores,
      driverMemory,
      warmUp,
      pythonPath,
    },
    log,
  );
  const store = new RunStore(join(stateDir, "databricks", "runs.db"));
  const engine = new Engine({
    store,
    spark,
    clock,
    log,
    limits: settings.limits,
    logDir: join(stateDir, "logs", "jobs"),
  });
  const workspace: Workspace = {
    jobs,
    store,
    engine,
    statements: new Statements(spark, clock, settings.limits),
    limits: settings.limits,
    clock,
    startedAt: clock.now(),
  };
  forgetOldRuns(workspace);
  engine.resume();
  const server = workspaceServer(context, workspace);
  const stop = async (): Promise<void> => {
    await close(server);
    engine.close();
    workspace.statements.close();
    await spark.stop();
    store.close();
  };
  try {
    await listen(server, context.port("databricks"));
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}

/** The bundle's jobs for this laptop: the lake is a folder, and the catalog is Spark's own. */
function jobsOf(projectDir: string, stateDir: string): Map<number, Job> {
  const bundle = readBundle(projectDir, {
    root: join(stateDir, "lake"),
    catalog: CATALOG,
    // Readers other than Spark check the books here, and delta-rs reads no table that has them.
    deletion_vectors: "false",
  });
  return new Map(
    [...bundle].map(([key, settings]) => {
      const id = jobIdOf(key);
      return [id, { id, key, settings }];
    }),
  );
}
