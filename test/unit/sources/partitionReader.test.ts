import type { Ends } from "../../../src/domain/records.ts";
import { createCaches } from "../../../src/ledger/caches.ts";
import { landEvents } from "../../../src/sources/hub/landEvents.ts";
import { readPresentGeneration } from "../../../src/sources/hub/generations.ts";
import { aBatch } from "../../support/app/events.ts";
import { arrivals, endsAt, held, land } from "../../support/app/looks.ts";
import { aWorld, type World } from "../../support/app/world.ts";

/** What a look finds, with the reason where events are accounted for without being there. */
const piecesOf = async (world: World, ends?: Ends) =>
  (await arrivals(world, ends)).partitions.flatMap(({ pieces }) =>
    pieces.map((piece) =>
      "reason" in piece
        ? [piece.from, piece.to, piece.reason]
        : [piece.from, piece.to],
    ),
  );

const LONG_MS = 20 * 60_000;

test("what lies in bronze in a file that began before the watermark is no gap, however late it is found", async () => {
  const missing = aWorld();
  await land(missing, 0, 10);
  const ends = await endsAt(missing, 10);
  await land(missing, 5, 25);
  await land(missing, 26, 40);
  held(missing, 40);
  missing.clock.now += LONG_MS;
  expect(await piecesOf(missing, ends)).toEqual([
    [11, 25],
    [26, 40],
  ]);

  // The hub has dropped it, with something behind it and without.
  for (const last of [40, 25]) {
    const expired = aWorld();
    await land(expired, 5, 25);
    if (last > 25) await land(expired, 26, 40);
    const lastEnqueuedAt = new Date(expired.now()).toISOString();
    expired.hubs.positionsNow = [
      { ...{ partition: "0", begin: 46, last: 50 }, lastEnqueuedAt },
    ];
    expect(await piecesOf(expired, ends)).toEqual([
      [11, 25],
      ...(last > 25 ? [[26, 40]] : []),
      [last + 1, 45, "expired"],
    ]);
  }
});

test("of two holes each is accounted for, and what lies between them in an earlier file is found", async () => {
  const world = aWorld();
  await land(world, 11, 20);
  await land(world, 31, 40);
  await land(world, 35, 50);
  await land(world, 61, 70);
  held(world, 70);
  world.clock.now += LONG_MS;
  expect(await piecesOf(world, await endsAt(world, 10))).toEqual([
    [11, 20],
    [21, 30, "missing"],
    [31, 40],
    [41, 50],
    [51, 60, "missing"],
    [61, 70],
  ]);
});

test("what lands behind a gap while a process looks leaves no hole in what it remembers", async () => {
  const listings = [1, 2];
  for (const behind of listings) {
    const world = aWorld();
    await land(world, 11, 20);
    await land(world, 31, 40);
    held(world, 60);
    world.clock.now += LONG_MS;
    const ends = await endsAt(world, 10);
    const listSome = world.lake.listSome.bind(world.lake);
    let listed = 0;
    world.lake.listSome = async (...parameters) => {
      const files = await listSome(...parameters);
      listed += 1;
      if (listed === behind) await land(world, 41, 50);
      return files;
    };
    await piecesOf(world, ends);
    const whole = [
      [11, 20],
      [21, 30, "missing"],
      [31, 40],
      [41, 50],
    ];
    expect(await piecesOf(world, ends)).toEqual(whole);
    const other = { ...world, caches: createCaches() };
    expect(await piecesOf(other, ends)).toEqual(whole);
  }
});

test("a stream that begins with a gap begins with it at every look", async () => {
  const world = aWorld();
  held(world, 20);
  // It is registered with its first event, and another partition's delivery has landed first.
  await readPresentGeneration(world, "flights");
  await land(world, 11, 20);
  world.clock.now += LONG_MS;
  const whole = [
    [0, 10, "missing"],
    [11, 20],
  ];
  expect(await piecesOf(world)).toEqual(whole);
  expect(await piecesOf(world)).toEqual(whole);
});

/** What a look costs: its listings, and the files that they give. */
async function costOf(world: World, ends?: Ends) {
  const listSome = world.lake.listSome.bind(world.lake);
  const listed: number[] = [];
  world.lake.listSome = async (...parameters) => {
    const files = await listSome(...parameters);
    listed.push(files.length);
    return files;
  };
  const pieces = await piecesOf(world, ends);
  world.lake.listSome = listSome;
  return {
    pieces,
    listings: listed.length,
    files: listed.reduce((a, b) => a + b, 0),
  };
}

test("a partition is looked at once where all has landed, or may still be on its way, and twice where it is late", async () => {
  const world = aWorld();
  await land(world, 0, 9);
  const ends = await endsAt(world, 4);
  held(world, 9, 9);
  expect(await costOf(world, ends)).toMatchObject({ pieces: [], listings: 1 });
  held(world, 9, 10);
  expect(await costOf(world, ends)).toMatchObject({
    ...{ pieces: [[5, 9]], listings: 2 },
  });
  const whole = aWorld();
  await land(whole, 5, 9);
  held(whole, 9, 99);
  expect(await costOf(whole, ends)).toMatchObject({
    ...{ pieces: [[5, 9]], listings: 1 },
  });
  const cost = async (begin: number, last: number, secondsAgo: number) => {
    const lastEnqueuedAt = new Date(world.now() - secondsAgo * 1_000);
    world.hubs.positionsNow = [
      {
        ...{ partition: "0", begin, last },
        lastEnqueuedAt: lastEnqueuedAt.toISOString(),
      },
    ];
    return (await costOf(world, await endsAt(world, 9))).listings;
  };
  expect(await cost(0, 9, 99)).toBe(0);
  expect(await cost(0, 10, 9)).toBe(1);
  expect(await cost(10, 10, 9)).toBe(1);
  expect(await cost(11, 12, 9)).toBe(2);
  expect(await cost(0, 10, 10)).toBe(2);
});

test("a file that begins right before the watermark is looked for only when its events are late", async () => {
  const world = aWorld();
  await land(world, 0, 10);
  await land(world, 10, 25);
  held(world, 25);
  const ends = await endsAt(world, 10);
  expect(await piecesOf(world, ends)).toEqual([]);
  held(world, 25, 10);
  expect(await piecesOf(world, ends)).toEqual([[11, 25]]);
});

test("what was seen is listed no more, as far as it follows the watermark, wherever that stands", async () => {
  const world = aWorld();
  for (const first of [0, 10, 20]) await land(world, first, first + 9);
  held(world, 29);
  const all = [
    [0, 9],
    [10, 19],
    [20, 29],
  ];
  const at = (last: number) => endsAt(world, last);
  expect(await costOf(world)).toEqual({ pieces: all, listings: 1, files: 3 });
  expect(await costOf(world)).toMatchObject({ pieces: all, files: 0 });
  for (const [last, pieces] of [
    [9, all.slice(1)],
    [19, all.slice(2)],
  ] as const)
    expect(await costOf(world, await at(last))).toMatchObject({
      ...{ pieces, files: 0 },
    });
  // A watermark within a file, of a delivery that was cut otherwise, and none at all.
  held(world, 29, 10);
  expect((await costOf(world, await at(14))).pieces).toEqual([
    [15, 19],
    [20, 29],
  ]);
  expect((await costOf(world)).pieces).toEqual(all);
});

test("what was accounted for as missing, and lands before it is planned, is a slice", async () => {
  const world = aWorld();
  await land(world, 11, 20);
  await land(world, 31, 40);
  held(world, 40);
  world.clock.now += LONG_MS;
  const ends = await endsAt(world, 10);
  expect(await piecesOf(world, ends)).toEqual([
    [11, 20],
    [21, 30, "missing"],
    [31, 40],
  ]);
  await land(world, 21, 30);
  expect(await piecesOf(world, ends)).toEqual([
    [11, 20],
    [21, 30],
    [31, 40],
  ]);
});

test("what has not landed is counted from the last event that did, or from the first that the hub holds", async () => {
  const world = aWorld();
  await land(world, 0, 40);
  const notLanded = async (begin: number, last: number) => {
    world.hubs.positionsNow = [{ partition: "0", begin, last }];
    const [found] = (await arrivals(world, await endsAt(world, 9))).notLanded;
    return found && [found.events, found.landedTo];
  };
  expect(await notLanded(0, 50)).toEqual([10, 40]);
  expect(await notLanded(40, 50)).toEqual([10, 40]);
  expect(await notLanded(41, 50)).toEqual([10, undefined]);
  expect(await notLanded(46, 50)).toEqual([5, undefined]);
  expect(await notLanded(46, 45)).toBeUndefined();
  expect(await notLanded(0, 40)).toBeUndefined();
});

test("a batch that is full says when its last piece landed, and nothing of a partition that it takes nothing of", async () => {
  const world = aWorld();
  const begin = world.now();
  for (const [index, first] of [0, 10, 20, 30].entries()) {
    world.clock.now = begin + index * 1_000;
    await land(world, first, first + 9);
  }
  await landEvents(world, aBatch(0, 9, undefined, "1"));
  world.hubs.positionsNow = [
    { partition: "0", begin: 0, last: 39 },
    { partition: "1", begin: 0, last: 9 },
  ];
  const found = await arrivals(world, {}, 25);
  expect(found).toMatchObject({ isFull: true, lastLandedAt: begin + 2_000 });
  expect(
    found.partitions.map(({ of, pieces }) => [of.partition, pieces.length]),
  ).toEqual([["0", 3]]);
  const none = await arrivals(world, await endsAt(world, 39));
  expect(none.isFull).toBe(false);
});

test("a generation that is over begins with its first file", async () => {
  const world = aWorld();
  await land(world, 10, 19);
  world.hubs.createdOn = "2026-01-01T00:00:00.000Z";
  world.clock.now += 60_001;
  held(world, -1);
  expect(await piecesOf(world)).toEqual([[10, 19]]);
});
