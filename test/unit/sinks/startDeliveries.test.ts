import type { StartResult } from "../../../src/adapters/startOrchestration.ts";
import { startDeliveries } from "../../../src/sinks/startDeliveries.ts";
import { sealBatch } from "../../support/app/delivering.ts";
import { aDefinition, aWorld } from "../../support/app/world.ts";

const definition = aDefinition({
  sinks: {
    cosmos: { kind: "cosmos", tables: ["routes"], settings: {} },
    first: { kind: "notify", tables: ["routes"], settings: {} },
    second: {
      kind: "notify",
      tables: ["routes"],
      after: "cosmos",
      settings: {},
    },
  },
});

/** A world with one batch, where each start of a sink has an outcome. */
function aWorldThatStarts(
  outcomes: Readonly<Record<string, StartResult["outcome"]>>,
) {
  const asked: string[] = [];
  const world = aWorld();
  sealBatch(world, 1, { definition });
  const deliveries = {
    start: (_client: unknown, _pipeline: string, sink: string) => {
      asked.push(sink);
      const outcome = outcomes[sink] ?? "started";
      return Promise.resolve(
        outcome === "failed"
          ? { outcome, message: "It is full." }
          : { outcome },
      );
    },
  };
  const durable = {
    startNew: () => Promise.reject(new Error("It is not asked.")),
  };
  return { context: { ...world, deliveries, durable }, asked, world };
}

test("who asks for neither a batch nor sinks starts none, and where there is no client none can be started", async () => {
  const { context, asked } = aWorldThatStarts({});
  expect(await startDeliveries(context, { pipeline: "flights" })).toEqual({
    running: [],
    failed: [],
  });
  const { world } = aWorldThatStarts({});
  world.deliveries.start = () => Promise.reject(new Error("It is not asked."));
  expect(
    await startDeliveries(world, { pipeline: "flights", batch: 1 }),
  ).toEqual({ running: [], failed: [] });
  expect(asked).toEqual([]);
});

test("all sinks that a batch names are started, and those at work are told", async () => {
  const { context, asked } = aWorldThatStarts({ first: "running" });
  expect(
    await startDeliveries(context, { pipeline: "flights", batch: 1 }),
  ).toEqual({ running: ["first"], failed: [] });
  expect(asked).toEqual(["cosmos", "first", "second"]);
});

test("behind a sink only those are started that wait for it", async () => {
  const { context, asked } = aWorldThatStarts({});
  await startDeliveries(context, {
    pipeline: "flights",
    batch: 1,
    after: "cosmos",
  });
  expect(asked).toEqual(["second"]);
});

test("a start that fails is logged, and holds no other up", async () => {
  const { context, asked, world } = aWorldThatStarts({ cosmos: "failed" });
  const sinks = ["cosmos", "first"];
  await startDeliveries(context, { pipeline: "flights", sinks });
  expect(asked).toEqual(sinks);
  expect(world.logged).toEqual([
    {
      event: "delivery.startFailed",
      fields: { pipeline: "flights", sink: "cosmos", message: "It is full." },
    },
    {
      event: "delivery.asked",
      fields: { pipeline: "flights", sink: "first", outcome: "started" },
    },
  ]);
});

test("a batch that was skipped, or has not ended, starts none", async () => {
  const { context, asked } = aWorldThatStarts({});
  await startDeliveries(context, { pipeline: "flights", batch: 2 });
  expect(asked).toEqual([]);
});
