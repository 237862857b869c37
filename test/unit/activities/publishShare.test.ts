import { publishShare } from "../../../src/activities/publishShare.ts";
import type { Change } from "../../../src/domain/documents.ts";
import { batchPaths } from "../../../src/domain/paths.ts";
import { aChange } from "../../support/app/job.ts";
import { aWorld, type World } from "../../support/app/world.ts";

const INCARNATION = "20260101T000000000Z-abcdef";

function aProcessedBatch(
  world: World,
  batch: number,
  changes: readonly Change[],
  counts = { inserted: 1, updated: 0 },
): void {
  const path = `changes/${batch}.json`;
  world.lake.drop(
    path,
    changes.map((change) => `${JSON.stringify(change)}\n`).join(""),
  );
  world.lake.put(batchPaths("flights", batch).manifest, {
    incarnation: INCARNATION,
  });
  world.lake.put(batchPaths("flights", batch).process, {
    gold: {
      airport_delays: { ...counts, changes: [{ path, rows: changes.length }] },
    },
  });
}

const publish = (world: World, batch: number) =>
  publishShare(world, { pipeline: "flights", batch, share: 0, width: 1 });

const served = (world: World) =>
  [...world.store.documents.values()].map(({ id, batch, deleted, ttl }) => ({
    id,
    batch,
    deleted,
    ttl,
  }));

test("rows are made, changed and deleted, whichever of it the document needs", async () => {
  const world = aWorld();
  aProcessedBatch(world, 1, [aChange("a"), aChange("b")]);
  await publish(world, 1);
  aProcessedBatch(world, 2, [
    aChange("b"),
    aChange("c"),
    { op: "delete", key: ["ORD", "a"] },
  ]);
  expect(await publish(world, 2)).toEqual({
    airport_delays: { upserted: 2, deleted: 1, skipped: 0 },
  });
  expect(served(world)).toEqual([
    { id: "a", batch: 2, deleted: true, ttl: 14 * 86_400 },
    { id: "b", batch: 2, deleted: false, ttl: -1 },
    { id: "c", batch: 2, deleted: false, ttl: -1 },
  ]);
});

test("a batch that comes late undoes nothing, neither a change nor a delete", async () => {
  const world = aWorld();
  aProcessedBatch(world, 1, [aChange("a"), aChange("b")]);
  aProcessedBatch(
    world,
    2,
    [aChange("a"), { op: "delete", key: ["ORD", "b"] }],
    { inserted: 0, updated: 2 },
  );
  await publish(world, 2);
  const before = served(world);
  expect(await publish(world, 1)).toEqual({
    airport_delays: { upserted: 0, deleted: 0, skipped: 2 },
  });
  expect(served(world)).toEqual(before);
});

test("a deleted row that comes back lives without an end", async () => {
  const world = aWorld();
  aProcessedBatch(world, 1, [{ op: "delete", key: ["ORD", "a"] }]);
  await publish(world, 1);
  aProcessedBatch(world, 2, [aChange("a")]);
  await publish(world, 2);
  expect(served(world)).toEqual([
    { id: "a", batch: 2, deleted: false, ttl: -1 },
  ]);
});

test("a refusal of the store fails the share", async () => {
  const world = aWorld();
  aProcessedBatch(world, 1, [aChange("a")]);
  world.store.write = () => Promise.resolve([403]);
  await expect(publish(world, 1)).rejects.toMatchObject({
    code: "STORE_REFUSED",
  });
});
