import { planBatch } from "../../../src/activities/planBatch.ts";
import { batchPaths } from "../../../src/domain/paths.ts";
import { MAX_SLICES } from "../../../src/domain/slices.ts";
import { readPipelineStatus } from "../../../src/process/pipelineStatus.ts";
import { readHealth } from "../../../src/serve/health.ts";
import { FILES_A_PAGE } from "../../../src/sources/bronzeFiles.ts";
import { sweepOnce } from "../../../test/support/app/sweeping.ts";
import { aScaledWorld } from "./world.ts";
import { FLIGHTS, watchFor } from "./watching.ts";

/** What one run counted. */
export type Counts = Readonly<Record<string, number>>;

export interface Scenario {
  readonly name: string;
  /** `size` is 1, or 0.1. */
  readonly run: (size: number) => Promise<Counts>;
  /** What is wrong with the whole one, beside the tenth. */
  readonly judge: (whole: Counts, tenth: Counts) => string[];
}

const PARTITIONS = 32;
const DAY = { partitions: PARTITIONS, eventsPerSecond: 31, eventsPerFile: 20 };
const perUnit = (count: number, units: number): number =>
  Math.round((count / units) * 1000) / 1000;

/** A name of a count that may not grow by more than `most`. */
const grows = (
  whole: Counts,
  tenth: Counts,
  most: Readonly<Record<string, number>>,
): string[] =>
  Object.entries(most).flatMap(([count, factor]) => {
    const [now = 0, before = 0] = [whole[count], tenth[count]];
    return now <= before * factor
      ? []
      : [`${count} grows from ${before} to ${now}, more than ${factor} times.`];
  });

/** 86 million events in 4.3 million files, of 32 partitions. */
const day = (seconds: number, isWhole: boolean): Scenario => ({
  name: "day",
  async run(size) {
    const { world, feed, costs, peakBytes } = aScaledWorld({
      ...DAY,
      backlog: 0,
    });
    const { batches, looks } = await watchFor(world, seconds * size);
    const files = feed.files * PARTITIONS;
    return {
      ...{ files, batches, looks },
      entriesPerFile: perUnit(costs.entries, files),
      callsPerBatch: perUnit(costs.calls, batches),
      bytesPerFile: perUnit(costs.bytes, files),
      peakMegabytes: Math.round(peakBytes() / 1e6),
    };
  },
  judge: (whole, tenth) => [
    ...grows(whole, tenth, {
      ...{ entriesPerFile: 1.1, callsPerBatch: 1.1 },
      // In a part of a day the fixed share of a batch is a large one.
      ...(isWhole ? { bytesPerFile: 1.1, peakMegabytes: 1.5 } : {}),
    }),
    ...((whole["entriesPerFile"] ?? Infinity) <= 2
      ? []
      : ["More than two entries are listed for each file that lands."]),
  ],
});

/** A hub that never rests, with a longest wait of an hour. */
const restless: Scenario = {
  name: "restless",
  async run(size) {
    const atMostSeconds = 3600 * size;
    const { world, costs } = aScaledWorld(
      { ...DAY, eventsPerSecond: 1, backlog: 0 },
      { atMostSeconds },
    );
    const watched = await watchFor(world, 10 * (atMostSeconds + 60));
    const { batches, looks } = watched;
    return {
      looksPerBatch: perUnit(looks, batches),
      callsPerBatch: perUnit(costs.calls, batches),
    };
  },
  // Ten times as long: log(10) / log(1.1) looks more.
  judge(whole, tenth) {
    const more = (whole["looksPerBatch"] ?? 0) - (tenth["looksPerBatch"] ?? 0);
    return more <= 27 ? [] : [`A batch costs ${more} looks more.`];
  },
};

/** One plan over ten million events that wait in files of twenty. */
const backlog: Scenario = {
  name: "backlog",
  async run(size) {
    const held = Math.floor((10_000_000 * size) / PARTITIONS);
    const { world, costs, peakBytes } = aScaledWorld({
      ...DAY,
      ...{ eventsPerSecond: 0, backlog: held },
    });
    await readPipelineStatus(world, FLIGHTS);
    await planBatch(world, FLIGHTS);
    const manifest = world.lake.json(batchPaths("flights", 1).manifest);
    const { slices } = manifest as { slices: unknown[] };
    return {
      ...{ slices: slices.length, ...costs },
      peakMegabytes: Math.round(peakBytes() / 1e6),
    };
  },
  judge: (whole, tenth) => [
    ...grows(whole, tenth, {
      ...{ calls: 1.1, entries: 1.1, bytes: 1.1, peakMegabytes: 1.5 },
    }),
    ...(whole["slices"] === MAX_SLICES
      ? []
      : [`The batch takes ${whole["slices"]} slices.`]),
    ...((whole["entries"] ?? Infinity) <=
    MAX_SLICES + PARTITIONS * FILES_A_PAGE + 100
      ? []
      : ["More is listed than a batch and a page of each partition."]),
  ],
};

/** A look at the state, a sweep and a health check of a blocked pipeline, with the same behind it. */
const blocked: Scenario = {
  name: "blocked",
  async run(size) {
    const held = Math.floor((10_000_000 * size) / PARTITIONS);
    const { world, costs } = aScaledWorld({
      ...DAY,
      ...{ eventsPerSecond: 0, backlog: held },
    });
    await planBatch(world, FLIGHTS);
    const { manifest, blocked: path } = batchPaths("flights", 1);
    const { definition } = world.lake.json(manifest) as { definition: string };
    world.lake.put(path, {
      ...{ version: 3, reason: "input", code: "X", message: "m", definition },
    });
    await sweepOnce(world);
    Object.assign(costs, { calls: 0, entries: 0, bytes: 0 });
    await readPipelineStatus(world, FLIGHTS);
    await sweepOnce(world);
    await readHealth(world);
    return { ...costs };
  },
  judge: (whole, tenth) => [
    ...grows(whole, tenth, { calls: 1, bytes: 1.1 }),
    ...((whole["entries"] ?? 1) <= 1 ? [] : ["A blocked pipeline lists."]),
  ],
};

/** A thousand files that are dropped at once and told by nobody. */
const dropped: Scenario = {
  name: "dropped",
  async run(size) {
    const count = 1000 * size;
    const { world, costs } = aScaledWorld({
      ...{ partitions: 1, eventsPerSecond: 0, eventsPerFile: 20, backlog: 0 },
    });
    for (let file = 0; file < count; file += 1)
      world.lake.drop(`landing/airports/${file}.csv`, "iata");
    world.clock.now += 60_000;
    Object.assign(costs, { calls: 0, entries: 0, bytes: 0 });
    await sweepOnce(world);
    const { batches } = await watchFor(world, 300);
    return {
      batches,
      callsPerFile: perUnit(costs.calls, count),
      entriesPerFile: perUnit(costs.entries, count),
      bytesPerFile: perUnit(costs.bytes, count),
    };
  },
  judge: (whole, tenth) =>
    grows(whole, tenth, {
      ...{ callsPerFile: 1.1, entriesPerFile: 1.1, bytesPerFile: 1.1 },
    }),
};

const DAY_SECONDS = 86_400;

/** The day may be shorter than a day; then its bytes and memory are told and not judged. */
export const scenariosOf = (daySeconds: number): readonly Scenario[] => [
  day(daySeconds, daySeconds >= DAY_SECONDS),
  ...[restless, backlog, blocked, dropped],
];
