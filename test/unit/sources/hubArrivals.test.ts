import type { AwaitedRange } from "../../../src/domain/records.ts";
import { landEvents } from "../../../src/sources/hub/landEvents.ts";
import { readRecovered } from "../../../src/sources/recovered.ts";
import { aBatch } from "../../support/app/events.ts";
import { hub } from "../../../src/sources/hub/index.ts";
import { readPresentGeneration } from "../../../src/sources/hub/generations.ts";
import { endsAt, held, land } from "../../support/app/looks.ts";
import { aDefinition, aWorld, type World } from "../../support/app/world.ts";

const has = (world: World, ends = {}, awaited: readonly AwaitedRange[] = []) =>
  hub.hasArrivals(world, aDefinition(), { ends, awaited });

const holds = (world: World, begin: number, last: number): void => {
  world.hubs.positionsNow = [{ partition: "0", begin, last }];
};

test("behind the watermark there is something where the hub's last event lies beyond it", async () => {
  const world = aWorld();
  const ends = await endsAt(world, 9);
  held(world, 9);
  expect(await has(world, ends)).toBe(false);
  held(world, 10);
  expect(await has(world, ends)).toBe(true);
});

test("of a partition that no batch has named, what the hub holds counts, and not what was there before it was registered", async () => {
  const world = aWorld();
  holds(world, 5, 4);
  expect(await has(world)).toBe(false);
  // It was registered with its begin.
  holds(world, 5, 5);
  expect(await has(world)).toBe(true);
  holds(world, 0, 4);
  expect(await has(world)).toBe(false);
});

test("where the hub holds nothing any more, what has landed is looked for", async () => {
  const world = aWorld();
  await land(world, 0, 9);
  holds(world, 10, 9);
  expect(await has(world)).toBe(true);
  const empty = aWorld();
  holds(empty, 0, -1);
  await readPresentGeneration(empty, "flights");
  holds(empty, 10, 9);
  expect(await has(empty)).toBe(false);
  expect(empty.lake.counts.get("listSome")).toBe(1);
});

test("events that are awaited, and have landed, are arrivals", async () => {
  const world = aWorld();
  const ends = await endsAt(world, 19);
  const { generation } = await readPresentGeneration(world, "flights");
  held(world, 19);
  const range: AwaitedRange = {
    ...{ stream: "hub/flights", generation, partition: "0" },
    ...{ from: 5, to: 9, since: "2026-01-01T00:00:00.000Z" },
  };
  expect(await has(world, ends, [range])).toBe(false);
  await land(world, 7, 9);
  await landEvents(world, { ...aBatch(0, 9), hub: "others" });
  expect(await has(world, ends)).toBe(false);
  expect(await has(world, ends, [range])).toBe(true);
  const others = await readPresentGeneration(world, "others");
  expect(
    await has(world, ends, [
      { ...range, stream: "hub/others", generation: others.generation },
    ]),
  ).toBe(false);
});

test("events of a hub that was there before are arrivals", async () => {
  const world = aWorld();
  await land(world, 0, 9);
  world.hubs.createdOn = "2026-01-01T00:00:00.000Z";
  world.clock.now += 60_001;
  held(world, -1);
  expect(await has(world)).toBe(true);
});

test("a sweep of a hub takes nothing in", async () => {
  const world = aWorld();
  expect(await hub.sweep(world, aDefinition())).toEqual({
    ...{ hasTaken: false, notTaken: [] },
  });
});

test("of a range that is awaited its own events are taken, in as many parts as they came", async () => {
  const world = aWorld();
  const { generation } = await readPresentGeneration(world, "flights");
  const since = "2026-01-01T00:00:00.000Z";
  const of = { stream: "hub/flights", generation, partition: "0" };
  for (const [first, last] of [
    [0, 11],
    [14, 15],
    [18, 20],
    [21, 29],
  ] as const)
    await land(world, first, last);
  const ranges = async (from: number, to: number) => {
    const awaited = [{ ...of, from, to, since }];
    const { recovered } = await readRecovered(world, of.stream, { awaited });
    return recovered.map((slice) => [slice.from, slice.to]);
  };
  expect(await ranges(10, 20)).toEqual([
    [10, 11],
    [14, 15],
    [18, 20],
  ]);
  expect(await ranges(12, 13)).toEqual([]);
  expect(await ranges(19, 24)).toEqual([
    [19, 20],
    [21, 24],
  ]);
  expect(await ranges(30, 40)).toEqual([]);
});
