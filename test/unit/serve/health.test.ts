import { openHealth } from "../../../src/serve/health.ts";
import { landEvents } from "../../../src/ingest/landEvents.ts";
import { planBatch } from "../../../src/activities/planBatch.ts";
import { batchPaths } from "../../../src/domain/paths.ts";
import { aBatch } from "../../support/app/events.ts";
import { aWorld, pipelinesOf, aDefinition } from "../../support/app/world.ts";

const LATER_MS = 60_000;

test("a pipeline with nothing wrong is well", async () => {
  expect(await openHealth(aWorld())()).toEqual({
    status: "ok",
    pipelines: { flights: { state: "ok" } },
  });
});

test("a pipeline that was set aside is told with its mistake", async () => {
  const setAside = new Map([["trains", "not JSON"]]);
  const world = aWorld({
    pipelines: { ...pipelinesOf(aDefinition()), setAside },
  });
  expect(await openHealth(world)()).toMatchObject({
    status: "degraded",
    pipelines: { trains: { state: "setAside", detail: "not JSON" } },
  });
});

test("a hole in bronze, a partition that stands still and a blocked batch are told", async () => {
  const world = aWorld();
  const health = openHealth(world);
  const state = async () => {
    world.clock.now += LATER_MS;
    return (await health()).pipelines["flights"];
  };
  const lastEnqueuedAt = new Date(world.now()).toISOString();
  world.hubs.positionsNow = [
    { partition: "0", begin: 0, last: 19, lastEnqueuedAt },
  ];
  expect(await state()).toEqual({
    state: "behind",
    detail: "20 events in the hub",
  });
  await landEvents(world, aBatch(15, 19));
  expect(await state()).toMatchObject({
    state: "gap",
    detail: "flights partition 0: 0 to 14 are not in bronze",
  });
  await landEvents(world, aBatch(0, 14));
  await planBatch(world, { pipeline: "flights" });
  expect(await state()).toEqual({ state: "ok" });
  world.lake.put(batchPaths("flights", 1).blocked, { code: "X" });
  expect(await state()).toEqual({ state: "blocked", detail: "batch 1" });
});

test("a batch that does not end is told with its age, whatever its orchestration fails on", async () => {
  const world = aWorld();
  await landEvents(world, aBatch(0, 9));
  world.hubs.positionsNow = [{ partition: "0", begin: 0, last: 9 }];
  await planBatch(world, { pipeline: "flights" });
  const health = openHealth(world);
  world.clock.now += 60 * LATER_MS;
  expect(await health()).toMatchObject({ status: "ok" });
  world.clock.now += LATER_MS;
  expect(await health()).toEqual({
    status: "degraded",
    pipelines: {
      flights: { state: "unfinished", detail: "batch 1 for 61 minutes" },
    },
  });
});

test("an app of which one pipeline can work is degraded, one of which none can is down", async () => {
  const world = aWorld();
  world.hubs.positions = () => Promise.reject(new Error("gone"));
  expect((await openHealth(world)()).status).toBe("down");
  const both = pipelinesOf(
    aDefinition({ sources: {} }),
    aDefinition({ pipeline: "trains" }),
  );
  Object.assign(world, { pipelines: both });
  expect((await openHealth(world)()).status).toBe("degraded");
});

test("a cloud that does not answer is told without its addresses, and asked once in ten seconds", async () => {
  const world = aWorld();
  let asked = 0;
  world.hubs.positions = () => {
    asked += 1;
    return Promise.reject(new Error("https://secret.address"));
  };
  const health = openHealth(world);
  expect(await health()).toEqual({
    status: "down",
    pipelines: { flights: { state: "unreachable" } },
  });
  await health();
  expect(asked).toBe(1);
});
