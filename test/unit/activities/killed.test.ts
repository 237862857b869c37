import { planBatch } from "../../../src/activities/planBatch.ts";
import { batchPaths, requestPath } from "../../../src/domain/paths.ts";
import type { Manifest } from "../../../src/domain/records.ts";
import { createCaches } from "../../../src/ledger/caches.ts";
import { landEvents } from "../../../src/sources/hub/landEvents.ts";
import { endBatch } from "../../support/app/endBatch.ts";
import { aBatch } from "../../support/app/events.ts";
import { seenBy } from "../../support/app/memoryLake.ts";
import { sweepOnce } from "../../support/app/sweeping.ts";
import {
  aDefinition,
  aWorld,
  pipelinesOf,
  type World,
} from "../../support/app/world.ts";

const ID = "20260101T000000000Z-abcdef";
const INCARNATION = /\d{8}T\d{9}Z-[0-9a-f]{6}/g;
const plan = (world: World) => planBatch(world, { pipeline: "flights" });

/** A process that dies at its operation number `alive + 1` on the lake. */
async function runKilled(
  world: World,
  run: (world: World) => Promise<unknown>,
  alive: number,
): Promise<boolean> {
  let left = alive;
  const lake = seenBy(world.lake, () => {
    left -= 1;
    return left < 0
      ? Promise.reject(new Error("killed"))
      : Promise.resolve(undefined);
  });
  const caches = createCaches();
  try {
    await run({ ...world, caches, lake: lake as World["lake"] });
  } catch {
    return true;
  }
  return left < 0;
}

/** Everything in the lake, but for what chance and order decide. */
const stateOf = (world: World) =>
  [...world.lake.files]
    .filter(([path]) => !/\/(input|sweep)\.json$/.test(path))
    .map(([path, { content }]) => [
      path,
      content.toString().replaceAll(INCARNATION, "incarnation"),
    ])
    .sort();

async function arrive(world: World, first: number, last: number) {
  await landEvents(world, aBatch(first, last));
  world.hubs.positionsNow = [{ partition: "0", begin: 0, last }];
}

async function aPlannedWorld(): Promise<World> {
  const world = aWorld();
  await arrive(world, 0, 9);
  await plan(world);
  return world;
}

function block(world: World): void {
  const paths = batchPaths("flights", 1);
  const { definition } = world.lake.json(paths.manifest) as Manifest;
  world.lake.put(paths.blocked, {
    ...{ version: 3, reason: "input", code: "X", message: "m", definition },
  });
}

const ask = (world: World, request: object) => {
  world.lake.put(requestPath("flights", ID), {
    ...{ version: 3, id: ID, createdAt: "2026-01-01T00:00:00.000Z" },
    ...request,
  });
};

interface Scenario {
  readonly of: string;
  readonly prepare: () => Promise<World>;
  readonly run: (world: World) => Promise<unknown>;
}

const scenarios: readonly Scenario[] = [
  {
    of: "planning events and files",
    async prepare() {
      const world = await aPlannedWorld();
      await endBatch(world.lake, 1);
      await arrive(world, 10, 19);
      world.lake.drop("landing/airports/a.csv", "x", 0);
      await sweepOnce(world);
      return world;
    },
    run: plan,
  },
  {
    of: "accounting for a gap",
    async prepare() {
      const world = await aPlannedWorld();
      await endBatch(world.lake, 1);
      await landEvents(world, aBatch(15, 19));
      world.hubs.positionsNow = [{ partition: "0", begin: 15, last: 19 }];
      return world;
    },
    run: plan,
  },
  {
    of: "unblocking with another definition",
    async prepare() {
      const world = await aPlannedWorld();
      block(world);
      const digest = "b".repeat(64);
      return Object.assign(world, {
        pipelines: pipelinesOf(aDefinition({ digest })),
      });
    },
    run: plan,
  },
  {
    of: "a retry",
    async prepare() {
      const world = await aPlannedWorld();
      block(world);
      ask(world, { kind: "retry" });
      return world;
    },
    run: plan,
  },
  {
    of: "a skip, and what follows it",
    async prepare() {
      const world = await aPlannedWorld();
      block(world);
      await arrive(world, 10, 19);
      ask(world, { kind: "skip", batch: 1 });
      return world;
    },
    run: plan,
  },
  {
    of: "a reload",
    async prepare() {
      const world = await aPlannedWorld();
      await endBatch(world.lake, 1);
      ask(world, { kind: "reload", sink: "cosmos" });
      return world;
    },
    run: plan,
  },
  {
    of: "a sweep that claims one file and sets another aside",
    prepare() {
      const world = aWorld();
      world.lake.drop("landing/airports/a.csv", "x", 0);
      world.lake.drop("landing/airports/b.csv", "", 0);
      return Promise.resolve(world);
    },
    run: sweepOnce,
  },
];

test.each(scenarios)(
  "killed anywhere in $of, the next process ends where an uninterrupted one does",
  async ({ prepare, run }) => {
    const whole = await prepare();
    await run(whole);
    await run({ ...whole, caches: createCaches() });
    const expected = stateOf(whole);
    let killed = 0;
    for (let alive = 0; ; alive += 1) {
      const world = await prepare();
      const isKilled = await runKilled(world, run, alive);
      await run({ ...world, caches: createCaches() });
      await run({ ...world, caches: createCaches() });
      expect({ alive, state: stateOf(world) }).toEqual({
        alive,
        state: expected,
      });
      if (!isKilled) break;
      killed += 1;
    }
    expect(killed).toBeGreaterThan(5);
  },
);
