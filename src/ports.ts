import { openStore, type Store } from "./adapters/cosmos/index.ts";
import { openJobRuns, type JobRuns } from "./adapters/databricks/index.ts";
import { openEventHubs, type EventHubs } from "./adapters/eventHubs/index.ts";
import { openIdentity } from "./adapters/identity/index.ts";
import { openLake, type Lake } from "./adapters/lake/index.ts";
import { openWatchers, type Watchers } from "./adapters/watchers/index.ts";
import type { Config } from "./config.ts";
import { openMemory, type Memory } from "./ledger/memory.ts";
import type { Pipelines } from "./pipelines/load.ts";

/** Everything outside that the app talks to, and what one process knows. A test passes its own. */
export interface Ports {
  readonly config: Config;
  readonly pipelines: Pipelines;
  readonly lake: Lake;
  readonly hubs: EventHubs;
  readonly jobs: JobRuns;
  readonly store: Store;
  readonly watchers: Watchers;
  readonly memory: Memory;
  readonly now: () => number;
}

/** No SDK is loaded and no connection is made before something is first asked of a port. */
export function openPorts(config: Config, pipelines: Pipelines): Ports {
  const identity = openIdentity(config);
  return {
    config,
    pipelines,
    lake: openLake(config, identity),
    hubs: openEventHubs(config, identity),
    jobs: openJobRuns(config, identity),
    store: openStore(config, identity),
    watchers: openWatchers(),
    memory: openMemory(),
    now: Date.now,
  };
}
