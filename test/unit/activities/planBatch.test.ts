import { landEvents } from "../../../src/sources/hub/landEvents.ts";
import { planBatch } from "../../../src/activities/planBatch.ts";
import { startJobRun } from "../../../src/activities/startJobRun.ts";
import {
  batchPaths,
  definitionPath,
  incarnationPath,
  sinkPaths,
} from "../../../src/domain/paths.ts";
import type { Manifest } from "../../../src/domain/records.ts";
import { createCaches } from "../../../src/ledger/caches.ts";
import { endBatch } from "../../support/app/endBatch.ts";
import { aBatch } from "../../support/app/events.ts";
import { seenBy } from "../../support/app/memoryLake.ts";
import {
  aDefinition,
  aWorld,
  pipelinesOf,
  type World,
} from "../../support/app/world.ts";

const plan = (world: World) => planBatch(world, { pipeline: "flights" });
const manifest = (world: World, batch: number) =>
  world.lake.json(batchPaths("flights", batch).manifest) as Manifest;
const finish = (world: World, batch: number) => endBatch(world.lake, batch);
const mended = aDefinition({ digest: "b".repeat(64) });
const deployMended = (world: World) =>
  Object.assign(world, { pipelines: pipelinesOf(mended) });

async function arrive(
  world: World,
  first: number,
  last: number,
): Promise<void> {
  await landEvents(world, aBatch(first, last));
  world.hubs.positionsNow = [{ partition: "0", begin: 0, last }];
}

/** A world whose first batch, of ten events, is planned. */
async function aPlannedWorld(): Promise<World> {
  const world = aWorld();
  await arrive(world, 0, 9);
  await plan(world);
  return world;
}

const block = (world: World, batch: number) => {
  world.lake.put(batchPaths("flights", batch).blocked, {
    version: 3,
    reason: "input",
    code: "UNRESOLVED_COLUMN",
    message: "There is no column dely.",
    definition: manifest(world, batch).definition,
  });
};

test("without input there is no batch", async () => {
  expect(await plan(aWorld())).toBeNull();
});

test("a batch that has not ended is planned again as it is", async () => {
  const world = await aPlannedWorld();
  const before = JSON.stringify(manifest(world, 1));
  await arrive(world, 10, 19);
  expect(await plan(world)).toEqual({ pipeline: "flights", batch: 1 });
  expect(JSON.stringify(manifest(world, 1))).toBe(before);
});

test("of two planners at once one makes the manifest and both go on with it", async () => {
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
  const world = await aPlannedWorld();
  await finish(world, 1);
  await arrive(world, 5, 19);
  await plan(world);
  const { slices, definition, ends } = manifest(world, 2);
  expect(slices).toMatchObject([
    { source: "flights", stream: "hub/flights", from: 10, to: 19 },
  ]);
  expect(Object.values(ends["hub/flights"] ?? {})).toEqual([{ "0": 19 }]);
  expect(world.lake.json(definitionPath("flights", definition))).toMatchObject({
    pipeline: "flights",
  });
});

test("every sink has a head before the manifest that names it is written, also one of a later definition", async () => {
  const world = aWorld();
  await arrive(world, 0, 9);
  const createOnce = world.lake.createOnce.bind(world.lake);
  const head = (sink: string) =>
    world.lake.json(sinkPaths("flights", sink).head);
  world.lake.createOnce = async (path, ...more) => {
    if (path.endsWith("manifest.json"))
      expect(head("cosmos")).toMatchObject({ nextBatch: 1, deliveredParts: 0 });
    return createOnce(path, ...more);
  };
  await plan(world);
  expect(manifest(world, 1)).toMatchObject({ batch: 1 });

  block(world, 1);
  const sinks = {
    ...mended.sinks,
    hook: { kind: "notify", tables: ["routes"], settings: {} },
  };
  Object.assign(world, { pipelines: pipelinesOf({ ...mended, sinks }) });
  expect(await plan(world)).toEqual({ pipeline: "flights", batch: 1 });
  expect(head("hook")).toMatchObject({ kind: "notify", nextBatch: 1 });
});

test("a batch that ended by its sealed definition, not by the one it was unblocked with, is followed by a rebuild", async () => {
  const world = await aPlannedWorld();
  const { definition: sealed } = manifest(world, 1);
  deployMended(world);
  block(world, 1);
  expect(await plan(world)).toEqual({ pipeline: "flights", batch: 1 });
  await finish(world, 1);
  expect(world.lake.json(batchPaths("flights", 1).process)).toMatchObject({
    definition: sealed,
  });
  expect(await plan(world)).toEqual({ pipeline: "flights", batch: 2 });
  expect(manifest(world, 2)).toMatchObject({
    kind: "rebuild",
    definition: mended.digest,
  });
  await finish(world, 2);
  expect(await plan(world)).toBeNull();
});

test("killed after any of its steps, an unblocking is done by the next planner", async () => {
  const steps = async (world: World, alive: number) => {
    let left = alive;
    const lake = seenBy(world.lake, () =>
      (left -= 1) < 0
        ? Promise.reject(new Error("killed"))
        : Promise.resolve(undefined),
    );
    return plan({ ...world, lake: lake as World["lake"] });
  };
  let killed = 0;
  for (let alive = 0; ; alive += 1) {
    const world = await aPlannedWorld();
    deployMended(world);
    block(world, 1);
    const outcome = await steps(world, alive).catch(() => "killed");
    expect(await plan(world)).toEqual({ pipeline: "flights", batch: 1 });
    const paths = batchPaths("flights", 1);
    expect(world.lake.json(paths.blocked)).toBeNull();
    expect(world.lake.json(paths.definition)).toMatchObject({
      definition: mended.digest,
      firstAttempt: 1,
    });
    if (outcome !== "killed") break;
    killed += 1;
  }
  expect(killed).toBeGreaterThan(8);
});

test("a batch takes about as many events as the pipeline allows", async () => {
  const batching = { ...aDefinition().batching, maxEvents: 15 };
  const world = aWorld({ pipelines: pipelinesOf(aDefinition({ batching })) });
  for (const first of [0, 10, 20, 30]) await arrive(world, first, first + 9);
  await plan(world);
  expect(manifest(world, 1).slices.map(({ to }) => to)).toEqual([9, 19]);
});

test("nothing is planned after a batch while a job run of it is active, and the answer is remembered", async () => {
  const world = await aPlannedWorld();
  await startJobRun(world, { pipeline: "flights", batch: 1, failedAttempt: 0 });
  await finish(world, 1);
  await arrive(world, 10, 19);
  world.jobs.ending = () => ({ hasEnded: false });
  expect(await plan(world)).toBeNull();
  expect(manifest(world, 2)).toBeNull();

  let questions = 0;
  world.jobs.ending = (runId) => {
    questions += 1;
    return {
      hasEnded: true,
      runId,
      hasSucceeded: false,
      fault: "platform",
      message: "",
      seconds: 9,
    };
  };
  expect(await plan(world)).toEqual({ pipeline: "flights", batch: 2 });
  const again = { ...world, caches: createCaches() };
  expect(await plan(again)).toEqual({ pipeline: "flights", batch: 2 });
  expect(questions).toBe(1);
  expect(world.lake.json(batchPaths("flights", 1).attempt(1))).toMatchObject({
    runId: 1,
    seconds: 9,
    failedBy: "platform",
  });
});

test("a state of another version is refused, by its manifest or its incarnation alone", async () => {
  const refusal = { code: "STATE_VERSION", fault: "ours" };
  const older = aWorld();
  older.lake.drop(
    batchPaths("flights", 1).manifest,
    '{ "version": 1, "batch": 1 }',
  );
  await expect(plan(older)).rejects.toMatchObject(refusal);
  await expect(plan(older)).rejects.toThrow(
    /manifest\.json was written by another version of Assay/,
  );

  const fresh = aWorld();
  fresh.lake.drop(
    incarnationPath("flights"),
    '{ "version": 1, "incarnation": "i" }',
  );
  await arrive(fresh, 0, 9);
  await expect(plan(fresh)).rejects.toMatchObject(refusal);
  expect(manifest(fresh, 1)).toBeNull();
});
