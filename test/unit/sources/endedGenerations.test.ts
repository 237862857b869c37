import type { Ends } from "../../../src/domain/records.ts";
import { listGenerations } from "../../../src/ledger/streams.ts";
import { arrivals, endsAt, held, land } from "../../support/app/looks.ts";
import {
  aDefinition,
  aWorld,
  pipelinesOf,
  type World,
} from "../../support/app/world.ts";

test("a generation that is over and has nothing new is looked at again after an hour only", async () => {
  const world = aWorld();
  await land(world, 0, 9);
  const ends = await endsAt(world, 9);
  world.hubs.createdOn = "2026-01-01T00:00:00.000Z";
  world.clock.now += 60_001;
  world.hubs.positionsNow = [{ partition: "0", begin: 0, last: -1 }];
  const listings = async () => {
    world.lake.counts.clear();
    await arrivals(world, ends);
    return world.lake.counts.get("listSome") ?? 0;
  };
  // The old generation's partition, and the new one's, which no batch has named yet.
  expect(await listings()).toBe(2);
  expect(await listings()).toBe(1);
  world.clock.now += 3_600_000;
  expect(await listings()).toBe(1);
  world.clock.now += 1;
  expect(await listings()).toBe(2);
});

test("a generation of which one partition has something is looked at each time", async () => {
  const world = aWorld();
  world.hubs.positionsNow = ["0", "1"].map((partition) => ({
    ...{ partition, begin: 0, last: -1 },
  }));
  await land(world, 0, 9);
  world.hubs.createdOn = "2026-01-01T00:00:00.000Z";
  world.clock.now += 60_001;
  const pieces = async () =>
    (await arrivals(world)).partitions.flatMap((each) => each.pieces);
  expect(await pieces()).toHaveLength(1);
  expect(await pieces()).toHaveLength(1);
});

const OTHER = pipelinesOf(aDefinition(), aDefinition({ pipeline: "other" }));

/** A hub that was created anew as often, with ten events of each before. The first was created last year. */
async function aHubAnew(times: number): Promise<World> {
  const world = aWorld({ pipelines: OTHER });
  for (let time = 1; time <= times; time += 1) {
    await land(world, 0, 9);
    const day = String(time).padStart(2, "0");
    world.hubs.createdOn = `2026-01-${day}T00:00:00.000Z`;
    world.clock.now += 60_001;
  }
  held(world, -1);
  return world;
}

test("what one pipeline has planned of a hub that was there before is still there for another", async () => {
  const world = aWorld({ pipelines: OTHER });
  await land(world, 0, 9);
  const done = await endsAt(world, 9);
  world.hubs.createdOn = "2026-01-01T00:00:00.000Z";
  world.clock.now += 60_001;
  held(world, -1);
  const found = async (pipeline: string, ends: Ends) =>
    (await arrivals(world, ends, 1e6, pipeline)).partitions.flatMap(
      ({ pieces }) => pieces,
    );
  expect(await found("flights", done)).toEqual([]);
  expect(await found("other", {})).toMatchObject([{ from: 0, to: 9 }]);
});

test("one hub of those that were there before is looked at a time, the oldest first, and one that has something each time", async () => {
  const world = await aHubAnew(3);
  const generations = await listGenerations(world, "hub", "flights");
  const nameOf = new Map(
    generations
      .filter(({ createdOn }) => createdOn !== world.hubs.createdOn)
      .sort((a, b) => (a.createdOn < b.createdOn ? -1 : 1))
      .map(({ generation }, index) => [generation, index]),
  );
  const planned: Record<string, Record<string, number>> = {};
  const look = async () => {
    world.lake.counts.clear();
    const ends = { "hub/flights": planned };
    const { partitions } = await arrivals(world, ends);
    return partitions
      .filter(({ pieces }) => pieces.length > 0)
      .map(({ of }) => nameOf.get(of.generation));
  };
  const plan = (index: number): void => {
    for (const [generation, at] of nameOf)
      if (at === index) planned[generation] = { "0": 9 };
  };
  expect(await look()).toEqual([0]);
  expect(await look()).toEqual([0, 1]);
  plan(0);
  expect(await look()).toEqual([1, 2]);
  plan(1);
  plan(2);
  expect(await look()).toEqual([]);
  expect(await look()).toEqual([]);
  // The partition of the present one alone, which no batch has named.
  expect(world.lake.counts.get("listSome")).toBe(1);
});
