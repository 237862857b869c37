import { batchPaths, requestPath } from "../../../src/domain/paths.ts";
import { sinkKinds } from "../../../src/sinks/index.ts";
import { prepareDelivery } from "../../../src/sinks/prepareDelivery.ts";
import {
  aRow,
  beginHead,
  headOf,
  INCARNATION,
  sealBatch,
} from "../../support/app/delivering.ts";
import { aBlock, putSkipped } from "../../support/app/ended.ts";
import {
  aDefinition,
  aWorld,
  pipelinesOf,
  type World,
} from "../../support/app/world.ts";

const AT = "2026-01-01T01:00:00.000Z";
const REQUEST = "20260101T000000000Z-000001";

const cosmos = { kind: "cosmos", tables: ["routes"], settings: {} };
const notify = { kind: "notify", tables: ["routes"], settings: {} };
const definition = aDefinition({ sinks: { cosmos } });
const without = aDefinition({ sinks: { notify } });

const prepare = (world: World, at = AT) =>
  prepareDelivery(world, sinkKinds, {
    ...{ pipeline: "flights", sink: "cosmos", at },
  });

/** The package names other sinks only: whether one is retired follows from the batches. */
const aWorldWithout = (): World => aWorld({ pipelines: pipelinesOf(without) });

/** Somebody else changes the head right before it is replaced here. */
function loseRaces(world: World): void {
  const replace = world.lake.replace.bind(world.lake);
  world.lake.replace = (path, content, etag) => {
    if (path.endsWith("/head.json")) beginHead(world, "cosmos", { refused: 9 });
    return replace(path, content, etag);
  };
}

const askRetry = (world: World): void =>
  world.lake.put(requestPath("flights", REQUEST), {
    version: 3,
    id: REQUEST,
    createdAt: AT,
    kind: "retry",
    sink: "cosmos",
  });

test("a sink without a head has nothing to do", async () => {
  expect(await prepare(aWorld())).toEqual({ kind: "idle" });
});

test("a delivery says all of the batch, and of its parts those that one generation delivers", async () => {
  const world = aWorld();
  const after = { ...notify, after: "cosmos" };
  const followed = aDefinition({ sinks: { cosmos, after } });
  const parts = Array.from({ length: 30 }, (_, day) => [aRow(`${day}`)]);
  beginHead(world, "cosmos", { deliveredParts: 3, refused: 4 });
  sealBatch(world, 1, { definition: followed, parts: { routes: parts } });
  const prepared = await prepare(world);
  const { work } = batchPaths("flights", 1);
  expect(prepared).toEqual({
    kind: "deliver",
    delivery: {
      ...{ pipeline: "flights", sink: "cosmos", kind: "cosmos", batch: 1 },
      incarnation: INCARNATION,
      tables: { routes: "changes" },
      ...{ part: 3, parts: 30 },
      next: Array.from({ length: 24 }, (_, index) => ({
        table: "routes",
        path: `${work}/1-00000001/changes/routes/part-${index + 3}.json`,
        rows: 1,
      })),
      ...{ isProbe: false, takesRefused: false, refused: 4 },
      hasFollowers: true,
    },
  });
  expect(headOf(world, "cosmos")).toMatchObject({
    ...{ nextBatch: 1, deliveredParts: 3 },
    updatedAt: "2026-01-01T00:00:00.000Z",
  });
});

test("a sink that others are declared behind, but not in this batch, has no followers", async () => {
  const world = aWorld();
  beginHead(world, "cosmos");
  sealBatch(world, 1, {
    definition: aDefinition({ sinks: { cosmos, notify } }),
  });
  expect(await prepare(world)).toMatchObject({
    delivery: { hasFollowers: false, next: [], parts: 0 },
  });
});

test("skipped batches are passed over: the head stands behind them, at the batch that owes something or at none", async () => {
  const world = aWorld();
  beginHead(world, "cosmos", { deliveredParts: 2 });
  for (const batch of [1, 2]) putSkipped(world, batch);
  expect(await prepare(world)).toEqual({ kind: "idle", passed: 2 });
  expect(world.logged).toEqual([]);
  expect(headOf(world, "cosmos")).toMatchObject({
    ...{ nextBatch: 3, deliveredParts: 0, updatedAt: AT },
  });
  const { replace } = Object.fromEntries(world.lake.counts);
  expect(await prepare(world)).toEqual({ kind: "idle" });
  expect(world.lake.counts.get("replace")).toBe(replace);
  putSkipped(world, 3);
  sealBatch(world, 4, { definition });
  expect(await prepare(world)).toMatchObject({
    ...{ kind: "deliver", passed: 3 },
    delivery: { batch: 4, part: 0 },
  });
  expect(headOf(world, "cosmos")).toMatchObject({ nextBatch: 4 });
});

test("two hundred batches are passed over in one go, and the last of them is looked at again", async () => {
  const world = aWorld();
  beginHead(world, "cosmos", { nextBatch: 5 });
  for (let batch = 5; batch < 5 + 201; batch += 1) putSkipped(world, batch);
  expect(await prepare(world)).toEqual({ kind: "more", passed: 203 });
  expect(headOf(world, "cosmos")).toMatchObject({ nextBatch: 204 });
  expect(headOf(world, "cosmos")?.retiredAt).toBeUndefined();
  expect(await prepare(world)).toEqual({ kind: "idle", passed: 205 });
});

test("a sink that the newest batches name no more is retired, and says so once", async () => {
  const world = aWorldWithout();
  beginHead(world, "cosmos");
  sealBatch(world, 1, { definition: without });
  expect(await prepare(world)).toEqual({ kind: "retired", passed: 1 });
  expect(headOf(world, "cosmos")).toMatchObject({
    nextBatch: 2,
    retiredAt: AT,
  });
  const retired = {
    event: "sink.retired",
    fields: { pipeline: "flights", sink: "cosmos", kind: "cosmos" },
  };
  expect(world.logged).toEqual([retired]);
  putSkipped(world, 2);
  expect(await prepare(world)).toEqual({ kind: "retired" });
  expect(headOf(world, "cosmos")).toMatchObject({ nextBatch: 2 });
  expect(world.logged).toEqual([retired]);
});

test("a retired sink that a batch names again is at work from then on", async () => {
  const world = aWorld();
  beginHead(world, "cosmos", { retiredAt: AT, deliveredParts: 1 });
  sealBatch(world, 1, { definition });
  expect(await prepare(world)).toMatchObject({ delivery: { part: 1 } });
  expect(headOf(world, "cosmos")).toMatchObject({
    ...{ nextBatch: 1, deliveredParts: 1, updatedAt: AT },
  });
  expect(headOf(world, "cosmos")?.retiredAt).toBeUndefined();
});

test("a sink whose kind is another one now begins with an empty record", async () => {
  const world = aWorld();
  const record = { containers: { routes: "rid" } };
  beginHead(world, "cosmos", { kind: "other", record, deliveredParts: 1 });
  sealBatch(world, 1, { definition });
  expect(await prepare(world)).toMatchObject({ delivery: { kind: "cosmos" } });
  expect(headOf(world, "cosmos")).toMatchObject({
    ...{ kind: "cosmos", record: {}, deliveredParts: 1 },
  });
});

test.each<[string, (world: World) => void]>([
  ["behind skipped batches", (world) => putSkipped(world, 1)],
  [
    "before the batch behind them",
    (world) => {
      putSkipped(world, 1);
      sealBatch(world, 2, { definition });
    },
  ],
])("whoever is too late %s stops", async (_, put) => {
  const world = aWorld();
  beginHead(world, "cosmos");
  put(world);
  loseRaces(world);
  expect(await prepare(world)).toEqual({ kind: "lost" });
  expect(headOf(world, "cosmos")).toMatchObject({ nextBatch: 1, refused: 9 });
});

test("a batch whose definition lacks a sink that it names fails and says which", async () => {
  const world = aWorld();
  beginHead(world, "cosmos");
  sealBatch(world, 1, { definition });
  const path = batchPaths("flights", 1).process;
  const process = world.lake.json(path) as object;
  const { digest } = without;
  sealBatch(world, 2, { definition: without });
  world.lake.put(path, { ...process, definition: digest });
  await expect(prepare(world)).rejects.toMatchObject({
    code: "STATE_MISSING",
    detail: `${digest} has no sink cosmos.`,
  });
});

test.each<[string, string, boolean]>([
  ["STORE_REFUSED", "2026-01-01T00:59:59.999Z", false],
  ["STORE_REFUSED", AT, true],
  ["DOCUMENTS_REFUSED", "2026-01-01T00:59:59.999Z", false],
  ["DOCUMENTS_REFUSED", AT, true],
  // Of these each batch may be the one that an operator asked for.
  ["SINK_TARGET_REPLACED", "2026-01-01T00:00:00.000Z", true],
  ["SINK_KIND_UNKNOWN", "2026-01-01T00:00:00.000Z", true],
])(
  "a sink that is blocked by %s until one o'clock: probed at %s is %s",
  async (code, at, isProbed) => {
    const world = aWorld();
    beginHead(world, "cosmos", {
      blocked: { ...aBlock(), code },
    });
    sealBatch(world, 1, { definition });
    expect(await prepare(world, at)).toMatchObject(
      isProbed
        ? {
            kind: "deliver",
            delivery: {
              isProbe: true,
              takesRefused: code === "DOCUMENTS_REFUSED",
            },
          }
        : { kind: "blocked" },
    );
  },
);

test("an operator's retry frees the sink, is no probe, and takes what is refused", async () => {
  const world = aWorld();
  beginHead(world, "cosmos", { blocked: aBlock(), nextBatch: 3 });
  sealBatch(world, 3, { definition });
  askRetry(world);
  const early = "2026-01-01T00:00:01.000Z";
  expect(await prepare(world, early)).toMatchObject({
    delivery: { isProbe: false, takesRefused: true },
  });
  expect(headOf(world, "cosmos")?.updatedAt).toBe(early);
  expect(headOf(world, "cosmos")?.blocked).toBeUndefined();
  expect(world.lake.json(requestPath("flights", REQUEST))).toBeNull();
  expect(world.logged).toEqual([
    {
      event: "sink.unblocked",
      fields: { pipeline: "flights", sink: "cosmos", batch: 3 },
    },
    {
      event: "request.settled",
      fields: { pipeline: "flights", request: REQUEST, kind: "retry" },
    },
  ]);
});

test("a retry of a sink that is not blocked is settled, and frees none", async () => {
  const world = aWorld();
  beginHead(world, "cosmos");
  sealBatch(world, 1, { definition });
  askRetry(world);
  expect(await prepare(world)).toMatchObject({
    delivery: { takesRefused: true },
  });
  expect(world.logged.map(({ event }) => event)).toEqual(["request.settled"]);
});

test("a retry that meets another change of the head stays for the next start", async () => {
  const world = aWorld();
  beginHead(world, "cosmos", { blocked: aBlock() });
  sealBatch(world, 1, { definition });
  askRetry(world);
  loseRaces(world);
  expect(await prepare(world)).toMatchObject({
    delivery: { takesRefused: false, refused: 9 },
  });
  expect(world.lake.json(requestPath("flights", REQUEST))).not.toBeNull();
  expect(world.logged).toEqual([]);
});

test("a retry of another sink, or of the batch, is none of this sink", async () => {
  const world = aWorld();
  beginHead(world, "cosmos", {
    blocked: aBlock({ retryAt: "2027-01-01T00:00:00.000Z" }),
  });
  const request = { version: 3, id: REQUEST, createdAt: AT, kind: "retry" };
  for (const more of [
    { sink: "notify" },
    {},
    { kind: "reload", sink: "cosmos" },
  ]) {
    world.lake.put(requestPath("flights", REQUEST), { ...request, ...more });
    expect(await prepare(world)).toEqual({ kind: "blocked" });
    expect(world.lake.json(requestPath("flights", REQUEST))).not.toBeNull();
  }
});

test("a retry of a sink that has no head yet is settled", async () => {
  const world = aWorld();
  askRetry(world);
  expect(await prepare(world)).toEqual({ kind: "idle" });
  expect(world.lake.json(requestPath("flights", REQUEST))).toBeNull();
});

test("a sink of a pipeline that the package has no more is retired", async () => {
  const world = aWorld({ pipelines: pipelinesOf() });
  beginHead(world, "cosmos");
  sealBatch(world, 1, { definition: without });
  expect(await prepare(world)).toEqual({ kind: "retired", passed: 1 });
});

test("a sink that passes over batches takes their change sets along, as if it had delivered them", async () => {
  const world = aWorld();
  beginHead(world, "cosmos");
  const newest = 23;
  for (let batch = 1; batch <= newest; batch += 1)
    sealBatch(world, batch, {
      ...{ definition: aDefinition({ sinks: {} }) },
      parts: { routes: [[aRow(`${batch}`)]] },
    });
  expect(await prepare(world)).toEqual({ kind: "idle", passed: newest });
  const kept = Array.from({ length: newest }, (_, at) => at + 1).filter(
    (batch) =>
      [...world.lake.files.keys()].some((path) =>
        path.startsWith(`${batchPaths("flights", batch).work}/`),
      ),
  );
  expect(kept).toEqual(Array.from({ length: 20 }, (_, at) => at + 4));
});
