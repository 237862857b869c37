import { landEvents } from "../../../src/sources/hub/landEvents.ts";
import { planBatch } from "../../../src/activities/planBatch.ts";
import { readPipelineStatus } from "../../../src/process/pipelineStatus.ts";
import { batchPaths } from "../../../src/domain/paths.ts";
import type { Manifest } from "../../../src/domain/records.ts";
import { decide } from "../../../src/domain/waiting.ts";
import { endBatch } from "../../support/app/endBatch.ts";
import { aBatch } from "../../support/app/events.ts";
import { aWorld, type World } from "../../support/app/world.ts";

const read = (world: World) =>
  readPipelineStatus(world, { pipeline: "flights" });
const land = (world: World, first: number, last: number, partition: string) =>
  landEvents(world, aBatch(first, last, undefined, partition));

/** Partition 0 has a hole that nothing fills, and its events keep coming. Partition 1 got its last one. */
async function aGappedWorld(): Promise<World> {
  const world = aWorld();
  await land(world, 10, 19, "0");
  await land(world, 0, 4, "1");
  return world;
}

async function moreBehindTheHole(world: World, last: number): Promise<void> {
  world.clock.now += 1000;
  await land(world, last - 9, last, "0");
  const lastEnqueuedAt = new Date(world.now()).toISOString();
  world.hubs.positionsNow = [
    { partition: "0", begin: 0, last: last + 5, lastEnqueuedAt },
    { partition: "1", begin: 0, last: 4 },
  ];
}

test("a partition with a hole delays no other partition's batch, however busy it is", async () => {
  const world = await aGappedWorld();
  for (const last of [29, 39, 49]) await moreBehindTheHole(world, last);
  expect(decide(await read(world))).toEqual({ kind: "run" });
  await planBatch(world, { pipeline: "flights" });
  const { slices } = world.lake.json(
    batchPaths("flights", 1).manifest,
  ) as Manifest;
  expect(slices).toMatchObject([{ partition: "1", from: 0, to: 4 }]);
});

test("a watcher whose only input lies behind a hole ends", async () => {
  const world = await aGappedWorld();
  await moreBehindTheHole(world, 29);
  await planBatch(world, { pipeline: "flights" });
  await endBatch(world.lake, 1);
  await moreBehindTheHole(world, 39);
  expect(decide(await read(world))).toEqual({ kind: "end", why: "gap" });
});
