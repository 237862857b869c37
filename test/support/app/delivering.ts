import { deliveryIdOf } from "../../../src/adapters/deliveries/index.ts";
import type { Definition } from "../../../src/domain/definition.ts";
import type { Line } from "../../../src/domain/documents.ts";
import type { TableMode } from "../../../src/domain/parts.ts";
import {
  batchPaths,
  definitionPath,
  sinkPaths,
} from "../../../src/domain/paths.ts";
import type { ProcessRecord, SinkHead } from "../../../src/domain/records.ts";
import { createDeliver } from "../../../src/orchestrators/deliver.ts";
import { sinkActivities, sinkKinds } from "../../../src/sinks/index.ts";
import type { SinkKinds } from "../../../src/sinks/kind.ts";
import { hasEnded } from "../../../local/src/functionsHost/durable/instance.ts";
import { DurableBench, settled } from "../durable.ts";
import { deliverOn } from "./watching.ts";
import { aDefinition, type World } from "./world.ts";

export const INCARNATION = "20260101T000000000Z-abcdef";

export interface SealedBatch {
  readonly definition?: Definition;
  /** The lines of each part, by table. Where a table has a snapshot, these are its lines. */
  readonly parts?: Readonly<Record<string, readonly (readonly Line[])[]>>;
  /** Of all sinks alike; `changes` where nothing is said. */
  readonly modes?: Readonly<Record<string, TableMode>>;
}

/** Leaves in the lake what the job leaves at the end of a batch. */
export function sealBatch(
  world: World,
  batch: number,
  { definition = aDefinition(), parts = {}, modes = {} }: SealedBatch = {},
): void {
  const { pipeline, digest } = definition;
  const paths = batchPaths(pipeline, batch);
  const tables = Object.keys(definition.gold).map((table) => {
    const mode = modes[table] ?? "changes";
    const written = (parts[table] ?? []).map((lines, index) => {
      const folder = mode === "changes" ? "changes" : "snapshots";
      const path = `${paths.work}/1-00000001/${folder}/${table}/part-${index}.json`;
      world.lake.drop(
        path,
        lines.map((line) => `${JSON.stringify(line)}\n`).join(""),
      );
      return { path, rows: lines.length };
    });
    const rows = written.reduce((sum, part) => sum + part.rows, 0);
    const counts = {
      rows,
      inserted: rows,
      updated: 0,
      deleted: 0,
      refused: {},
    };
    const key = definition.gold[table]?.key ?? [];
    const lists =
      mode === "changes"
        ? { changes: written }
        : { changes: [], snapshot: written };
    return [table, { key, ...counts, ...lists }] as const;
  });
  const sinks = Object.entries(definition.sinks).map(
    ([sink, { tables: named }]) =>
      [
        sink,
        {
          tables: Object.fromEntries(
            named.map((table) => [table, modes[table] ?? "changes"] as const),
          ),
        },
      ] as const,
  );
  const process: ProcessRecord = {
    version: 3,
    pipeline,
    incarnation: INCARNATION,
    batch,
    definition: digest,
    sources: {},
    newestEventAt: {},
    tables: Object.fromEntries(tables),
    sinks: Object.fromEntries(sinks),
  };
  world.lake.put(definitionPath(pipeline, digest), definition);
  world.lake.put(paths.manifest, {
    version: 3,
    pipeline,
    incarnation: INCARNATION,
    batch,
    kind: "regular",
    definition: digest,
    createdAt: new Date(world.now()).toISOString(),
    slices: [],
    files: [],
    ends: {},
    reloads: [],
    requests: [],
  });
  world.lake.put(paths.process, process);
}

export const aRow = (day: string, more: object = {}): Line => ({
  op: "upsert",
  key: ["ORD", day],
  isNew: true,
  value: JSON.stringify({ airport: "ORD", day, flights: 3, ...more }),
});

export const headOf = (world: World, sink: string): SinkHead | null =>
  world.lake.json(sinkPaths("flights", sink).head) as SinkHead | null;

/** Puts a head where a sink begins. */
export function beginHead(
  world: World,
  sink: string,
  more: Partial<SinkHead> = {},
): void {
  const head: SinkHead = {
    version: 3,
    sink,
    kind: sink.startsWith("notify") ? "notify" : sink,
    nextBatch: 1,
    deliveredParts: 0,
    refused: 0,
    updatedAt: "2026-01-01T00:00:00.000Z",
    record: {},
    ...more,
  };
  world.lake.put(sinkPaths("flights", sink).head, head);
}

export interface DeliverOptions {
  readonly kinds?: SinkKinds;
  /** How often each activity runs, one after the other. */
  readonly times?: number;
  /** The activity after whose effect the engine is killed: its result is lost. */
  readonly killedAfter?: number;
}

/** The deliveries of a world on the local engine. Time is the engine's. */
export function deliverOver(
  world: World,
  { kinds = sinkKinds, times = 1, killedAfter }: DeliverOptions = {},
): DurableBench {
  let runs = 0;
  const activities = Object.entries(sinkActivities(world, kinds)).map(
    ([name, activity]) =>
      [
        name,
        async (input: unknown) => {
          let answer: unknown;
          for (let time = 0; time < times; time += 1)
            answer = await activity(input as never);
          runs += 1;
          if (runs === killedAfter) bench.killAndRestart();
          return answer;
        },
      ] as const,
  );
  const bench: DurableBench = new DurableBench({
    orchestrators: { deliver: createDeliver(kinds) },
    activities: Object.fromEntries(activities),
  });
  deliverOn(world, bench);
  Object.defineProperty(world.clock, "now", {
    get: () => bench.clock.now(),
    configurable: true,
  });
  return bench;
}

/** The deliveries of a test need no client: they start on its engine. */
const NO_CLIENT = {
  startNew: () => Promise.reject(new Error("There is no client.")),
};

const STEP_MS = 250;

/** Starts the delivery to a sink, and lets time pass until it and all that it started have ended. */
export async function deliverToTheEnd(
  world: World,
  bench: DurableBench,
  sink: string,
  mostSeconds = 600,
): Promise<string> {
  const id = deliveryIdOf("flights", sink);
  await world.deliveries.start(NO_CLIENT, "flights", sink);
  for (let passed = 0; passed < mostSeconds * 1000; passed += STEP_MS) {
    await settled();
    const running = bench.client
      .list({})
      .page.filter(({ status }) => !hasEnded(status));
    if (running.length === 0)
      return JSON.parse(String(bench.client.find(id).output)) as string;
    await bench.clock.advance(STEP_MS);
  }
  throw new Error(`The delivery to ${sink} has not ended.`);
}
