import { prepareDelivery } from "../../../src/sinks/prepareDelivery.ts";
import { beginHead, headOf, sealBatch } from "../../support/app/delivering.ts";
import { aBlock, putSkipped } from "../../support/app/ended.ts";
import {
  aDefinition,
  aWorld,
  pipelinesOf,
  type World,
} from "../../support/app/world.ts";

const AT = "2026-01-01T01:00:00.000Z";
const ref = { pipeline: "flights", sink: "odd" };
const odd = { kind: "odd", tables: ["routes"], settings: {} };
const named = aDefinition({ sinks: { odd } });
const gone = aDefinition({ sinks: {} });

/** The code has no kinds at all. */
const prepare = (world: World) =>
  prepareDelivery(world, {}, { ...ref, at: AT });

const unknown = { event: "sink.kindUnknown", fields: { ...ref, kind: "odd" } };
const failure = {
  code: "SINK_KIND_UNKNOWN",
  message: "This version of the app has no sinks of the kind odd.",
  fault: "ours",
};

test("a sink of an unknown kind that is named is blocked where it stands", async () => {
  const world = aWorld({ pipelines: pipelinesOf(named) });
  beginHead(world, "odd", { deliveredParts: 2 });
  sealBatch(world, 1, { definition: named });
  expect(await prepare(world)).toEqual({ kind: "blocked" });
  expect(headOf(world, "odd")).toMatchObject({
    ...{ nextBatch: 1, deliveredParts: 2 },
    blocked: { ...failure, since: AT, failedAt: AT, failures: 1 },
  });
  // Its head is written once, with the block.
  expect(world.lake.counts.get("replace")).toBe(1);
  expect(world.logged).toEqual([
    unknown,
    {
      event: "sink.blocked",
      fields: { ...ref, batch: 1, ...failure, failures: 1 },
    },
  ]);
});

test("it is blocked at the batch that it is owed, behind those that were skipped, and is at work", async () => {
  const world = aWorld({ pipelines: pipelinesOf(named) });
  beginHead(world, "odd", { deliveredParts: 2, retiredAt: AT });
  putSkipped(world, 1);
  sealBatch(world, 2, { definition: named });
  expect(await prepare(world)).toEqual({ kind: "blocked", passed: 1 });
  expect(headOf(world, "odd")).toMatchObject({
    ...{ nextBatch: 2, deliveredParts: 0 },
    blocked: failure,
  });
  expect(headOf(world, "odd")?.retiredAt).toBeUndefined();
});

test("a retired one that is named again is at work where it stands", async () => {
  const world = aWorld({ pipelines: pipelinesOf(named) });
  beginHead(world, "odd", { deliveredParts: 2, retiredAt: AT });
  sealBatch(world, 1, { definition: named });
  expect(await prepare(world)).toEqual({ kind: "blocked" });
  expect(headOf(world, "odd")).toMatchObject({
    ...{ nextBatch: 1, deliveredParts: 2, blocked: failure },
  });
  expect(headOf(world, "odd")?.retiredAt).toBeUndefined();
});

test("whoever is too late blocks none", async () => {
  const world = aWorld({ pipelines: pipelinesOf(named) });
  beginHead(world, "odd");
  putSkipped(world, 1);
  sealBatch(world, 2, { definition: named });
  const replace = world.lake.replace.bind(world.lake);
  world.lake.replace = (path, content, etag) => {
    beginHead(world, "odd", { nextBatch: 2, deliveredParts: 1 });
    return replace(path, content, etag);
  };
  expect(await prepare(world)).toMatchObject({ kind: "lost" });
  expect(headOf(world, "odd")?.blocked).toBeUndefined();
  expect(world.logged).toEqual([unknown]);
});

test("one that nothing names any more gives up what it is owed, two hundred batches in one go", async () => {
  const world = aWorld({ pipelines: pipelinesOf(gone) });
  const newest = 202;
  beginHead(world, "odd", {
    ...{ deliveredParts: 2, blocked: aBlock({ retryAt: AT }) },
  });
  for (let batch = 1; batch < newest; batch += 1)
    sealBatch(world, batch, { definition: named });
  sealBatch(world, newest, { definition: gone });
  expect(await prepare(world)).toEqual({ kind: "more" });
  const head = headOf(world, "odd");
  expect(head).toMatchObject({
    nextBatch: 201,
    deliveredParts: 0,
    updatedAt: AT,
  });
  expect(head?.blocked).toBeUndefined();
  expect(head?.retiredAt).toBeUndefined();
  expect(await prepare(world)).toEqual({ kind: "retired" });
  expect(headOf(world, "odd")).toMatchObject({ nextBatch: 202, retiredAt: AT });
});

test("of two hundred batches none is left", async () => {
  const world = aWorld({ pipelines: pipelinesOf(gone) });
  beginHead(world, "odd");
  for (let batch = 1; batch < 201; batch += 1)
    sealBatch(world, batch, { definition: named });
  sealBatch(world, 201, { definition: gone });
  expect(await prepare(world)).toEqual({ kind: "retired" });
});
