import { planBatch } from "../../../src/activities/planBatch.ts";
import { batchPaths, requestPath } from "../../../src/domain/paths.ts";
import { decide } from "../../../src/domain/waiting.ts";
import { readPipelineStatus } from "../../../src/process/pipelineStatus.ts";
import { landEvents } from "../../../src/sources/hub/landEvents.ts";
import { aBatch } from "../../support/app/events.ts";
import { aDefinition, aWorld, type World } from "../../support/app/world.ts";

const FLIGHTS = { pipeline: "flights" };
const plan = (world: World) => planBatch(world, FLIGHTS);
const paths = batchPaths("flights", 1);
const second = batchPaths("flights", 2);
const silver = {
  version: 3,
  sources: {
    flights: {
      ...{ received: 10, accepted: 10, duplicate: 0, quarantined: 0, late: 0 },
      ...{ expired: 0, missing: 0, newestEventAt: null },
      partitions: { "g/0": { from: 0, to: 9, rows: 10, distinct: 10 } },
    },
  },
};
const blocked = {
  ...{ version: 3, reason: "job", code: "JOB_FAILED", message: "A MERGE." },
  definition: aDefinition().digest,
};

/** An operator asks to go on without a batch; the id of the request. */
function ask(world: World, batch: number, more: object = {}): string {
  const id = `20260101T000000000Z-00000${batch}`;
  const createdAt = "2026-01-01T00:00:00.000Z";
  const request = { version: 3, id, createdAt, kind: "skip", batch, ...more };
  world.lake.put(requestPath("flights", id), request);
  return id;
}

/** Batch 1 is blocked behind its account in silver. */
async function aJudgedWorld(): Promise<World> {
  const world = aWorld();
  await landEvents(world, aBatch(0, 9));
  world.hubs.positionsNow = [{ partition: "0", begin: 0, last: 9 }];
  await plan(world);
  world.lake.put(paths.silver, silver);
  world.lake.put(paths.blocked, blocked);
  return world;
}

test("a skip without rows leaves out what silver has judged, and what it owes of batches skipped right before", async () => {
  const world = await aJudgedWorld();
  await landEvents(world, aBatch(10, 14));
  world.hubs.positionsNow = [{ partition: "0", begin: 0, last: 14 }];
  const first = ask(world, 1);
  await plan(world);
  expect(world.lake.json(paths.skipped)).toMatchObject({
    sources: { flights: { accepted: 10, skipped: 0 } },
  });
  // The next batch fails on the rows of the first, and is skipped: its own are left out, too.
  world.lake.put(second.silver, silver);
  world.lake.put(second.blocked, blocked);
  const id = ask(world, 2, { withoutRows: true });
  await plan(world);
  const skippedAt = new Date(world.now()).toISOString();
  const skipped = { version: 3, skippedAt, withoutRows: true };
  expect(world.lake.json(paths.skipped)).toEqual({
    ...skipped,
    batch: 1,
    request: first,
    sources: { flights: { received: 10, skipped: 10 } },
  });
  expect(world.lake.json(second.skipped)).toEqual({
    ...skipped,
    batch: 2,
    request: id,
    sources: { flights: { received: 5, skipped: 5 } },
  });
});

test("rows that silver has judged of a skipped batch come with one without input, which is planned once", async () => {
  const world = await aJudgedWorld();
  ask(world, 1);
  expect(await plan(world)).toEqual({ ...FLIGHTS, batch: 2 });
  expect(world.lake.json(second.manifest)).toMatchObject({
    kind: "rebuild",
    slices: [],
  });
  world.lake.put(second.silver, { version: 3, sources: {} });
  world.lake.put(second.blocked, blocked);
  ask(world, 2);
  expect(await plan(world)).toBeNull();
  expect(decide(await readPipelineStatus(world, FLIGHTS)).kind).toBe("end");
});
