import type { HostPart, WrittenEntry } from "../kind.ts";
import { provision } from "./provision.ts";
import type { HubYaml } from "./yaml.ts";

/**
 * What events may take of the smallest instance of Flex Consumption, 2 GB, in which one instance may own all partitions
 * of a hub. The rest is the host's and Node's.
 */
const EVENT_BYTES = 1280 * 1024 * 1024;
/**
 * A batch is there six times: as the host received it, encoded anew for the binding, in the call to Node and in what
 * that call is written to, in Node, and as the file that is written.
 */
const COPIES = 6;
/** Larger batches make hardly fewer files, and a file has 4,096 events at most. */
const MOST_EVENTS = 2048;
/** Enough for at most a thousand files per million events, where they come fast enough. */
const ENOUGH_EVENTS = 1024;
/** Of what a partition may take, what is fetched ahead. */
const FETCHED_AHEAD = 1 / 5;

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
  const { entry, ...batch } = decisive;
  const { maxEventBatchSize, prefetchCount } = batch;
  const waitSeconds = Math.min(
    ...sources.map(({ written }) => written.land_within),
  );
  const minEventBatchSize = waitSeconds === 0 ? 1 : batch.minEventBatchSize;
  return {
    extension: "eventHubs",
    settings: {
      maxEventBatchSize,
      minEventBatchSize,
      ...(waitSeconds === 0 ? {} : { maxWaitTime: timeSpan(waitSeconds) }),
      prefetchCount,
    },
    told: `Events: at most ${maxEventBatchSize} at once, for ${entry.pipeline}.${entry.source} (${entry.written.max_event_kb} KB each, ${partitions.get(entry.written.hub) ?? 1} partitions); ${waitSeconds === 0 ? "none waits for others" : `one waits ${waitSeconds} s at most until ${minEventBatchSize} are there`}.`,
  };
}

interface Batch {
  readonly maxEventBatchSize: number;
  readonly minEventBatchSize: number;
  /**
   * Events, and not bytes: `prefetchSizeInBytes` would take this one's place, and asks for at most 500 at a time, by a
   * guess of their size.
   */
  readonly prefetchCount: number;
}

/** The largest that fits, a power of two, so that a pipeline more changes the app's setting rarely. */
function batchOf(partitions: number, eventKb: number): Batch {
  const share = EVENT_BYTES / partitions / (eventKb * 1024);
  const ahead = Math.floor(share * FETCHED_AHEAD);
  let batch = sizesOf(MOST_EVENTS, ahead);
  // It ends: by the bounds in yaml.ts four events always fit.
  while (heldAtOnce(batch) > share)
    batch = sizesOf(batch.maxEventBatchSize / 2, ahead);
  return batch;
}

const sizesOf = (most: number, ahead: number): Batch => ({
  maxEventBatchSize: most,
  minEventBatchSize: Math.min(ENOUGH_EVENTS, Math.floor((most * 7) / 8)),
  prefetchCount: Math.min(2 * most, ahead),
});

/** Events of one partition: the batch on its way, those that the extension keeps for the next, and those behind them. */
const heldAtOnce = (batch: Batch): number =>
  COPIES * batch.maxEventBatchSize +
  batch.minEventBatchSize +
  batch.prefetchCount;

/** As .NET reads it. */
const timeSpan = (seconds: number): string => {
  const whole = new Date(Math.round(seconds * 1000)).toISOString();
  return whole.slice("1970-01-01T".length, -1).replace(/\.000$/, "");
};
