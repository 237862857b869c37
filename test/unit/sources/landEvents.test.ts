import { landEvents } from "../../../src/sources/hub/landEvents.ts";
import { planBatch } from "../../../src/activities/planBatch.ts";
import { batchPaths } from "../../../src/domain/paths.ts";
import type { Manifest } from "../../../src/domain/records.ts";
import { aBatch } from "../../support/app/events.ts";
import { endBatch } from "../../support/app/endBatch.ts";
import { aWorld, type World } from "../../support/app/world.ts";

const bronze = (world: World) =>
  [...world.lake.files.keys()].filter((path) => path.startsWith("bronze/"));
const names = (world: World) => world.logged.map(({ event }) => event);

test("a batch becomes one file, and a redelivered one meets it", async () => {
  const world = aWorld();
  await landEvents(world, aBatch(0, 9));
  await landEvents(world, aBatch(0, 9));
  expect(bronze(world)).toHaveLength(1);
  expect(names(world)).toEqual([
    "stream.registered",
    "events.landed",
    "events.redelivered",
  ]);
});

test("a batch with a hole becomes a file for each run of consecutive events", async () => {
  const world = aWorld();
  const batch = aBatch(0, 3);
  batch.metadata.sequenceNumberArray = [0, 1, 5, 6];
  await landEvents(world, batch);
  expect(bronze(world).map((path) => path.slice(-46))).toEqual(
    [
      "/00000000000000000000-00000000000000000001.avro",
      "/00000000000000000005-00000000000000000006.avro",
    ].map((name) => name.slice(-46)),
  );
});

test("other events at the same position are an alert, and the hub's generation is asked for anew", async () => {
  const world = aWorld();
  await landEvents(world, aBatch(0, 9));
  const other = aBatch(0, 9, (sequence) => `other ${sequence}`);
  await expect(landEvents(world, other)).rejects.toMatchObject({
    code: "BRONZE_CONFLICT",
  });
  expect(names(world)).toContain("events.conflicted");

  world.hubs.createdOn = "2026-01-01T00:00:00.000Z";
  await landEvents(world, other);
  expect(bronze(world)).toHaveLength(2);
});

test("bodies without a position each are refused, so that the host gives them again", async () => {
  const world = aWorld();
  const batch = aBatch(0, 9);
  await expect(
    landEvents(world, { ...batch, bodies: batch.bodies.slice(1) }),
  ).rejects.toMatchObject({ code: "DELIVERY_MISALIGNED" });
});

const RECREATED_ON = "2026-01-01T00:00:00.000Z";
const generations = (world: World) =>
  new Set(bronze(world).map((path) => path.split("/")[3])).size;
const plan = (world: World) => planBatch(world, { pipeline: "flights" });

/** How often the hub was asked for its generation since. */
function countQuestions(world: World): () => number {
  let asked = 0;
  const ask = world.hubs.generation.bind(world.hubs);
  world.hubs.generation = (hub) => {
    asked += 1;
    return ask(hub);
  };
  return () => asked;
}

test("the events of a hub that was created again are another generation and are planned, however they are cut", async () => {
  const world = aWorld();
  await landEvents(world, aBatch(0, 9));
  world.hubs.positionsNow = [{ partition: "0", begin: 0, last: 9 }];
  await plan(world);
  await endBatch(world.lake, 1);

  world.hubs.createdOn = RECREATED_ON;
  world.clock.now += 1;
  world.hubs.positionsNow = [{ partition: "0", begin: 0, last: 6 }];
  await landEvents(world, aBatch(0, 3));
  await landEvents(world, aBatch(4, 6));
  expect(generations(world)).toBe(2);
  expect(await plan(world)).toMatchObject({ batch: 2 });
  const { slices } = world.lake.json(
    batchPaths("flights", 2).manifest,
  ) as Manifest;
  expect(slices.map(({ from, to }) => [from, to])).toEqual([
    [0, 3],
    [4, 6],
  ]);
});

test("a process that never landed a partition does not trust what it knows of the hub", async () => {
  const world = aWorld();
  await landEvents(world, aBatch(0, 9));
  world.hubs.createdOn = RECREATED_ON;
  world.clock.now += 1;
  await landEvents(world, aBatch(0, 4, undefined, "1"));
  expect(generations(world)).toBe(2);
});

test("what a process knows of a hub is a minute old at most", async () => {
  const world = aWorld();
  await landEvents(world, aBatch(0, 9));
  world.hubs.createdOn = RECREATED_ON;
  world.clock.now += 60_001;
  await landEvents(world, aBatch(20, 29));
  expect(generations(world)).toBe(2);
});

test("batches that follow each other ask for the hub's generation once a minute, a redelivered one once more", async () => {
  const world = aWorld();
  const asked = countQuestions(world);
  for (let first = 0; first < 590; first += 10) {
    await landEvents(world, aBatch(first, first + 9));
    world.clock.now += 1000;
  }
  expect(asked()).toBe(1);
  const files = bronze(world).length;
  await landEvents(world, aBatch(580, 589));
  expect(asked()).toBe(2);
  expect(bronze(world)).toHaveLength(files);
  expect(names(world).at(-1)).toBe("events.redelivered");
});

test("batches at once ask for the hub's generation together", async () => {
  const world = aWorld();
  const asked = countQuestions(world);
  await Promise.all(
    [aBatch(0, 9), aBatch(10, 19)].map((batch) => landEvents(world, batch)),
  );
  expect(asked()).toBe(1);
});

test("a hub that cannot be asked fails the batch, and the next try asks again", async () => {
  const world = aWorld();
  await landEvents(world, aBatch(0, 9));
  const ask = world.hubs.generation.bind(world.hubs);
  world.hubs.generation = () => Promise.reject(new Error("busy"));
  world.clock.now += 60_001;
  const land = () => landEvents(world, aBatch(10, 19));
  await expect(land()).rejects.toThrow("busy");
  world.hubs.generation = ask;
  await land();
  expect(bronze(world)).toHaveLength(2);
});
