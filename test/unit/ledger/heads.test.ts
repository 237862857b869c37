import { ensureHeads, findHead, moveHead } from "../../../src/ledger/heads.ts";
import { putSkipped } from "../../support/app/ended.ts";
import { sinkPaths } from "../../../src/domain/paths.ts";
import { beginHead, headOf, sealBatch } from "../../support/app/delivering.ts";
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

test.each([
  ["the batch that it stands at names it", 5, 9, 5],
  ["it stands twenty batches behind", 5, 25, 5],
  ["it stands twenty-one batches behind", 5, 26, 26],
  ["it stands at the batch that is planned", 5, 5, 5],
  ["it stands beyond it", 5, 4, 5],
])(
  "a retired sink that is named again: %s",
  async (_, standsAt, planned, expected) => {
    const world = aWorld();
    sealBatch(world, standsAt);
    beginHead(world, "cosmos", {
      ...{ retiredAt: AT, nextBatch: standsAt, deliveredParts: 3 },
      record: { containers: { routes: "rid" } },
    });
    world.clock.now = Date.parse(AT);
    await ensureHeads(world, aDefinition(), planned);
    const goesOn = planned > standsAt && planned <= standsAt + 20;
    const head = headOf(world, "cosmos");
    expect(head).toEqual({
      ...{ version: 3, sink: "cosmos", kind: "cosmos", refused: 0 },
      ...{ nextBatch: expected, deliveredParts: goesOn ? 3 : 0, updatedAt: AT },
      record: goesOn ? { containers: { routes: "rid" } } : {},
    });
  },
);

test("a retired sink whose batch does not name it begins anew behind it", async () => {
  const world = aWorld();
  putSkipped(world, 5);
  beginHead(world, "cosmos", { retiredAt: AT, nextBatch: 5 });
  await ensureHeads(world, aDefinition(), 9);
  expect(headOf(world, "cosmos")).toMatchObject({ nextBatch: 9 });
});

test("a head that is at its place already is written by no change that is none", async () => {
  const world = aWorld();
  beginHead(world, "cosmos");
  const from = { batch: 1, part: 0 };
  const stay = (to = from) =>
    moveHead(
      world.lake,
      { pipeline: "flights", sink: "cosmos", from, at: AT },
      to,
      (head) => head,
    );
  const head = headOf(world, "cosmos");
  expect(await stay()).toEqual(head);
  expect(world.lake.counts.get("replace")).toBeUndefined();
  expect(await stay({ batch: 1, part: 1 })).toEqual({
    ...head,
    ...{ deliveredParts: 1, updatedAt: AT },
  });
});

test("a head that is gone before it is replaced is lost to whoever moves it", async () => {
  const world = aWorld();
  beginHead(world, "cosmos");
  world.lake.replace = (path) => {
    world.lake.files.delete(path);
    return Promise.resolve(false);
  };
  expect(await move(world, { batch: 1, part: 0 })).toBeUndefined();
});
