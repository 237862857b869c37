import { ensureHeads, findHead, moveHead } from "../../../src/ledger/heads.ts";
import { sinkPaths } from "../../../src/domain/paths.ts";
import { beginHead, headOf } from "../../support/app/delivering.ts";
import { aDefinition, aWorld, type World } from "../../support/app/world.ts";

const AT = "2026-01-01T01:00:00.000Z";

const move = (world: World, from: { batch: number; part: number }, at = AT) =>
  moveHead(
    world.lake,
    { pipeline: "flights", sink: "cosmos", from, at },
    { batch: from.batch, part: from.part + 8 },
    (head) => ({ ...head, refused: head.refused + 1 }),
  );

test("each sink begins with the batch that is about to be planned, and only once", async () => {
  const world = aWorld();
  await ensureHeads(world, aDefinition(), 7);
  await ensureHeads(world, aDefinition(), 8);
  expect(headOf(world, "cosmos")).toMatchObject({
    kind: "cosmos",
    nextBatch: 7,
    deliveredParts: 0,
    record: {},
  });
});

test("a retired sink begins anew, and what was refused of it is still counted", async () => {
  const world = aWorld();
  beginHead(world, "cosmos", { retiredAt: AT, nextBatch: 3, refused: 2 });
  await ensureHeads(world, aDefinition(), 9);
  expect(headOf(world, "cosmos")).toMatchObject({ nextBatch: 9, refused: 2 });
  expect(headOf(world, "cosmos")?.retiredAt).toBeUndefined();
});

test("a move that is repeated changes nothing more", async () => {
  const world = aWorld();
  beginHead(world, "cosmos");
  const from = { batch: 1, part: 0 };
  expect(await move(world, from)).toMatchObject({
    deliveredParts: 8,
    refused: 1,
  });
  expect(await move(world, from)).toMatchObject({
    deliveredParts: 8,
    refused: 1,
  });
});

test("of two moves from the same place the second one loses", async () => {
  const world = aWorld();
  beginHead(world, "cosmos");
  const from = { batch: 1, part: 0 };
  await move(world, from);
  expect(await move(world, from, "2026-01-01T01:00:00.001Z")).toBeUndefined();
  expect(headOf(world, "cosmos")).toMatchObject({
    deliveredParts: 8,
    refused: 1,
  });
});

test("of two that read the head at once one wins", async () => {
  const world = aWorld();
  beginHead(world, "cosmos");
  const moved = await Promise.all(
    ["01", "02", "03"].map((second) =>
      move(world, { batch: 1, part: 0 }, `2026-01-01T01:00:${second}.000Z`),
    ),
  );
  expect(moved.filter((head) => head !== undefined)).toHaveLength(1);
  expect(headOf(world, "cosmos")).toMatchObject({
    deliveredParts: 8,
    refused: 1,
  });
});

test("a move whose answer was lost, and that was repeated below, is not lost", async () => {
  const world = aWorld();
  beginHead(world, "cosmos");
  const replace = world.lake.replace.bind(world.lake);
  world.lake.replace = async (...parameters) => {
    await replace(...parameters);
    return replace(...parameters);
  };
  const moved = await move(world, { batch: 1, part: 0 });
  expect(moved).toMatchObject({ deliveredParts: 8, refused: 1 });
  expect(headOf(world, "cosmos")).toEqual(moved);
});

test("a sink without a head has none to find", async () => {
  const world = aWorld();
  expect(await findHead(world.lake, "flights", "cosmos")).toBeUndefined();
  expect(await move(world, { batch: 1, part: 0 })).toBeUndefined();
});

test("a head of another version is refused, and not read as ours", async () => {
  const world = aWorld();
  const path = sinkPaths("flights", "cosmos").head;
  world.lake.drop(path, JSON.stringify({ version: 1, batch: 3, part: 0 }));
  await expect(findHead(world.lake, "flights", "cosmos")).rejects.toThrow(
    "STATE_VERSION",
  );
});
