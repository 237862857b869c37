import { createStore, type Store } from "./adapters/cosmos/index.ts";
import { createJobRuns, type JobRuns } from "./adapters/databricks/index.ts";
import {
  createDeliveries,
  type Deliveries,
} from "./adapters/deliveries/index.ts";
import { createEventHubs, type EventHubs } from "./adapters/eventHubs/index.ts";
import { createIdentity } from "./adapters/identity/index.ts";
import { createLake, type Lake } from "./adapters/lake/index.ts";
import type { Starter } from "./adapters/startOrchestration.ts";
import { createWatchers, type Watchers } from "./adapters/watchers/index.ts";
import { createWebhooks, type Webhooks } from "./adapters/webhooks/index.ts";
import type { Config } from "./config.ts";
import { createCaches, type Caches } from "./ledger/caches.ts";
import type { Pipelines } from "./pipelines/load.ts";
import { silent } from "./telemetry/log.ts";
import type { Log } from "./telemetry/events.ts";

/** Everything outside that the app talks to, the log of the invocation, and what one process knows. A test passes its own. */
export interface AppContext {
  readonly config: Config;
  readonly pipelines: Pipelines;
  readonly lake: Lake;
  readonly hubs: EventHubs;
  readonly jobs: JobRuns;
  readonly store: Store;
  readonly watchers: Watchers;
  readonly deliveries: Deliveries;
  readonly webhooks: Webhooks;
  readonly caches: Caches;
  readonly now: () => number;
  /** Of the invocation; before one begins, nothing is logged. */
  readonly log: Log;
  /** Of the invocation, where its function has a durable client as an extra input. */
  readonly durable?: Starter;
}

/** No SDK is loaded and no connection is made before something is first asked of a port. */
export function createContext(
  config: Config,
  pipelines: Pipelines,
): AppContext {
  const identity = createIdentity(config);
  return {
    config,
    pipelines,
    lake: createLake(config, identity),
    hubs: createEventHubs(config, identity),
    jobs: createJobRuns(config, identity),
    store: createStore(config, identity),
    watchers: createWatchers(),
    deliveries: createDeliveries(),
    webhooks: createWebhooks(),
    caches: createCaches(),
    now: Date.now,
    log: silent,
  };
}
