import { landEvents } from "../../../src/activities/landEvents.ts";
import { aBatch } from "../../support/app/events.ts";
import { aWorld } from "../../support/app/world.ts";

const bronze = (world: ReturnType<typeof aWorld>) =>
  [...world.lake.files.keys()].filter((path) => path.startsWith("bronze/"));
const names = (world: ReturnType<typeof aWorld>) =>
  world.logged.map(({ event }) => event);

test("a batch becomes one file, and a redelivered one meets it", async () => {
  const world = aWorld();
  await landEvents(world, aBatch(0, 9), world.log);
  await landEvents(world, aBatch(0, 9), world.log);
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
  await landEvents(world, batch, world.log);
  expect(bronze(world).map((path) => path.slice(-46))).toEqual(
    [
      "/00000000000000000000-00000000000000000001.avro",
      "/00000000000000000005-00000000000000000006.avro",
    ].map((name) => name.slice(-46)),
  );
});

test("other events at the same position are an alert, and the hub's life is asked for anew", async () => {
  const world = aWorld();
  await landEvents(world, aBatch(0, 9), world.log);
  const other = aBatch(0, 9, (sequence) => `other ${sequence}`);
  await expect(landEvents(world, other, world.log)).rejects.toMatchObject({
    code: "BRONZE_CONFLICT",
  });
  expect(names(world)).toContain("events.conflicted");

  world.hubs.createdOn = "2026-01-01T00:00:00.000Z";
  await landEvents(world, other, world.log);
  expect(bronze(world)).toHaveLength(2);
});

test("bodies without a position each are refused, so that the host gives them again", async () => {
  const world = aWorld();
  const batch = aBatch(0, 9);
  await expect(
    landEvents(world, { ...batch, bodies: batch.bodies.slice(1) }, world.log),
  ).rejects.toMatchObject({ code: "BATCH_MISALIGNED" });
});

test("the hub is asked for its life once per process", async () => {
  const world = aWorld();
  let asked = 0;
  const life = world.hubs.life.bind(world.hubs);
  world.hubs.life = (hub) => {
    asked += 1;
    return life(hub);
  };
  await Promise.all(
    [aBatch(0, 9), aBatch(10, 19)].map((batch) =>
      landEvents(world, batch, world.log),
    ),
  );
  expect(asked).toBe(1);
});
