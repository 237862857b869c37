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
      return Promise.resolve({ outcome: outcomes[sink] ?? "started" });
    },
  };
  const durable = {
    startNew: () => Promise.reject(new Error("It is not asked.")),
  };
  return { context: { ...world, deliveries, durable }, asked, world };
}

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
  expect(world.logged.map(({ event }) => event)).toEqual([
    "delivery.startFailed",
    "delivery.asked",
  ]);
});

test("a batch that was skipped, or has not ended, starts none", async () => {
  const { context, asked } = aWorldThatStarts({});
  await startDeliveries(context, { pipeline: "flights", batch: 2 });
  expect(asked).toEqual([]);
});
