import type { Lake, LakeFile } from "../../../src/adapters/lake/index.ts";
import type { Batching } from "../../../src/domain/definition.ts";
import { createCaches } from "../../../src/ledger/caches.ts";
import { memoryLake } from "../../../test/support/app/memoryLake.ts";
import {
  aDefinition,
  aWorld,
  pipelinesOf,
  type World,
} from "../../../test/support/app/world.ts";
import { Feed, type Rates } from "./feed.ts";

/** What was asked for of the lake and the hub. */
export interface Costs {
  calls: number;
  /** Of listings. */
  entries: number;
  /** Of listings and documents, as their JSON is sent, roughly. */
  bytes: number;
}

export interface ScaledWorld {
  readonly world: World;
  readonly feed: Feed;
  readonly costs: Costs;
  /** Bytes of the heap, the most that was seen. */
  readonly peakBytes: () => number;
}

/** Of an entry, beside its path: its time, ETag, size, owner and permissions. */
const ENTRY_BYTES = 200;
const BRONZE = /^bronze\/events\/[^/]+\/([^/]+)\/([^/]+)$/;
const SEQUENCE = /(\d{20})/;

/** The app over a generated hub and its bronze; what it writes itself is in memory. */
export function aScaledWorld(
  rates: Rates,
  batching: Partial<Batching> = {},
): ScaledWorld {
  const defaults = aDefinition().batching;
  const definition = aDefinition({
    batching: {
      ...defaults,
      maxEvents: 1_000_000,
      maxFiles: 1_000,
      ...batching,
    },
  });
  const world = aWorld({ pipelines: pipelinesOf(definition) });
  const inner = memoryLake(world.now, false);
  const feed = new Feed(rates, world.now);
  const costs: Costs = { calls: 0, entries: 0, bytes: 0 };
  let peak = 0;
  const listed = (files: LakeFile[]): LakeFile[] => {
    costs.entries += files.length;
    for (const { path } of files) costs.bytes += path.length + ENTRY_BYTES;
    return files;
  };
  const lake: typeof inner = {
    ...inner,
    list: async (folder) => listed(await inner.list(folder)),
    listSome: async (folder, most, from) => {
      const [, generation, partition] = BRONZE.exec(folder) ?? [];
      if (generation === undefined || partition === undefined)
        return listed(await inner.listSome(folder, most, from));
      const of = { stream: "hub/flights", generation, partition };
      const [first = "0"] = SEQUENCE.exec(from ?? "") ?? [];
      return listed(feed.list(of, Number(first), most));
    },
    read: async (path) => {
      const found = await inner.read(path);
      costs.bytes += found?.text.length ?? 0;
      return found;
    },
    replace: (path, content, etag) => {
      costs.bytes += content.length;
      return inner.replace(path, content, etag);
    },
    createOnce: (path, content, metadata) => {
      costs.bytes += content.length;
      return inner.createOnce(path, content, metadata);
    },
  };
  const scaled: World = {
    ...world,
    caches: createCaches(),
    lake: counted(lake, () => {
      costs.calls += 1;
      peak = Math.max(peak, process.memoryUsage().heapUsed);
    }),
    hubs: {
      ...world.hubs,
      generation: (hub) => {
        costs.calls += 1;
        const partitions = feed.positions().map(({ partition }) => partition);
        const { createdOn } = world.hubs;
        return Promise.resolve({ namespace: "ns", hub, createdOn, partitions });
      },
      positions: () => {
        const positions = feed.positions();
        // One for their names, and one for each.
        costs.calls += 1 + positions.length;
        return Promise.resolve(positions);
      },
    },
    log: () => undefined,
  };
  return { world: scaled, feed, costs, peakBytes: () => peak };
}

function counted<T extends Lake>(lake: T, count: () => void): T {
  return new Proxy(lake, {
    get(target, name, receiver) {
      const value: unknown = Reflect.get(target, name, receiver);
      if (typeof value !== "function") return value;
      return (...parameters: unknown[]): unknown => {
        count();
        return (value as (...given: unknown[]) => unknown)(...parameters);
      };
    },
  });
}
