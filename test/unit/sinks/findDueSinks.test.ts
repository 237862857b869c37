import { requestPath, sinkPaths } from "../../../src/domain/paths.ts";
import { findDueSinks } from "../../../src/sinks/findDueSinks.ts";
import { sinkKinds } from "../../../src/sinks/index.ts";
import { prepareDelivery } from "../../../src/sinks/prepareDelivery.ts";
import { beginHead, sealBatch } from "../../support/app/delivering.ts";
import { putSkipped } from "../../support/app/ended.ts";
import {
  aDefinition,
  aWorld,
  pipelinesOf,
  START,
} from "../../support/app/world.ts";

const sinks = {
  cosmos: { kind: "cosmos", tables: ["routes"], settings: {} },
  notify: { kind: "notify", tables: ["routes"], after: "cosmos", settings: {} },
};
const definition = aDefinition({ sinks });

const aWorldOfSinks = () => aWorld({ pipelines: pipelinesOf(definition) });

const blocked = (retryAt: number) =>
  ({
    code: "STORE_REFUSED",
    message: "It answered 503.",
    fault: "theirs",
    since: new Date(START).toISOString(),
    failedAt: new Date(START).toISOString(),
    retryAt: new Date(retryAt).toISOString(),
    failures: 1,
  }) as const;

test("a sink whose next batch has ended is started, but not one that has to wait for it", async () => {
  const world = aWorldOfSinks();
  beginHead(world, "cosmos");
  beginHead(world, "notify");
  expect(await findDueSinks(world, "flights")).toEqual([]);
  sealBatch(world, 1, { definition });
  expect(await findDueSinks(world, "flights")).toEqual(["cosmos"]);
  beginHead(world, "cosmos", { nextBatch: 2 });
  expect(await findDueSinks(world, "flights")).toEqual(["notify"]);
});

test("a sink waits for the one before it whatever the tables of the two, and not for one that the batch does not name", async () => {
  const { notify, cosmos } = sinks;
  const both = aDefinition({
    sinks: { cosmos, notify: { ...notify, tables: ["airport_delays"] } },
  });
  const alone = aDefinition({ digest: "f".repeat(64), sinks: { notify } });
  const world = aWorld({ pipelines: pipelinesOf(both) });
  const prepare = () =>
    prepareDelivery(world, sinkKinds, {
      ...{ pipeline: "flights", sink: "notify" },
      at: new Date(START).toISOString(),
    });
  beginHead(world, "cosmos");
  beginHead(world, "notify");
  sealBatch(world, 1, { definition: both });
  expect(await findDueSinks(world, "flights")).toEqual(["cosmos"]);
  expect(await prepare()).toMatchObject({ kind: "waiting" });
  // The sink before is still at batch 1.
  beginHead(world, "notify", { nextBatch: 2 });
  sealBatch(world, 2, { definition: alone });
  expect(await findDueSinks(world, "flights")).toEqual(["cosmos", "notify"]);
  expect(await prepare()).toMatchObject({
    kind: "deliver",
    delivery: { batch: 2 },
  });
});

test("a blocked sink is started when its probe is due, or when an operator asks", async () => {
  const world = aWorldOfSinks();
  beginHead(world, "cosmos", { blocked: blocked(START + 60_000) });
  sealBatch(world, 1, { definition });
  expect(await findDueSinks(world, "flights")).toEqual([]);
  world.clock.now = START + 60_000;
  expect(await findDueSinks(world, "flights")).toEqual(["cosmos"]);
  world.clock.now = START;
  const id = "20260101T000000000Z-000001";
  world.lake.put(requestPath("flights", id), {
    version: 3,
    id,
    createdAt: new Date(START).toISOString(),
    kind: "retry",
    sink: "cosmos",
  });
  expect(await findDueSinks(world, "flights")).toEqual(["cosmos"]);
  // A request of another kind asks for no sink, and a retry of the batch for none either.
  const request = { version: 3, id, createdAt: new Date(START).toISOString() };
  for (const more of [
    { kind: "reload", sink: "cosmos" },
    { kind: "retry" },
    { kind: "retry", sink: "notify" },
  ]) {
    world.lake.put(requestPath("flights", id), { ...request, ...more });
    expect(await findDueSinks(world, "flights")).toEqual([]);
  }
});

test("a retired sink is left alone, also where the package has it, until a batch names it", async () => {
  const world = aWorldOfSinks();
  beginHead(world, "cosmos", { retiredAt: new Date(START).toISOString() });
  sealBatch(world, 1, { definition: aDefinition({ sinks: {} }) });
  expect(await findDueSinks(world, "flights")).toEqual([]);
  beginHead(world, "cosmos", {
    ...{ nextBatch: 2, retiredAt: new Date(START).toISOString() },
  });
  expect(await findDueSinks(world, "flights")).toEqual([]);
  putSkipped(world, 2);
  expect(await findDueSinks(world, "flights")).toEqual([]);
  sealBatch(world, 2, { definition });
  expect(await findDueSinks(world, "flights")).toEqual(["cosmos"]);
});

test("a skipped batch is passed over by each sink, whichever waits for another", async () => {
  const world = aWorldOfSinks();
  beginHead(world, "cosmos");
  beginHead(world, "notify");
  putSkipped(world, 1);
  expect(await findDueSinks(world, "flights")).toEqual(["cosmos", "notify"]);
});

test("the sinks of a pipeline that the package has no more are due like any other", async () => {
  const world = aWorld({ pipelines: pipelinesOf() });
  beginHead(world, "cosmos");
  beginHead(world, "notify");
  sealBatch(world, 1, { definition });
  // Nobody says any more which of them waits for the other.
  expect(await findDueSinks(world, "flights")).toEqual(["cosmos", "notify"]);
});

test("a folder of a sink without a head is no sink", async () => {
  const world = aWorldOfSinks();
  sealBatch(world, 1, { definition });
  world.lake.put(`${sinkPaths("flights", "cosmos").refused}/routes/a.json`, {
    ...{ version: 3, table: "routes", key: ["a"], batch: 1 },
    ...{ status: 413, reason: "It is too large." },
  });
  expect(await findDueSinks(world, "flights")).toEqual([]);
});

test("the sweep asks the same little however many batches there are", async () => {
  const cost = async (batches: number): Promise<number> => {
    const world = aWorldOfSinks();
    for (let batch = 1; batch <= batches; batch += 1)
      sealBatch(world, batch, { definition });
    beginHead(world, "cosmos", { nextBatch: batches + 1 });
    beginHead(world, "notify", { nextBatch: batches + 1 });
    await findDueSinks(world, "flights");
    return [...world.lake.counts.values()].reduce((sum, count) => sum + count);
  };
  expect(await cost(3)).toBe(await cost(300));
});
