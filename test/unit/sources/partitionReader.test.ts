import type { Ends } from "../../../src/domain/records.ts";
import { createCaches } from "../../../src/ledger/caches.ts";
import { readPresentGeneration } from "../../../src/sources/hub/generations.ts";
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
