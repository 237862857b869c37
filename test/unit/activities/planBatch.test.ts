import { describeRun } from "../../../src/serve/batches.ts";
import { landEvents } from "../../../src/ingest/landEvents.ts";
import { planBatch } from "../../../src/activities/planBatch.ts";
import { startJobRun } from "../../../src/activities/startJobRun.ts";
import { batchPaths } from "../../../src/domain/paths.ts";
import type { Manifest } from "../../../src/domain/records.ts";
import { createCaches } from "../../../src/ledger/caches.ts";
import { aBatch } from "../../support/app/events.ts";
import {
  aDefinition,
  aWorld,
  pipelinesOf,
  type World,
} from "../../support/app/world.ts";

const plan = (world: World) => planBatch(world, { pipeline: "flights" });
const manifest = (world: World, batch: number) =>
  world.lake.json(batchPaths("flights", batch).manifest) as Manifest;
const finish = (world: World, batch: number) => {
  world.lake.put(batchPaths("flights", batch).done, {
    seconds: { process: 42, publish: 1 },
  });
};

async function arrive(
  world: World,
  first: number,
  last: number,
): Promise<void> {
  await landEvents(world, aBatch(first, last));
  world.hubs.positionsNow = [{ partition: "0", begin: 0, last }];
}

test("without input there is no batch", async () => {
  expect(await plan(aWorld())).toBeNull();
});

test("a batch that is not done is planned again as it is", async () => {
  const world = aWorld();
  await arrive(world, 0, 9);
  await plan(world);
  const before = JSON.stringify(manifest(world, 1));
  await arrive(world, 10, 19);
  expect(await plan(world)).toEqual({ pipeline: "flights", batch: 1 });
  expect(JSON.stringify(manifest(world, 1))).toBe(before);
});

test("of two planners at once one makes the manifest and both run it", async () => {
  const world = aWorld();
  await arrive(world, 0, 9);
  const other = { ...world, caches: createCaches() };
  const planned = await Promise.all([plan(world), plan(other)]);
  expect(planned).toEqual([
    { pipeline: "flights", batch: 1 },
    { pipeline: "flights", batch: 1 },
  ]);
  expect(
    world.logged.filter(({ event }) => event === "batch.planned"),
  ).toHaveLength(1);
});

test("each batch begins where the one before ended, and the definition it names is in the lake", async () => {
  const world = aWorld();
  await arrive(world, 0, 9);
  await plan(world);
  finish(world, 1);
  await arrive(world, 5, 19);
  await plan(world);
  const { slices, definition, ends } = manifest(world, 2);
  expect(slices).toMatchObject([{ source: "flights", from: 10, to: 19 }]);
  expect(Object.values(ends["flights"] ?? {})).toEqual([{ "0": 19 }]);
  expect(
    world.lake.json(`_assay/definitions/flights/${definition}.json`),
  ).toMatchObject({ pipeline: "flights" });
});

test("a batch that ended by its sealed definition, not by the one it was unblocked with, is followed by a rebuild", async () => {
  const world = aWorld();
  await arrive(world, 0, 9);
  await plan(world);
  const { definition: sealed } = manifest(world, 1);
  const mended = aDefinition({ digest: "b".repeat(64) });
  Object.assign(world, { pipelines: pipelinesOf(mended) });
  const paths = batchPaths("flights", 1);
  world.lake.put(paths.blocked, { version: 1, definition: sealed });
  expect(await plan(world)).toEqual({ pipeline: "flights", batch: 1 });
  world.lake.put(paths.process, { definition: sealed, sources: {}, gold: {} });
  finish(world, 1);
  expect((await describeRun(world, "flights", 1)).definition).toBe(sealed);

  expect(await plan(world)).toEqual({ pipeline: "flights", batch: 2 });
  expect(manifest(world, 2)).toMatchObject({
    kind: "rebuild",
    definition: mended.digest,
  });
  const rebuilt = { definition: mended.digest, sources: {}, gold: {} };
  world.lake.put(batchPaths("flights", 2).process, rebuilt);
  finish(world, 2);
  expect(await plan(world)).toBeNull();
});

test("a batch takes about as many events as the pipeline allows", async () => {
  const batching = { ...aDefinition().batching, maxEvents: 15 };
  const world = aWorld({ pipelines: pipelinesOf(aDefinition({ batching })) });
  for (const first of [0, 10, 20, 30]) await arrive(world, first, first + 9);
  await plan(world);
  expect(manifest(world, 1).slices.map(({ to }) => to)).toEqual([9, 19]);
});

test("a job run's token is in the lake before the submit, and a lost answer starts no second run", async () => {
  const world = aWorld();
  await arrive(world, 0, 9);
  await plan(world);
  const start = () =>
    startJobRun(world, { pipeline: "flights", batch: 1, failedAttempt: 0 });
  const submit = world.jobs.start.bind(world.jobs);
  world.jobs.start = async (token, parameters) => {
    expect(
      world.lake.json(batchPaths("flights", 1).attempt("process", 1)),
    ).toMatchObject({ token });
    await submit(token, parameters);
    throw new Error("The connection is gone.");
  };
  await expect(start()).rejects.toThrow();
  world.jobs.start = submit;
  expect(await start()).toMatchObject({ attempt: 1, runId: 1 });
  expect(world.jobs.parameters).toEqual([
    { pipeline: "flights", batch: "1", attempt: "1" },
  ]);
});

test("the length of a batch before that was about as large is the prediction", async () => {
  const world = aWorld();
  await arrive(world, 0, 9);
  await plan(world);
  finish(world, 1);
  await arrive(world, 10, 19);
  await plan(world);
  const started = await startJobRun(world, {
    pipeline: "flights",
    batch: 2,
    failedAttempt: 0,
  });
  expect(started).toMatchObject({ predictedSeconds: 42 });

  finish(world, 2);
  await arrive(world, 20, 23);
  await plan(world);
  const small = { pipeline: "flights", batch: 3, failedAttempt: 0 };
  expect(await startJobRun(world, small)).not.toHaveProperty(
    "predictedSeconds",
  );
});
