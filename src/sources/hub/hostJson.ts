import type { HostPart, WrittenEntry } from "../kind.ts";
import { provision } from "./provision.ts";
import type { HubYaml } from "./yaml.ts";

/**
 * What events may take of the smallest instance of Flex Consumption, 2 GB, in which one instance may own all partitions
 * of a hub. The rest is the host's and Node's.
 */
const EVENT_BYTES = 1280 * 1024 * 1024;
/** A batch is there four times: in the host, in its message to Node, in Node, and as the file that is written. */
const COPIES = 4;
/** What a partition fetches ahead, at most. */
const MOST_PREFETCH_BYTES = 16 * 1024 * 1024;
/** Larger batches make hardly fewer files, and a file has 4,096 events at most. */
const MOST_EVENTS = 2048;
/** Enough for at most a thousand files per million events, where they come fast enough. */
const ENOUGH_EVENTS = 1024;

type Entry = WrittenEntry<HubYaml>;

/**
 * How the host hands events over: as many at once as fit into an instance when all are as large as the sources say, and
 * after the shortest wait that any source asks for. One app has one such setting for all hubs.
 */
export function hostJson(sources: readonly Entry[]): HostPart | undefined {
  const partitions = new Map(
    provision(sources).hubs?.map((hub) => [hub.name, hub.partitions]),
  );
  const sizes = sources
    .map((entry) => {
      const count = partitions.get(entry.written.hub) ?? 1;
      return { entry, ...batchOf(count, entry.written.max_event_kb) };
    })
    .sort((one, other) => one.maxEventBatchSize - other.maxEventBatchSize);
  const [decisive] = sizes;
  if (!decisive) return undefined;
  const { entry, maxEventBatchSize, prefetchSizeInBytes } = decisive;
  const waitSeconds = Math.min(
    ...sources.map(({ written }) => written.land_within),
  );
  const minEventBatchSize =
    waitSeconds === 0
      ? 1
      : Math.min(ENOUGH_EVENTS, Math.floor((maxEventBatchSize * 7) / 8));
  return {
    extension: "eventHubs",
    settings: {
      maxEventBatchSize,
      minEventBatchSize,
      ...(waitSeconds === 0 ? {} : { maxWaitTime: timeSpan(waitSeconds) }),
      prefetchCount: 2 * maxEventBatchSize,
      prefetchSizeInBytes,
    },
    told: `Events: at most ${maxEventBatchSize} at once, for ${entry.pipeline}.${entry.source} (${entry.written.max_event_kb} KB each, ${partitions.get(entry.written.hub) ?? 1} partitions); ${waitSeconds === 0 ? "none waits for others" : `one waits ${waitSeconds} s at most until ${minEventBatchSize} are there`}.`,
  };
}

/** A power of two, so that a pipeline more changes the app's setting rarely. */
function batchOf(
  partitions: number,
  eventKb: number,
): { maxEventBatchSize: number; prefetchSizeInBytes: number } {
  const share = EVENT_BYTES / partitions;
  const prefetchSizeInBytes = Math.min(MOST_PREFETCH_BYTES, share / 5);
  const fitting = (share - prefetchSizeInBytes) / (COPIES * eventKb * 1024);
  return {
    maxEventBatchSize: Math.min(
      MOST_EVENTS,
      2 ** Math.floor(Math.log2(fitting)),
    ),
    prefetchSizeInBytes: Math.floor(prefetchSizeInBytes),
  };
}

/** As .NET reads it. */
const timeSpan = (seconds: number): string => {
  const whole = new Date(Math.round(seconds * 1000)).toISOString();
  return whole.slice("1970-01-01T".length, -1).replace(/\.000$/, "");
};
