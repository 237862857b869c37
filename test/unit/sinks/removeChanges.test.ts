import { batchPaths, sinkPaths } from "../../../src/domain/paths.ts";
import {
  removeChanges,
  removeUnowedChanges,
} from "../../../src/sinks/removeChanges.ts";
import { aRow, beginHead, sealBatch } from "../../support/app/delivering.ts";
import { aDefinition, aWorld, type World } from "../../support/app/world.ts";

const definition = aDefinition({ sinks: {} });

/** The batches whose change sets are kept, after as many were planned. */
async function keptAfter(world: World, newest: number): Promise<number[]> {
  for (let batch = 1; batch <= newest; batch += 1) {
    sealBatch(world, batch, { definition, parts: { routes: [[aRow("a")]] } });
    await removeUnowedChanges(world, "flights", batch);
  }
  return Array.from({ length: newest }, (_, index) => index + 1).filter(
    (batch) =>
      [...world.lake.files.keys()].some((path) =>
        path.startsWith(`${batchPaths("flights", batch).work}/`),
      ),
  );
}

test("where no sink is at work, planning keeps the change sets of the newest twenty batches", async () => {
  const world = aWorld();
  const retiredAt = "2026-01-01T00:00:00.000Z";
  beginHead(world, "cosmos", { nextBatch: 3, retiredAt });
  const newest = Array.from({ length: 20 }, (_, index) => index + 4);
  expect(await keptAfter(world, 23)).toEqual(newest);
});

test("a sink at work keeps what it has not delivered, and removes the rest itself", async () => {
  const world = aWorld();
  beginHead(world, "cosmos", { nextBatch: 3 });
  expect(await keptAfter(world, 23)).toHaveLength(23);
});

/** The batches whose change sets are there, of so many. */
const kept = (world: World, newest: number): number[] =>
  Array.from({ length: newest }, (_, index) => index + 1).filter((batch) =>
    [...world.lake.files.keys()].some((path) =>
      path.startsWith(`${batchPaths("flights", batch).work}/`),
    ),
  );

function sealMany(world: World, newest: number): void {
  for (let batch = 1; batch <= newest; batch += 1)
    sealBatch(world, batch, { definition, parts: { routes: [[aRow("a")]] } });
}

test.each([
  // A sink that is up to date: what twenty newer ones follow goes.
  ["the newest", 22, [2]],
  // One that lags leaves the batch before behind.
  ["an older one", 2, [1]],
  ["the first one", 1, []],
  ["one that is kept with all before it", 20, []],
  ["one whose neighbour before is kept", 4, []],
  ["one whose neighbour before is the last to go", 3, [2]],
])(
  "a sink that leaves %s behind removes what no sink needs, and says so",
  async (_, batch, removed) => {
    const world = aWorld();
    sealMany(world, 22);
    beginHead(world, "cosmos", { nextBatch: batch });
    await removeChanges(world, "flights", "cosmos", batch);
    const all = Array.from({ length: 22 }, (_, index) => index + 1);
    expect(kept(world, 22)).toEqual(
      all.filter((each) => !removed.includes(each)),
    );
    expect(world.logged).toEqual(
      removed.map((each) => ({
        event: "changes.removed",
        fields: { pipeline: "flights", batch: each },
      })),
    );
  },
);

test("what another sink has still to deliver stays", async () => {
  const world = aWorld();
  sealMany(world, 22);
  beginHead(world, "cosmos", { nextBatch: 22 });
  beginHead(world, "notify", { nextBatch: 2 });
  await removeChanges(world, "flights", "cosmos", 22);
  expect(kept(world, 22)).toHaveLength(22);
  beginHead(world, "notify", { nextBatch: 3 });
  await removeChanges(world, "flights", "cosmos", 22);
  expect(kept(world, 22)).not.toContain(2);
});

test("a folder of a sink without a head keeps nothing", async () => {
  const world = aWorld();
  sealMany(world, 22);
  world.lake.put(`${sinkPaths("flights", "old").refused}/routes/a.json`, {
    ...{ version: 3, table: "routes", key: ["a"], batch: 1 },
    ...{ status: 413, reason: "It is too large." },
  });
  beginHead(world, "cosmos", { nextBatch: 22 });
  await removeChanges(world, "flights", "cosmos", 22);
  expect(kept(world, 22)).not.toContain(2);
});

test("planning tells what it removes, and removes the same again", async () => {
  const world = aWorld();
  sealMany(world, 21);
  await removeUnowedChanges(world, "flights", 20);
  expect(world.logged).toEqual([]);
  await removeUnowedChanges(world, "flights", 21);
  await removeUnowedChanges(world, "flights", 21);
  expect(kept(world, 21)).toHaveLength(20);
  const told = {
    event: "changes.removed",
    fields: { pipeline: "flights", batch: 1 },
  };
  expect(world.logged).toEqual([told, told]);
});
