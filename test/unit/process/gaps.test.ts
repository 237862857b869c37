import { planBatch } from "../../../src/activities/planBatch.ts";
import { GAP_DEADLINE_MS } from "../../../src/domain/gaps.ts";
import { batchPaths } from "../../../src/domain/paths.ts";
import type { Manifest } from "../../../src/domain/records.ts";
import { decide } from "../../../src/domain/waiting.ts";
import { hasWork } from "../../support/app/sweeping.ts";
import { readPipelineStatus } from "../../../src/process/pipelineStatus.ts";
import { landEvents } from "../../../src/sources/hub/landEvents.ts";
import { endBatch } from "../../support/app/endBatch.ts";
import { aBatch } from "../../support/app/events.ts";
import { aWorld, type World } from "../../support/app/world.ts";

const FLIGHTS = { pipeline: "flights" };

const land = (world: World, first: number, last: number, partition = "0") =>
  landEvents(world, aBatch(first, last, undefined, partition));

/** Of partition 0, or of the one that is named. */
function holds(world: World, begin: number, last: number, partition = "0") {
  world.hubs.positionsNow = [
    ...world.hubs.positionsNow.filter((each) => each.partition !== partition),
    { partition, begin, last },
  ];
}

/** Plans a batch and ends it; null where there is nothing to plan. */
async function next(world: World): Promise<Manifest | null> {
  const planned = await planBatch(world, FLIGHTS);
  if (!planned) return null;
  await endBatch(world.lake, planned.batch);
  return world.lake.json(
    batchPaths("flights", planned.batch).manifest,
  ) as Manifest;
}

const rangesOf = (manifest: Manifest | null, partition = "0") =>
  manifest?.slices
    .filter((slice) => slice.partition === partition)
    .map(({ from, to }) => [from, to]);

const closings = (world: World) =>
  world.logged
    .filter(({ event }) => event === "gap.closed")
    .map(({ fields }) => fields);

test("a partition whose events expired before any of them was delivered begins with what is delivered", async () => {
  const world = aWorld();
  holds(world, 0, 9);
  holds(world, 0, 600, "17");
  // The stream is registered with the first delivery of any partition.
  await land(world, 0, 9);
  holds(world, 500, 600, "17");
  await land(world, 500, 600, "17");
  const manifest = await next(world);
  expect(rangesOf(manifest, "17")).toEqual([[500, 600]]);
  expect(manifest).not.toHaveProperty("gaps");
  expect(await next(world)).toBeNull();
});

test("events that were delivered before the stream was registered are planned, though the hub dropped them meanwhile", async () => {
  const world = aWorld();
  holds(world, 1300, 1511);
  await land(world, 1000, 1511);
  expect(rangesOf(await next(world))).toEqual([[1000, 1511]]);
});

test("events that the hub has dropped are accounted for at once, and what follows is planned with them", async () => {
  const world = aWorld();
  await land(world, 0, 9);
  holds(world, 0, 9);
  await next(world);
  await land(world, 20, 29);
  holds(world, 20, 29);
  const manifest = await next(world);
  expect(rangesOf(manifest)).toEqual([[20, 29]]);
  expect(manifest).toMatchObject({
    kind: "regular",
    gaps: [{ source: "flights", from: 10, to: 19, reason: "expired" }],
  });
  expect(closings(world)).toMatchObject([
    { batch: 2, from: 10, to: 19, reason: "expired" },
  ]);
  expect(await next(world)).toBeNull();
});

test("a hub that has dropped everything behind the watermark leaves a batch that says so, and one only", async () => {
  const world = aWorld();
  await land(world, 0, 9);
  holds(world, 0, 9);
  await next(world);
  holds(world, 25, 24);
  const status = await readPipelineStatus(world, FLIGHTS);
  expect(status.waiting).toMatchObject({ events: 0, gapEvents: 15 });
  expect(decide(status)).toEqual({ kind: "run" });
  expect(await next(world)).toMatchObject({
    kind: "regular",
    slices: [],
    gaps: [{ from: 10, to: 24, reason: "expired" }],
  });
  expect(await next(world)).toBeNull();
  expect(decide(await readPipelineStatus(world, FLIGHTS))).toEqual({
    kind: "end",
    why: "idle",
  });
});

/** A world whose first batch has events 0 to 9, and where 15 to 19 have landed since. */
async function aGap(): Promise<World> {
  const world = aWorld();
  await hasWork(world, "flights");
  await land(world, 0, 9);
  holds(world, 0, 19);
  await next(world);
  await land(world, 15, 19);
  return world;
}

test("a hole that the hub could still fill is waited for, and then it is missing", async () => {
  const world = await aGap();
  world.clock.now += GAP_DEADLINE_MS - 1;
  expect(await next(world)).toBeNull();
  expect(decide(await readPipelineStatus(world, FLIGHTS))).toEqual({
    kind: "end",
    why: "gap",
  });
  world.clock.now += 1;
  expect(await hasWork(world, "flights")).toBe(true);
  expect(decide(await readPipelineStatus(world, FLIGHTS)).kind).toBe("run");
  const manifest = await next(world);
  expect(rangesOf(manifest)).toEqual([[15, 19]]);
  expect(manifest?.gaps).toMatchObject([
    { from: 10, to: 14, reason: "missing" },
  ]);
  expect(await next(world)).toBeNull();
});

test("a hole that is filled in time is none", async () => {
  const world = await aGap();
  world.clock.now += GAP_DEADLINE_MS - 1;
  await land(world, 10, 14);
  world.clock.now += 1;
  const manifest = await next(world);
  expect(rangesOf(manifest)).toEqual([
    [10, 14],
    [15, 19],
  ]);
  expect(manifest).not.toHaveProperty("gaps");
});

test("events that come after their deadline are in the next batch, which says that they were accounted for", async () => {
  const world = await aGap();
  world.clock.now += GAP_DEADLINE_MS;
  await next(world);
  expect(await next(world)).toBeNull();
  await land(world, 12, 13);
  const repair = await next(world);
  expect(rangesOf(repair)).toEqual([[12, 13]]);
  expect(repair).toMatchObject({
    gaps: [{ from: 12, to: 13, reason: "recovered" }],
    awaited: [
      { from: 10, to: 11 },
      { from: 14, to: 14 },
    ],
  });
  expect(await next(world)).toBeNull();
  // Cut otherwise, with events that are in batches already.
  await land(world, 8, 16);
  const last = await next(world);
  expect(rangesOf(last)).toEqual([
    [10, 11],
    [14, 14],
  ]);
  expect(last).not.toHaveProperty("awaited");
  expect(await next(world)).toBeNull();
  expect(Object.values(last?.ends["hub/flights"] ?? {})).toEqual([{ "0": 19 }]);
});

test("what came after its deadline is seen by the watcher and by the sweep", async () => {
  const world = await aGap();
  world.clock.now += GAP_DEADLINE_MS;
  await next(world);
  expect(await hasWork(world, "flights")).toBe(false);
  await land(world, 10, 14);
  expect(await hasWork(world, "flights")).toBe(true);
  world.clock.now += 300_000;
  expect(decide(await readPipelineStatus(world, FLIGHTS)).kind).toBe("run");
});

test("nobody waits for ever: a week after it was closed, a gap is not looked for any more", async () => {
  const world = await aGap();
  world.clock.now += GAP_DEADLINE_MS;
  await next(world);
  world.clock.now += 7 * 86_400_000;
  await land(world, 20, 29);
  holds(world, 0, 29);
  expect(await next(world)).not.toHaveProperty("awaited");
});

test("the positions of a hub that was created anew close no gap of the one before", async () => {
  const world = aWorld();
  await land(world, 0, 9);
  holds(world, 0, 9);
  await next(world);
  world.hubs.createdOn = "2026-01-01T00:00:00.000Z";
  // Asked within the minute in which the old generation is taken for the present one.
  world.clock.now += 1000;
  holds(world, 50, 60);
  expect(await next(world)).toBeNull();
  await land(world, 50, 60);
  const manifest = await next(world);
  expect(rangesOf(manifest)).toEqual([[50, 60]]);
  expect(manifest).not.toHaveProperty("gaps");
});
