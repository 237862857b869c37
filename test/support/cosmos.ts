import { mkdtempSync, rmSync } from "node:fs";
import { Agent } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CosmosClient,
  type Container,
  type CosmosClientOptions,
  type OperationInput,
  type OperationResponse,
  type PatchOperation,
} from "@azure/cosmos";
import type {
  Provision,
  RunningService,
  ServiceContext,
} from "../../local/src/service.ts";
import { cosmos } from "../../local/src/services/cosmos/index.ts";
import { ManualClock, type Clock } from "../../local/src/shared/clock.ts";
import { noFaults, type Faults } from "../../local/src/shared/faults.ts";
import { sharedKey } from "../../local/src/shared/keys.ts";
import { silent } from "../../local/src/shared/log.ts";
import { ensureCertificate } from "../../local/src/shared/tls.ts";
import { tokenAuthority } from "../../local/src/shared/tokens.ts";
import type { Witness } from "../../local/src/shared/witness.ts";
import { freePort } from "./freePort.ts";

/** The SDK reads `aadScope` too, but does not declare it. */
type ClientOptions = Partial<CosmosClientOptions> & { aadScope?: string };

/** The service moves too; the SDK's types do not know it. */
export type AnyPatchOperation =
  PatchOperation | { readonly op: "move"; from: string; path: string };

export interface LocalCosmos {
  readonly stateDir: string;
  readonly endpoint: string;
  readonly clock: ManualClock;
  /** A client with the account's key: it may do everything. */
  withKey(options?: ClientOptions): CosmosClient;
  /** A client with an Entra token, as the application has it. */
  withToken(options?: ClientOptions): CosmosClient;
  /** A fresh container, partitioned by `/partition` where nothing else is said. */
  aContainer(
    definition?: Record<string, unknown>,
    client?: CosmosClient,
  ): Promise<Container>;
  /** Stops the server and starts another on the same state and port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

interface Options {
  readonly faults?: Faults;
  readonly clock?: ManualClock;
  readonly provision?: Provision["cosmos"];
  readonly witness?: Witness;
}

export async function startCosmos(options: Options = {}): Promise<LocalCosmos> {
  const stateDir = mkdtempSync(join(tmpdir(), "assay-cosmos-"));
  const clock = options.clock ?? new ManualClock();
  const faults = options.faults ?? noFaults;
  const context = await cosmosContext(
    stateDir,
    clock,
    faults,
    options.provision,
  );
  const port = await freePort();
  const { witness } = options;
  const started = { ...context, port: () => port, ...(witness && { witness }) };
  let running: RunningService = await cosmos.start(started);
  const endpoint = `https://127.0.0.1:${String(port)}/`;
  const agent = new Agent({ keepAlive: true, ca: context.tls.cert });
  const clients: CosmosClient[] = [];
  let containers = 0;

  const client = (own: ClientOptions): CosmosClient => {
    const made = new CosmosClient({ endpoint, agent, ...own });
    clients.push(made);
    return made;
  };

  const withKey: LocalCosmos["withKey"] = (own = {}) =>
    client({ key: sharedKey(stateDir), ...own });

  return {
    stateDir,
    endpoint,
    clock,
    withKey,
    withToken: (own = {}) =>
      client({
        aadCredentials: {
          async getToken(scopes) {
            const [scope = ""] = [scopes].flat();
            const audience = scope.replace(/\/\.default$/, "");
            const { token, expiresOn } = await context.tokens.issue(audience, {
              objectId: "the-app",
            });
            return { token, expiresOnTimestamp: expiresOn * 1000 };
          },
        },
        ...own,
      }),
    async aContainer(definition = {}, by = withKey()) {
      const { database } = await by.databases.createIfNotExists({ id: "test" });
      containers += 1;
      const { container } = await database.containers.create({
        id: `container${String(containers)}`,
        partitionKey: { paths: ["/partition"] },
        ...definition,
      });
      return container;
    },
    async restart() {
      // A kept connection would meet the stopping server.
      agent.destroy();
      await running.stop();
      running = await cosmos.start(started);
    },
    async stop() {
      for (const made of clients) made.dispose();
      agent.destroy();
      await running.stop();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}

/** A context on a state folder; its `port` lets the system choose. */
export async function cosmosContext(
  stateDir: string,
  clock: Clock,
  faults: Faults = noFaults,
  provision: Provision["cosmos"] = { database: "test", containers: [] },
): Promise<ServiceContext> {
  return {
    stateDir,
    toolsDir: "",
    projectDir: "",
    provision: {
      version: 1,
      hubs: [],
      databricks: { schemas: [] },
      lake: { container: "lake", folders: [], queues: [], subscriptions: [] },
      cosmos: provision,
      settings: [],
      schedules: [],
    },
    tls: await ensureCertificate(join(stateDir, "tls")),
    tokens: tokenAuthority(stateDir),
    clock,
    faults,
    log: silent,
    port: () => 0,
  };
}

/** Bulk operations in exactly one request: `executeBulkOperations` gathers for a second, and retries. */
export async function inOneRequest(
  container: Container,
  operations: OperationInput[],
  ...options: [{ continueOnError?: boolean }?, object?]
): Promise<OperationResponse[]> {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- The wire form is in use and has to work.
  return container.items.bulk(operations, ...options);
}

/** The HTTP status of what a client's call throws. */
export async function statusOf(call: Promise<unknown>): Promise<number> {
  try {
    await call;
  } catch (error) {
    const { code } = error as { code?: number };
    if (typeof code === "number") return code;
    throw error;
  }
  throw new Error("The call was expected to be refused.");
}
