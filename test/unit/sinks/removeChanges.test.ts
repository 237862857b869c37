import { batchPaths } from "../../../src/domain/paths.ts";
import { removeUnowedChanges } from "../../../src/sinks/removeChanges.ts";
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
