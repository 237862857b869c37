import { claimFile } from "../../../src/sources/landing/claimFile.ts";
import { hasWork } from "../../support/app/sweeping.ts";
import { landEvents } from "../../../src/sources/hub/landEvents.ts";
import { planBatch } from "../../../src/activities/planBatch.ts";
import { GAP_DEADLINE_MS } from "../../../src/domain/gaps.ts";
import { batchPaths } from "../../../src/domain/paths.ts";
import { createCaches } from "../../../src/ledger/caches.ts";
import { endBatch } from "../../support/app/endBatch.ts";
import { aBatch } from "../../support/app/events.ts";
import {
  aDefinition,
  aWorld,
  pipelinesOf,
  START,
  type World,
} from "../../support/app/world.ts";

const ask = (world: World) => hasWork(world, "flights");

/** A pipeline whose first batch has ended, in a process that has swept before. */
async function aRestingWorld(): Promise<World> {
  const world = aWorld();
  await landEvents(world, aBatch(0, 9));
  world.hubs.positionsNow = [{ partition: "0", begin: 0, last: 9 }];
  await planBatch(world, { pipeline: "flights" });
  await endBatch(world.lake, 1);
  expect(await ask(world)).toBe(false);
  return world;
}

test("where nothing has come since the last batch there is nothing to do", async () => {
  await aRestingWorld();
});

test("events in the hub, a claimed file and another definition are work", async () => {
  const world = await aRestingWorld();
  world.hubs.positionsNow = [{ partition: "0", begin: 0, last: 10 }];
  expect(await ask(world)).toBe(true);
  world.hubs.positionsNow = [{ partition: "0", begin: 0, last: 9 }];
  Object.assign(world, {
    pipelines: pipelinesOf(aDefinition({ digest: "b".repeat(64) })),
  });
  expect(await ask(world)).toBe(true);
  Object.assign(world, { pipelines: pipelinesOf(aDefinition()) });
  expect(await ask(world)).toBe(false);
  const path = "landing/airports/a.csv";
  world.lake.drop(path, "iata", START - 60_000);
  await claimFile(world, { path, isClosed: false });
  expect(await ask(world)).toBe(true);
});

test("the events of a hub that was created again are work at once", async () => {
  const world = await aRestingWorld();
  world.hubs.createdOn = "2026-01-01T00:00:00.000Z";
  world.hubs.positionsNow = [{ partition: "0", begin: 0, last: 4 }];
  world.clock.now += 1;
  expect(await ask(world)).toBe(true);
});

test("events that landed of a hub that was there before are work, within the hour, though the present one has none", async () => {
  const world = await aRestingWorld();
  const landLate = async (first: number, last: number): Promise<void> => {
    const { hubs } = aWorld();
    const caches = createCaches();
    await landEvents({ ...world, hubs, caches }, aBatch(first, last));
  };
  world.hubs.createdOn = "2026-01-01T00:00:00.000Z";
  world.clock.now += 60_001;
  world.hubs.positionsNow = [{ partition: "0", begin: 0, last: -1 }];
  expect(await ask(world)).toBe(false);
  await landLate(10, 14);
  expect(await ask(world)).toBe(false);
  world.clock.now += 3_600_001;
  expect(await ask(world)).toBe(true);
  expect(await planBatch(world, { pipeline: "flights" })).toMatchObject({
    batch: 2,
  });
  await endBatch(world.lake, 2);
  expect(await ask(world)).toBe(false);

  // A hole in what landed is waited for, and looked at meanwhile.
  world.clock.now += 3_600_001;
  await landLate(20, 24);
  expect(await ask(world)).toBe(false);
  world.clock.now += GAP_DEADLINE_MS;
  expect(await ask(world)).toBe(true);
});

test("a batch that nobody runs is work, and a blocked one is not", async () => {
  const world = await aRestingWorld();
  world.lake.files.delete(batchPaths("flights", 1).process);
  expect(await ask(world)).toBe(true);
  world.lake.put(batchPaths("flights", 1).blocked, {
    version: 3,
    reason: "job",
    code: "JOB_FAILED",
    message: "Workload failed.",
    definition: aDefinition().digest,
  });
  world.hubs.positionsNow = [{ partition: "0", begin: 0, last: 99 }];
  expect(await ask(world)).toBe(false);
});

test("nothing of bronze is listed", async () => {
  const world = await aRestingWorld();
  const list = world.lake.list.bind(world.lake);
  const listed: string[] = [];
  world.lake.list = (folder) => {
    listed.push(folder);
    return list(folder);
  };
  await ask(world);
  expect(listed.sort()).toEqual([
    "_assay/pipelines/flights/files/pending",
    "_assay/pipelines/flights/requests",
    "_assay/streams/hub/flights",
  ]);
});
