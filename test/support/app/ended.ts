import { batchPaths, sinkPaths } from "../../../src/domain/paths.ts";
import type {
  Manifest,
  ProcessRecord,
  ProcessedTable,
  SinkHead,
} from "../../../src/domain/records.ts";
import type { World } from "./world.ts";

const INCARNATION = "20260101T000000000Z-abcdef";
const known = {
  version: 3,
  pipeline: "flights",
  incarnation: INCARNATION,
} as const;

/** A batch without input: its manifest is in the lake, nothing more. */
export function putManifest(
  world: World,
  batch: number,
  more: Partial<Manifest> = {},
): void {
  const manifest: Manifest = {
    ...known,
    batch,
    kind: "regular",
    definition: "d",
    createdAt: new Date(world.now()).toISOString(),
    slices: [],
    files: [],
    ends: {},
    reloads: [],
    requests: [],
    ...more,
  };
  world.lake.put(batchPaths("flights", batch).manifest, manifest);
}

/** A table of a processed batch, with this key and nothing changed. */
export const aTable = (...key: string[]): ProcessedTable => ({
  key,
  rows: 3,
  inserted: 0,
  updated: 1,
  deleted: 0,
  refused: {},
  changes: [],
});

type Account = ProcessRecord["sources"][string];

/** What became of the rows of a source in one batch: none, where nothing else is said. */
export const anAccount = (more: Partial<Account> = {}): Account => {
  const counts = { accepted: 0, duplicate: 0, quarantined: 0, late: 0 };
  const account = { ...counts, expired: 0, missing: 0, ...more };
  const { accepted, duplicate, quarantined, late, expired, missing } = account;
  return {
    received: accepted + duplicate + quarantined + late + expired + missing,
    newestEventAt: null,
    partitions: {},
    ...account,
  };
};

/** A batch that its job has ended: its tables, for these sinks, and the accounts of its sources. */
export function putProcessed(
  world: World,
  batch: number,
  tables: Readonly<Record<string, ProcessedTable>>,
  sinks: readonly string[] = ["cosmos"],
  sources: ProcessRecord["sources"] = {},
): void {
  putManifest(world, batch);
  const modes = Object.fromEntries(
    Object.keys(tables).map((table) => [table, "changes" as const]),
  );
  const process: ProcessRecord = {
    ...known,
    batch,
    definition: "d",
    sources,
    newestEventAt: {},
    tables,
    sinks: Object.fromEntries(sinks.map((sink) => [sink, { tables: modes }])),
  };
  world.lake.put(batchPaths("flights", batch).process, process);
}

export function putSkipped(world: World, batch: number): void {
  putManifest(world, batch);
  world.lake.put(batchPaths("flights", batch).skipped, {
    version: 3,
    batch,
    skippedAt: new Date(world.now()).toISOString(),
    request: "20260101T000000000Z-aaaaaa",
    sources: { flights: { received: 5, skipped: 5 } },
  });
}

/** The sink has delivered everything before `batch`. */
export function putHead(
  world: World,
  sink: string,
  batch: number,
  more: Partial<SinkHead> = {},
): void {
  const head: SinkHead = {
    version: 3,
    sink,
    kind: "cosmos",
    nextBatch: batch,
    deliveredParts: 0,
    refused: 0,
    updatedAt: new Date(world.now()).toISOString(),
    record: {},
    ...more,
  };
  world.lake.put(sinkPaths("flights", sink).head, head);
}

export const aBlock = (more: Partial<SinkHead["blocked"]> = {}) => ({
  code: "STORE_REFUSED",
  message: "no such container",
  fault: "theirs" as const,
  since: "2026-01-01T00:00:00.000Z",
  failedAt: "2026-01-01T00:00:00.000Z",
  retryAt: "2026-01-01T01:00:00.000Z",
  failures: 1,
  ...more,
});
