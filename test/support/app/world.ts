import type { EventHubs } from "../../../src/adapters/eventHubs/index.ts";
import type {
  JobRuns,
  JobRunState,
} from "../../../src/adapters/databricks/index.ts";
import { digestOf } from "../../../src/domain/canonical.ts";
import type { Definition } from "../../../src/domain/definition.ts";
import type { PartitionPosition } from "../../../src/domain/slices.ts";
import { createCaches } from "../../../src/ledger/caches.ts";
import type { Pipelines } from "../../../src/pipelines/load.ts";
import type { AppContext } from "../../../src/context.ts";
import type { Fields, Log } from "../../../src/telemetry/events.ts";
import { memoryLake, type MemoryLake } from "./memoryLake.ts";
import { memoryStore, type MemoryStore } from "./memoryStore.ts";

export const START = Date.parse("2026-01-01T00:00:00Z");

const aGoldTable = (name: string, key: string[]) => ({
  file: `gold/${name}.sql`,
  mode: "full" as const,
  onUnusableKey: "refuse" as const,
  key,
  sql: "SELECT 1",
  reads: [],
});

/** Any definition; the digest that is asked for, or that of its content. */
export function aDefinition(more: Partial<Definition> = {}): Definition {
  const definition: Definition = {
    version: 3,
    pipeline: "flights",
    digest: "",
    sources: {
      flights: {
        kind: "hub",
        input: "stream",
        stream: "hub/flights",
        hub: "flights",
        consumerGroup: "assay",
        contiguous: true,
        contract: {},
      },
      airports: {
        kind: "landing",
        input: "files",
        folder: "airports",
        trigger: "blob",
        format: { kind: "ndjson" },
        onRedrop: "replace",
        contract: {},
      },
    },
    gold: {
      airport_delays: aGoldTable("airport_delays", ["airport", "day"]),
      routes: aGoldTable("routes", ["route"]),
    },
    goldOrder: ["airport_delays", "routes"],
    sinks: {
      cosmos: {
        kind: "cosmos",
        tables: ["airport_delays", "routes"],
        settings: {},
      },
    },
    batching: {
      quietForSeconds: 3,
      atMostSeconds: 300,
      maxEvents: 1000,
      maxFiles: 10,
    },
    ...more,
  };
  return { ...definition, digest: more.digest ?? digestOf(definition) };
}

export function pipelinesOf(...definitions: Definition[]): Pipelines {
  return {
    definitions: new Map(definitions.map((each) => [each.pipeline, each])),
    texts: new Map(
      definitions.map((each) => [each.pipeline, JSON.stringify(each)]),
    ),
    disabled: new Map(),
    disabledSources: [],
  };
}

/** A hub whose positions a test sets. */
export interface MemoryHub extends EventHubs {
  createdOn: string;
  positionsNow: PartitionPosition[];
}

export function memoryHub(): MemoryHub {
  return {
    createdOn: "2025-12-31T00:00:00.000Z",
    positionsNow: [{ partition: "0", begin: 0, last: -1 }],
    generation(hub) {
      const partitions = this.positionsNow.map(({ partition }) => partition);
      const { createdOn } = this;
      return Promise.resolve({ namespace: "ns", hub, createdOn, partitions });
    },
    positions() {
      return Promise.resolve(this.positionsNow);
    },
  };
}

/** Databricks: a token starts one run; a test says what becomes of it. */
export interface MemoryJobs extends JobRuns {
  readonly tokens: string[];
  readonly parameters: Readonly<Record<string, string>>[];
  ending: (runId: number) => JobRunState;
}

export function memoryJobs(): MemoryJobs {
  const tokens: string[] = [];
  const parameters: Readonly<Record<string, string>>[] = [];
  return {
    tokens,
    parameters,
    ending: (runId) => ({
      hasEnded: true,
      runId,
      hasSucceeded: true,
      fault: "code",
      message: "",
      seconds: 6,
    }),
    start(token, given) {
      if (!tokens.includes(token)) {
        tokens.push(token);
        parameters.push(given);
      }
      return Promise.resolve(tokens.indexOf(token) + 1);
    },
    check(runId) {
      return Promise.resolve(this.ending(runId));
    },
  };
}

export interface World extends AppContext {
  readonly lake: MemoryLake;
  readonly hubs: MemoryHub;
  readonly jobs: MemoryJobs;
  readonly store: MemoryStore;
  readonly log: Log;
  readonly logged: { event: string; fields: Fields }[];
  /** Milliseconds. */
  clock: { now: number };
}

/** Everything that the app talks to, in memory. */
export function aWorld(
  more: { pipelines?: Pipelines; lake?: MemoryLake } = {},
): World {
  const clock = { now: START };
  const now = (): number => clock.now;
  const logged: World["logged"] = [];
  return {
    config: {
      eventHubs: { namespace: "ns" },
      lake: { blobUrl: "", dfsUrl: "", container: "lake", settleSeconds: 2 },
      cosmos: { endpoint: "", database: "assay" },
      databricks: { host: "", jobName: "process_batch" },
      identity: {},
      sinkSetting: () => undefined,
      mistakes: [],
    },
    pipelines: more.pipelines ?? pipelinesOf(aDefinition()),
    lake: more.lake ?? memoryLake(now),
    hubs: memoryHub(),
    jobs: memoryJobs(),
    store: memoryStore(),
    watchers: { start: () => Promise.resolve({ outcome: "started" }) },
    deliveries: { start: () => Promise.resolve({ outcome: "started" }) },
    webhooks: { post: () => Promise.resolve(204) },
    caches: createCaches(),
    now,
    clock,
    logged,
    log: (_level, event, fields) => void logged.push({ event, fields }),
  };
}
