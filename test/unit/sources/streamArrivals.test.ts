import { bronzeEventsPath, BUCKET_EVENTS } from "../../../src/domain/paths.ts";
import type { Ends } from "../../../src/domain/records.ts";
import { readArrivals } from "../../../src/sources/hub/arrivals.ts";
import { readPresentGeneration } from "../../../src/sources/hub/generations.ts";
import { landEvents } from "../../../src/sources/hub/landEvents.ts";
import { aBatch } from "../../support/app/events.ts";
import { aDefinition, aWorld, type World } from "../../support/app/world.ts";

const arrivals = (world: World, ends: Ends = {}, most = 1e6) =>
  readArrivals(world, aDefinition(), { ends, maxEvents: most, maxFiles: 10 });

async function land(world: World, first: number, last: number): Promise<void> {
  await landEvents(world, aBatch(first, last));
}

async function endsAt(world: World, last: number): Promise<Ends> {
  const { generation } = await readPresentGeneration(world, "flights");
  return { "hub/flights": { [generation]: { "0": last } } };
}

test("what lies in bronze behind the watermark is in slices, and what the hub has beyond it has not landed", async () => {
  const world = aWorld();
  await land(world, 0, 9);
  await land(world, 10, 19);
  world.hubs.positionsNow = [{ partition: "0", begin: 0, last: 24 }];
  const found = await arrivals(world, await endsAt(world, 4));
  expect(found.partitions[0]?.slices).toMatchObject([
    { from: 5, to: 9 },
    { from: 10, to: 19 },
  ]);
  expect(found.notLandedEvents).toBe(5);
});

test("nothing of bronze is listed where the watermark is the hub's last event", async () => {
  const world = aWorld();
  await land(world, 0, 9);
  world.hubs.positionsNow = [{ partition: "0", begin: 0, last: 9 }];
  const ends = await endsAt(world, 9);
  world.lake.counts.clear();
  await arrivals(world, ends);
  // The registered generations of the hub.
  expect(world.lake.counts.get("list")).toBe(1);
});

test("a file that begins in the bucket before is found", async () => {
  const world = aWorld();
  const edge = BUCKET_EVENTS;
  await land(world, edge - 5, edge + 5);
  world.hubs.positionsNow = [{ partition: "0", begin: 0, last: edge + 5 }];
  const found = await arrivals(world, await endsAt(world, edge));
  expect(found.partitions[0]?.slices).toMatchObject([
    { from: edge + 1, to: edge + 5 },
  ]);
});

test("a stream that began before it was registered is taken from its begin", async () => {
  const world = aWorld();
  world.hubs.positionsNow = [{ partition: "0", begin: 500, last: 509 }];
  await land(world, 500, 509);
  const found = await arrivals(world);
  expect(found.partitions[0]?.slices).toMatchObject([{ from: 500, to: 509 }]);
});

test("a hole is told, and whether the hub can still fill it", async () => {
  const world = aWorld();
  await land(world, 0, 9);
  await land(world, 15, 19);
  world.hubs.positionsNow = [{ partition: "0", begin: 0, last: 19 }];
  expect((await arrivals(world)).gaps).toMatchObject([
    { from: 10, to: 14, isLost: false },
  ]);
  world.hubs.positionsNow = [{ partition: "0", begin: 15, last: 19 }];
  expect((await arrivals(world)).gaps).toMatchObject([
    { from: 10, to: 14, isLost: true },
  ]);
});

test("events behind a hole are not on their way: nobody waits for them", async () => {
  const world = aWorld();
  await land(world, 0, 9);
  await land(world, 15, 19);
  const lastEnqueuedAt = new Date(world.now()).toISOString();
  world.hubs.positionsNow = [
    { partition: "0", begin: 0, last: 29, lastEnqueuedAt },
  ];
  const found = await arrivals(world);
  expect(found.gaps).toHaveLength(1);
  expect(found.notLandedEvents).toBe(0);
  expect(found).not.toHaveProperty("lastEnqueuedAt");
});

test("more files than a call can have arguments are one row of slices", async () => {
  const world = aWorld();
  const files = 130_000;
  const { generation } = await readPresentGeneration(world, "flights");
  const of = { stream: "hub/flights", generation, partition: "0" };
  for (let at = 0; at < files; at += 1)
    world.lake.drop(bronzeEventsPath(of, at, at), "");
  world.hubs.positionsNow = [{ partition: "0", begin: 0, last: files - 1 }];
  const found = await arrivals(world);
  expect(found.partitions[0]?.slices).toHaveLength(files);
  expect(found.lastLandedAt).toBe(world.now());
});

test("a hub that was created again shares no position with the one before", async () => {
  const world = aWorld();
  await land(world, 0, 9);
  world.hubs.createdOn = "2026-01-01T00:00:00.000Z";
  world.clock.now += 1;
  await land(world, 0, 4);
  world.hubs.positionsNow = [{ partition: "0", begin: 0, last: 4 }];
  const { partitions } = await arrivals(world);
  const ends = partitions.map(({ slices }) => slices.at(-1)?.to);
  expect(ends.sort()).toEqual([4, 9]);
});

test("a hub whose last event lies before the watermark was created again, and is asked for its generation", async () => {
  const world = aWorld();
  await land(world, 0, 9);
  const ends = await endsAt(world, 9);
  world.hubs.createdOn = "2026-01-01T00:00:00.000Z";
  world.hubs.positionsNow = [{ partition: "0", begin: 0, last: 4 }];
  world.clock.now += 1;
  expect((await arrivals(world, ends)).notLandedEvents).toBe(5);
});
