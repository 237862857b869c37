import { landEvents } from "../../../src/sources/hub/landEvents.ts";
import { planBatch } from "../../../src/activities/planBatch.ts";
import { readPipelineStatus } from "../../../src/process/pipelineStatus.ts";
import { batchPaths } from "../../../src/domain/paths.ts";
import type { Manifest } from "../../../src/domain/records.ts";
import { decide } from "../../../src/domain/waiting.ts";
import { endBatch } from "../../support/app/endBatch.ts";
import { aBatch } from "../../support/app/events.ts";
import { createCaches } from "../../../src/ledger/caches.ts";
import {
  aDefinition,
  aWorld,
  pipelinesOf,
  type World,
} from "../../support/app/world.ts";

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

/** A hub that never rests, of which nothing lands after `landed`. */
function restless(world: World, landed: number): void {
  const seconds = world.now() / 1000;
  world.hubs.positionsNow = [
    {
      ...{ partition: "0", begin: 0, last: landed + 1 + (seconds % 1000) },
      lastEnqueuedAt: new Date(world.now()).toISOString(),
    },
  ];
}

/** Looks once a second, as the watcher does, until it would not wait any more: its decision, and after how long. */
async function lookUntilDecided(world: World, landed: number) {
  const since = world.now();
  for (;;) {
    restless(world, landed);
    const decision = decide(await read(world));
    if (decision.kind !== "wait")
      return { decision, seconds: (world.now() - since) / 1000 };
    if (world.now() - since > 3_600_000)
      throw new Error("An hour, and it still waits.");
    world.clock.now += decision.seconds * 1000;
  }
}

test("a hub that never rests and of which nothing lands is behind after a minute, and its watcher ends", async () => {
  const world = aWorld();
  await land(world, 0, 9, "0");
  await planBatch(world, { pipeline: "flights" });
  await endBatch(world.lake, 1);
  expect(await lookUntilDecided(world, 9)).toEqual({
    decision: { kind: "end", why: "behind" },
    seconds: 60,
  });
  // The next watcher waits for nothing: what was seen is in the lake, and another process goes on by it.
  const other = { ...world, caches: createCaches() };
  world.clock.now += 60_000;
  restless(world, 9);
  expect(decide(await read(other))).toEqual({ kind: "end", why: "behind" });
  // What lands ends it.
  await land(world, 10, 19, "0");
  restless(world, 19);
  const later = await read(other);
  expect(later.overdueEvents).toBeUndefined();
  expect(decide(later).kind).toBe("wait");
});

test("a full batch hides no partition that stands still", async () => {
  const world = aWorld({
    pipelines: pipelinesOf(
      aDefinition({
        batching: { ...aDefinition().batching, maxEvents: 10 },
      }),
    ),
  });
  const look = async (last: number) => {
    await land(world, last - 9, last, "1");
    const lastEnqueuedAt = new Date(world.now()).toISOString();
    world.hubs.positionsNow = [
      { partition: "0", begin: 0, last: last + 5, lastEnqueuedAt },
      { partition: "1", begin: 0, last, lastEnqueuedAt },
    ];
    return read(world);
  };
  await land(world, 0, 4, "0");
  expect((await look(9)).overdueEvents).toBeUndefined();
  world.clock.now += 60_000;
  const status = await look(19);
  expect(status.waiting.events).toBeGreaterThanOrEqual(10);
  expect(status.overdueEvents).toBe(20);
});

test("a new definition is planned after the longest wait, though events keep coming that never land", async () => {
  const batching = { ...aDefinition().batching, atMostSeconds: 20 };
  const world = aWorld({ pipelines: pipelinesOf(aDefinition({ batching })) });
  await land(world, 0, 9, "0");
  await planBatch(world, { pipeline: "flights" });
  await endBatch(world.lake, 1);
  const digest = "b".repeat(64);
  Object.assign(world, {
    pipelines: pipelinesOf(aDefinition({ batching, digest })),
  });
  expect(await lookUntilDecided(world, 9)).toEqual({
    decision: { kind: "run" },
    seconds: 20,
  });
  // The next one that is asked for waits its own time.
  await planBatch(world, { pipeline: "flights" });
  await endBatch(world.lake, 2);
  Object.assign(world, {
    pipelines: pipelinesOf(aDefinition({ batching, digest: "c".repeat(64) })),
  });
  expect(await lookUntilDecided(world, 9)).toMatchObject({ seconds: 20 });
});
