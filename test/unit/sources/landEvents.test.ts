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
  const counts = bronze(world).map(
    (path) => world.lake.files.get(path)?.metadata["count"],
  );
  expect(counts).toEqual(["2", "2"]);
});

test("other events at the same position are an alert, and the hub's generation is asked for anew", async () => {
  const world = aWorld();
  await landEvents(world, aBatch(0, 9));
  const other = aBatch(0, 9, (sequence) => `other ${sequence}`);
  const [path = ""] = bronze(world);
  await expect(landEvents(world, other)).rejects.toMatchObject({
    code: "BRONZE_CONFLICT",
    detail: `${path} exists and holds other events.`,
  });
  const range = { hub: "flights", partition: "0", first: 0, last: 9 };
  const bytes = world.lake.files.get(path)?.content.length;
  expect(world.logged.slice(1)).toEqual([
    { event: "events.landed", fields: { ...range, bytes } },
    { event: "events.conflicted", fields: { ...range, path } },
  ]);

  world.hubs.createdOn = "2026-01-01T00:00:00.000Z";
  await landEvents(world, other);
  expect(bronze(world)).toHaveLength(2);
});

test("a file that is there when it is made and gone when it is looked at is a conflict", async () => {
  const world = aWorld();
  const create = world.lake.createOnce.bind(world.lake);
  world.lake.createOnce = (path, ...more) =>
    path.startsWith("bronze/") ? Promise.resolve(false) : create(path, ...more);
  await expect(landEvents(world, aBatch(0, 9))).rejects.toMatchObject({
    code: "BRONZE_CONFLICT",
  });
});

test("bodies without a position each are refused, so that the host gives them again", async () => {
  const world = aWorld();
  const batch = aBatch(0, 9);
  await expect(
    landEvents(world, { ...batch, bodies: batch.bodies.slice(1) }),
  ).rejects.toMatchObject({
    code: "DELIVERY_MISALIGNED",
    detail: "9 bodies of flights came without a position for each.",
  });
  // Of nothing there is nothing to refuse, and nobody is asked.
  world.hubs.generation = () => Promise.reject(new Error("It is not asked."));
  await landEvents(world, { hub: "flights", bodies: [], metadata: {} });
  expect(bronze(world)).toEqual([]);
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

test("a process that remembers a partition of the hub before takes over one of the hub that was created anew", async () => {
  // Right behind what it remembers, as the checkpoint of the hub before has it, and anywhere else.
  for (const first of [100, 101, 200]) {
    const world = aWorld();
    await landEvents(world, aBatch(0, 99));
    world.hubs.createdOn = RECREATED_ON;
    world.clock.now += 30_000;
    await landEvents(world, aBatch(first, first + 99));
    expect(generations(world)).toBe(2);
  }
});

test("a delivery that leaves events out, or begins before the last one, asks which hub it is of at once", async () => {
  for (const first of [200, 101, 50]) {
    const world = aWorld();
    await landEvents(world, aBatch(0, 99));
    world.hubs.createdOn = RECREATED_ON;
    world.clock.now += 1;
    await landEvents(world, aBatch(first, first + 99));
    expect(generations(world)).toBe(2);
  }
});

test("a busy partition costs no question, a slow one at most one in two seconds whatever the number of partitions", async () => {
  const world = aWorld();
  const asked = countQuestions(world);
  const partitions = Array.from({ length: 32 }, (_, index) => String(index));
  for (const partition of partitions)
    await landEvents(world, aBatch(0, 9, undefined, partition));
  const before = asked();
  for (let second = 0; second < 50; second += 1) {
    world.clock.now += 1000;
    await landEvents(
      world,
      aBatch(10 * (second + 1), 10 * (second + 1) + 9, undefined, "0"),
    );
  }
  expect(asked() - before).toBe(0);
  world.clock.now += 10_000;
  for (const partition of partitions.slice(1))
    await landEvents(world, aBatch(10, 19, undefined, partition));
  expect(asked() - before).toBe(1);
});

test("a redelivery with the same events is the same file, whatever else the host says of them", async () => {
  const variants: ((batch: ReturnType<typeof aBatch>) => void)[] = [
    ({ metadata }) => {
      Object.assign(metadata, {
        propertiesArray: metadata.propertiesArray.map(() => ({ n: "1" })),
      });
    },
    ({ metadata }) => {
      Object.assign(metadata, { enqueuedTimeUtcArray: undefined });
    },
    ({ metadata }) => {
      Object.assign(metadata, {
        offsetArray: metadata.sequenceNumberArray.map(String),
        systemPropertiesArray: undefined,
      });
    },
  ];
  for (const vary of variants) {
    const world = aWorld();
    const batch = aBatch(0, 9);
    Object.assign(batch.metadata, {
      propertiesArray: batch.metadata.sequenceNumberArray.map(() => ({ n: 1 })),
    });
    await landEvents(world, batch);
    vary(batch);
    await landEvents(world, batch);
    expect(names(world).at(-1)).toBe("events.redelivered");
    expect(bronze(world)).toHaveLength(1);
  }
});

test("bodies that are cut otherwise are other events, though they are the same bytes one after the other", async () => {
  const world = aWorld();
  await landEvents(
    world,
    aBatch(0, 1, (sequence) => ["ab", "c"][sequence] ?? ""),
  );
  await expect(
    landEvents(
      world,
      aBatch(0, 1, (sequence) => ["a", "bc"][sequence] ?? ""),
    ),
  ).rejects.toMatchObject({ code: "BRONZE_CONFLICT" });
});

test("a file without a digest of its events, as a version before has written it, is met by as many events, and by no others", async () => {
  const withStamp = async (stamp: Record<string, string>): Promise<World> => {
    const world = aWorld();
    await landEvents(world, aBatch(0, 9));
    const [path = ""] = bronze(world);
    const file = world.lake.files.get(path);
    if (!file) throw new Error(`There is no ${path}.`);
    world.lake.files.set(path, { ...file, metadata: stamp });
    return world;
  };
  const old = await withStamp({ count: "10", encoding: "1", sha256: "x" });
  await landEvents(old, aBatch(0, 9));
  expect(names(old).at(-1)).toBe("events.redelivered");
  expect(bronze(old)).toHaveLength(1);
  for (const stamp of [{ count: "9" }, { count: "10", events: "x" }, {}])
    await expect(
      landEvents(await withStamp(stamp), aBatch(0, 9)),
    ).rejects.toMatchObject({ code: "BRONZE_CONFLICT" });
});
