import { sinkPaths } from "../../../src/domain/paths.ts";
import { finishDelivery } from "../../../src/sinks/finishDelivery.ts";
import { noteParts, type NoteParts } from "../../../src/sinks/noteParts.ts";
import { beginHead, headOf } from "../../support/app/delivering.ts";
import { aBlock } from "../../support/app/ended.ts";
import { aWorld, type World } from "../../support/app/world.ts";

const AT = "2026-01-01T01:00:00.000Z";
const ref = { pipeline: "flights", sink: "cosmos" };

const finish = (world: World, recount = false) =>
  finishDelivery(world, {
    ...{ ...ref, from: { batch: 1, part: 2 }, at: AT, recount },
  });

const note = (world: World, more: Partial<NoteParts> = {}) =>
  noteParts(world, {
    ...{ ...ref, from: { batch: 1, part: 2 }, at: AT },
    ...{ part: 3, recount: false, ...more },
  });

/** So many documents are refused, in the lake. */
function refuse({ lake }: World, count: number): void {
  for (let key = 0; key < count; key += 1)
    lake.put(`${sinkPaths("flights", "cosmos").refused}/routes/${key}.json`, {
      ...{ version: 3, table: "routes", key: [`${key}`], batch: 1 },
      ...{ status: 413, reason: "It is too large." },
    });
}

test("a batch that is left behind frees the sink, and the refused documents are as the head says", async () => {
  const world = aWorld();
  beginHead(world, "cosmos", {
    ...{ deliveredParts: 2, refused: 5, blocked: aBlock() },
  });
  expect(await finish(world)).toBe(true);
  expect(headOf(world, "cosmos")).toMatchObject({
    ...{ nextBatch: 2, deliveredParts: 0, refused: 5, updatedAt: AT },
  });
  expect(headOf(world, "cosmos")?.blocked).toBeUndefined();
  expect(world.logged).toEqual([
    { event: "sink.unblocked", fields: { ...ref, batch: 1 } },
    { event: "batch.delivered", fields: { ...ref, batch: 1, refused: 5 } },
  ]);
});

test("refused documents are counted where some were refused or accepted", async () => {
  const world = aWorld();
  refuse(world, 3);
  beginHead(world, "cosmos", { deliveredParts: 2, refused: 5 });
  expect(await finish(world, true)).toBe(true);
  expect(headOf(world, "cosmos")?.refused).toBe(3);
  expect(world.logged).toEqual([
    { event: "batch.delivered", fields: { ...ref, batch: 1, refused: 3 } },
  ]);
});

test("the loser of two leaves no batch behind, and tells of none", async () => {
  const world = aWorld();
  beginHead(world, "cosmos", { deliveredParts: 3 });
  expect(await finish(world)).toBe(false);
  expect(await note(world)).toBeUndefined();
  expect(headOf(world, "cosmos")).toMatchObject({
    ...{ nextBatch: 1, deliveredParts: 3 },
  });
  expect(world.logged).toEqual([]);
});

test("parts that were delivered free the sink, whatever blocked it", async () => {
  const world = aWorld();
  beginHead(world, "cosmos", {
    ...{ deliveredParts: 2, refused: 5, blocked: aBlock() },
  });
  expect(await note(world)).toEqual({ refused: 5 });
  expect(headOf(world, "cosmos")).toMatchObject({ deliveredParts: 3 });
  expect(headOf(world, "cosmos")?.blocked).toBeUndefined();
  expect(world.logged).toEqual([
    { event: "sink.unblocked", fields: { ...ref, batch: 1 } },
  ]);
});

test("a note without a part that was delivered leaves the block, and counts what is refused", async () => {
  const world = aWorld();
  refuse(world, 3);
  beginHead(world, "cosmos", { deliveredParts: 2, blocked: aBlock() });
  const counted = { part: 2, recount: true };
  expect(await note(world, counted)).toEqual({ refused: 3 });
  expect(headOf(world, "cosmos")).toMatchObject({
    ...{ deliveredParts: 2, refused: 3, blocked: aBlock(), updatedAt: AT },
  });
  const before = world.lake.counts.get("replace");
  const again = { ...counted, at: "2026-01-01T02:00:00.000Z" };
  expect(await note(world, again)).toEqual({ refused: 3 });
  // Nothing has changed, so nothing is written.
  expect(world.lake.counts.get("replace")).toBe(before);
  expect(world.logged).toEqual([]);
});

test.each([
  ["more than before, beyond a thousand", 1_001, 1_000, true],
  ["a thousand", 1_000, 999, false],
  ["as many as before, beyond a thousand", 1_002, 1_002, false],
])(
  "a sink that too many refused documents block, of which there are %s",
  async (_, refused, before, staysBlocked) => {
    const world = aWorld();
    refuse(world, refused);
    const blocked = aBlock({ code: "DOCUMENTS_REFUSED" });
    beginHead(world, "cosmos", { deliveredParts: 2, refused: before, blocked });
    expect(await note(world, { recount: true })).toEqual({ refused });
    expect(headOf(world, "cosmos")).toMatchObject({
      deliveredParts: 3,
      refused,
    });
    expect(headOf(world, "cosmos")?.blocked !== undefined).toBe(staysBlocked);
  },
);

test("a sink that something else blocks is freed by a part that is delivered, however much is refused", async () => {
  const world = aWorld();
  refuse(world, 1_001);
  beginHead(world, "cosmos", {
    ...{ deliveredParts: 2, refused: 1_000, blocked: aBlock() },
  });
  expect(await note(world, { recount: true })).toEqual({ refused: 1_001 });
  expect(headOf(world, "cosmos")?.blocked).toBeUndefined();
});

test("a part of a sink that nothing blocks is noted without a word", async () => {
  const world = aWorld();
  beginHead(world, "cosmos", { deliveredParts: 2 });
  expect(await note(world)).toEqual({ refused: 0 });
  expect(world.logged).toEqual([]);
});
