import { bronzeEventsPath, BUCKET_EVENTS } from "../../../src/domain/paths.ts";
import type { Ends } from "../../../src/domain/records.ts";
import { MAX_SLICES } from "../../../src/domain/slices.ts";
import { createCaches } from "../../../src/ledger/caches.ts";
import { FILES_A_PAGE } from "../../../src/sources/bronzeFiles.ts";
import { readPresentGeneration } from "../../../src/sources/hub/generations.ts";
import { arrivals, endsAt, held, land } from "../../support/app/looks.ts";
import { aWorld, type World } from "../../support/app/world.ts";

test("what lies in bronze behind the watermark is in slices, and what the hub has beyond it has not landed", async () => {
  const world = aWorld();
  await land(world, 0, 9);
  await land(world, 10, 19);
  world.hubs.positionsNow = [{ partition: "0", begin: 0, last: 24 }];
  const found = await arrivals(world, await endsAt(world, 4));
  expect(found.partitions[0]?.pieces).toMatchObject([
    { from: 5, to: 9 },
    { from: 10, to: 19 },
  ]);
  expect(found.notLanded).toMatchObject([{ events: 5, landedTo: 19 }]);
  // Retention has dropped all that landed.
  world.hubs.positionsNow = [{ partition: "0", begin: 20, last: 24 }];
  const [dropped] = (await arrivals(world, await endsAt(world, 4))).notLanded;
  expect(dropped).toMatchObject({ events: 5 });
  expect(dropped).not.toHaveProperty("landedTo");
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
  expect(found.partitions[0]?.pieces).toMatchObject([
    { from: edge + 1, to: edge + 5 },
  ]);
});

test("a stream that began before it was registered is taken from its begin", async () => {
  const world = aWorld();
  world.hubs.positionsNow = [{ partition: "0", begin: 500, last: 509 }];
  await land(world, 500, 509);
  const found = await arrivals(world);
  expect(found.partitions[0]?.pieces).toMatchObject([{ from: 500, to: 509 }]);
});

test("a hole is told while it is waited for, with the time when that ends", async () => {
  const world = aWorld();
  await land(world, 0, 9);
  await land(world, 15, 19);
  world.hubs.positionsNow = [{ partition: "0", begin: 0, last: 19 }];
  const closesAt = new Date(world.now() + 15 * 60_000).toISOString();
  expect((await arrivals(world)).gaps).toMatchObject([
    { from: 10, to: 14, closesAt },
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
  expect(found.notLanded).toEqual([]);
});

test("of a backlog no more is listed than a batch holds and a page of each partition", async () => {
  const world = aWorld();
  const files = 15_000;
  const { generation } = await readPresentGeneration(world, "flights");
  for (const partition of ["0", "1"]) {
    const of = { stream: "hub/flights", generation, partition };
    for (let at = 0; at < files; at += 1)
      world.lake.drop(bronzeEventsPath(of, at, at), "");
  }
  world.hubs.positionsNow = ["0", "1"].map((partition) => ({
    ...{ partition, begin: 0, last: files - 1 },
  }));
  world.lake.counts.clear();
  const found = await arrivals(world);
  const taken = found.partitions.flatMap(({ pieces }) => pieces);
  expect(taken).toHaveLength(MAX_SLICES);
  expect(found).toMatchObject({ isFull: true, lastLandedAt: world.now() });
  expect(world.lake.counts.get("listSome")).toBeLessThanOrEqual(
    MAX_SLICES / FILES_A_PAGE + 3,
  );
});

test("a hub that was created again shares no position with the one before", async () => {
  const world = aWorld();
  await land(world, 0, 9);
  world.hubs.createdOn = "2026-01-01T00:00:00.000Z";
  world.clock.now += 1;
  await land(world, 0, 4);
  world.hubs.positionsNow = [{ partition: "0", begin: 0, last: 4 }];
  const { partitions } = await arrivals(world);
  const ends = partitions.map(({ pieces }) => pieces.at(-1)?.to);
  expect(ends.sort()).toEqual([4, 9]);
});

test("a hub whose last event lies before the watermark was created again, and is asked for its generation", async () => {
  const world = aWorld();
  await land(world, 0, 9);
  const ends = await endsAt(world, 9);
  world.hubs.createdOn = "2026-01-01T00:00:00.000Z";
  world.hubs.positionsNow = [{ partition: "0", begin: 0, last: 4 }];
  world.clock.now += 1;
  expect((await arrivals(world, ends)).notLanded).toMatchObject([
    { events: 5 },
  ]);
});

const rangesOf = async (world: World, ends?: Ends) =>
  (await arrivals(world, ends)).partitions.flatMap(({ pieces }) =>
    pieces.map(({ from, to }) => [from, to]),
  );

test("what this process has seen is not listed again, and a process that has seen nothing finds the same", async () => {
  const world = aWorld();
  let listed = 0;
  const listSome = world.lake.listSome.bind(world.lake);
  world.lake.listSome = async (...parameters) => {
    const files = await listSome(...parameters);
    listed += files.length;
    return files;
  };
  for (let first = 0; first < 500; first += 10) {
    await land(world, first, first + 9);
    held(world, first + 12);
    await arrivals(world);
  }
  expect(listed).toBe(50);
  const seen = await rangesOf(world);
  expect(seen).toHaveLength(50);
  const other = { ...world, caches: createCaches() };
  expect(await rangesOf(other)).toEqual(seen);
  expect(await rangesOf(world, await endsAt(world, 99))).toEqual(
    seen.slice(10),
  );
});

test("a file that began before the watermark, of a delivery that was cut otherwise, is found when its events are late", async () => {
  const world = aWorld();
  await land(world, 0, 19);
  held(world, 19);
  const ends = await endsAt(world, 19);
  await land(world, 6, 25);
  held(world, 25);
  expect(await rangesOf(world, ends)).toEqual([]);
  held(world, 25, 10);
  expect(await rangesOf(world, ends)).toEqual([[20, 25]]);
  // At once where something lies behind it.
  const again = aWorld();
  await land(again, 0, 19);
  await land(again, 6, 25);
  await land(again, 26, 29);
  held(again, 29);
  expect(await rangesOf(again, ends)).toEqual([
    [20, 25],
    [26, 29],
  ]);
});
