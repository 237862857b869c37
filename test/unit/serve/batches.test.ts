import { describeBatch, describeBatches } from "../../../src/serve/batches.ts";
import { batchPaths } from "../../../src/domain/paths.ts";
import {
  aBlock,
  aTable,
  putHead,
  putManifest,
  putProcessed,
  putSkipped,
} from "../../support/app/ended.ts";
import { aDefinition, aWorld, pipelinesOf } from "../../support/app/world.ts";

const attempt = { version: 3, attempt: 1, token: "t", createdAt: "t" };

test("the state of a batch is told from the documents that it has", async () => {
  const world = aWorld();
  const paths = batchPaths("flights", 1);
  const states = async () =>
    (await describeBatches(world, "flights")).batches.map(({ state }) => state);
  expect(await states()).toEqual([]);
  putManifest(world, 1);
  expect(await states()).toEqual(["planned"]);
  world.lake.put(paths.attempt(1), attempt);
  expect(await states()).toEqual(["running"]);
  world.lake.put(paths.blocked, {
    version: 3,
    reason: "job",
    code: "X",
    message: "m",
    definition: "d",
  });
  expect(await describeBatch(world, "flights", 1)).toMatchObject({
    state: "blocked",
    blocked: { reason: "job", code: "X", message: "m", definition: "d" },
  });
  world.lake.files.delete(paths.blocked);
  putProcessed(world, 1, { airport_delays: aTable("airport", "day") });
  expect(await describeBatch(world, "flights", 1)).toMatchObject({
    state: "processed",
    tables: {
      airport_delays: {
        key: ["airport", "day"],
        rows: 3,
        inserted: 0,
        updated: 1,
        deleted: 0,
      },
    },
  });
  world.lake.put(paths.attempt(1), { ...attempt, seconds: 6 });
  expect((await describeBatch(world, "flights", 1)).seconds).toBe(6);
  await expect(describeBatch(world, "flights", 2)).rejects.toMatchObject({
    code: "BATCH_UNKNOWN",
  });
});

test("a skipped batch is told with what it left out", async () => {
  const world = aWorld();
  putSkipped(world, 1);
  expect(await describeBatch(world, "flights", 1)).toMatchObject({
    state: "skipped",
    sources: { flights: { received: 5, skipped: 5 } },
  });
});

test("a processed batch tells of each sink that it names how far it is there", async () => {
  const sink = { kind: "cosmos", tables: [], settings: {} };
  const sinks = { cosmos: sink, later: { ...sink, after: "cosmos" } };
  const world = aWorld({ pipelines: pipelinesOf(aDefinition({ sinks })) });
  for (const batch of [1, 2, 3])
    putProcessed(world, batch, {}, ["cosmos", "later"]);
  const states = async () =>
    (await describeBatches(world, "flights")).batches
      .map(({ sinks: { cosmos, later } = {} }) => [cosmos, later])
      .reverse();
  putHead(world, "cosmos", 2);
  putHead(world, "later", 1);
  expect(await states()).toEqual([
    ["delivered", "delivering"],
    ["delivering", "waiting"],
    ["waiting", "waiting"],
  ]);
  putHead(world, "cosmos", 2, { blocked: aBlock() });
  putHead(world, "later", 2);
  expect(await states()).toEqual([
    ["delivered", "delivered"],
    ["blocked", "waiting"],
    ["waiting", "waiting"],
  ]);
});

test("the newest twenty are listed, and an ended one is read once", async () => {
  const world = aWorld();
  for (let batch = 1; batch <= 25; batch += 1) {
    putProcessed(world, batch, {});
    const path = batchPaths("flights", batch).attempt(1);
    world.lake.put(path, { ...attempt, seconds: 6 });
  }
  putHead(world, "cosmos", 26);
  const { batches } = await describeBatches(world, "flights");
  expect(batches.map(({ batch }) => batch)).toEqual(
    Array.from({ length: 20 }, (_, index) => 25 - index),
  );
  const reads = () => world.lake.counts.get("read") ?? 0;
  const before = reads();
  await describeBatches(world, "flights");
  // The sink's head.
  expect(reads()).toBe(before + 1);
});
