import { planBatch } from "../../../src/activities/planBatch.ts";
import { batchPaths } from "../../../src/domain/paths.ts";
import { landEvents } from "../../../src/sources/hub/landEvents.ts";
import { endBatch } from "../../support/app/endBatch.ts";
import { aBatch } from "../../support/app/events.ts";
import { playJob } from "../../support/app/job.ts";
import {
  longestHistory,
  runsOf,
  watchOver,
  watchToTheEnd,
} from "../../support/app/watching.ts";
import { aWorld, type World } from "../../support/app/world.ts";
import type { DurableBench } from "../../support/durable.ts";

let world: World;
let bench: DurableBench;
beforeEach(() => {
  world = aWorld();
  bench = watchOver(world);
});
afterEach(() => bench.close());

async function arrive(first: number, last: number): Promise<void> {
  await landEvents(world, aBatch(first, last));
  const lastEnqueuedAt = new Date(world.now()).toISOString();
  world.hubs.positionsNow = [
    { ...{ partition: "0", begin: 0, last }, lastEnqueuedAt },
  ];
}

/** Each look finds more events than the one before, so that the pipeline is never quiet. */
function keepArriving(): void {
  const positions = world.hubs.positions.bind(world.hubs);
  let first = 10;
  world.hubs.positions = async (hub) => {
    await arrive(first, first + 1);
    first += 2;
    return positions(hub);
  };
}

test("ten looks are one generation, however long a pipeline is not quiet", async () => {
  await arrive(0, 9);
  keepArriving();
  playJob(world);
  bench.start("watch", { pipeline: "flights" }, "watch-flights");
  for (let passed = 0; runsOf(bench, "planBatch") === 0; passed += 250) {
    expect(passed).toBeLessThan(600_000);
    await bench.turns(0);
    await bench.clock.advance(250);
  }
  const looks = runsOf(bench, "readPipelineStatus");
  expect(looks).toBeGreaterThan(20);
  // Of each generation the last history: the looks in it.
  const counts = bench.trace.payloads.map(
    ({ history }) =>
      history.filter(
        (event) => "Name" in event && event.Name === "readPipelineStatus",
      ).length,
  );
  expect(Math.max(...counts)).toBe(10);
  expect(longestHistory(bench)).toBeLessThan(100);
}, 30_000);

test("a generation that finds nothing to plan after all looks again", async () => {
  bench.start("watch", { pipeline: "flights", isDue: true }, "watch-flights");
  const { output } = await bench.ended("watch-flights");
  expect(JSON.parse(String(output))).toBe("idle");
  expect(runsOf(bench, "planBatch")).toBe(1);
  expect(runsOf(bench, "startJobRun")).toBe(0);
});

test("the failed attempt of another batch says nothing of this one", async () => {
  await arrive(0, 9);
  playJob(world);
  const failed = { batch: 7, attempt: 3 };
  bench.start("watch", { pipeline: "flights", isDue: true, failed }, "first");
  await watchToTheEnd(bench);
  expect(world.lake.json(batchPaths("flights", 1).attempt(1))).not.toBeNull();
  expect(world.lake.json(batchPaths("flights", 1).attempt(4))).toBeNull();
});

test("a batch that ends before an attempt at it begins is delivered, and starts no run", async () => {
  await arrive(0, 9);
  await planBatch(world, { pipeline: "flights" });
  const find = world.lake.find.bind(world.lake);
  const { process } = batchPaths("flights", 1);
  world.lake.find = async (path) => {
    // Another driver ends it right before this one looks.
    if (path === process) await endBatch(world.lake, 1);
    return find(path);
  };
  bench.start("watch", { pipeline: "flights", isDue: true }, "watch-flights");
  const { output } = await bench.ended("watch-flights");
  expect(JSON.parse(String(output))).toBe("idle");
  expect(runsOf(bench, "startJobRun")).toBe(1);
  expect(runsOf(bench, "judgeJobRun")).toBe(0);
  expect(runsOf(bench, "startDeliveries")).toBe(1);
  expect(world.jobs.tokens).toEqual([]);
});
