import { landEvents } from "../../../src/sources/hub/landEvents.ts";
import { aBatch } from "../../support/app/events.ts";
import { planBatch } from "../../../src/activities/planBatch.ts";
import { startJobRun } from "../../../src/activities/startJobRun.ts";
import {
  bronzeEventsPath,
  inputStatusPath,
} from "../../../src/domain/paths.ts";
import { NO_INPUT } from "../../../src/process/pendingInput.ts";
import { readPresentGeneration } from "../../../src/sources/hub/generations.ts";
import { readPipelineStatus } from "../../../src/process/pipelineStatus.ts";
import { claimFile } from "../../../src/sources/landing/claimFile.ts";
import { endBatch } from "../../support/app/endBatch.ts";
import { anAccount, aTable, putProcessed } from "../../support/app/ended.ts";
import { held, land } from "../../support/app/looks.ts";
import {
  aDefinition,
  aWorld,
  pipelinesOf,
  START,
  type World,
} from "../../support/app/world.ts";

const look = (world: World) =>
  readPipelineStatus(world, { pipeline: "flights" });
const seen = ({ lake }: World) => lake.json(inputStatusPath("flights"));
const at = (seconds: number): string =>
  new Date(START + seconds * 1_000).toISOString();

test("a look at a pipeline without anything says so, and leaves it", async () => {
  const world = aWorld();
  expect(await look(world)).toEqual({
    ...{ at: at(0), definition: aDefinition().digest },
    batching: aDefinition().batching,
    ...{ waiting: { events: 0, files: 0 }, arrivingEvents: 0 },
    ...{ unclaimedFiles: 0, gaps: [] },
  });
  expect(seen(world)).toEqual({
    ...{ version: 3, at: at(0), waitingEvents: 0, waitingFiles: 0 },
    ...{ isFull: false, gaps: [] },
  });
  expect(world.logged.map(({ event }) => event)).toEqual(["stream.registered"]);
});

test("what waits is told with the times of the first and the last of it", async () => {
  const world = aWorld();
  for (const [first, seconds] of [
    [0, 5],
    [10, 20],
    [20, 10],
  ] as const) {
    world.clock.now = START + seconds * 1_000;
    await land(world, first, first + 9);
  }
  held(world, 34, 2);
  expect((await look(world)).waiting).toEqual({
    ...{ events: 30, files: 0, firstAt: at(5), lastAt: at(20) },
  });
  world.clock.now = START + 30_000;
  world.lake.drop("landing/airports/a.csv", "x", START);
  await claimFile(world, { path: "landing/airports/a.csv", isClosed: false });
  const status = await look(world);
  expect(status).toMatchObject({
    waiting: { events: 30, files: 1, firstAt: at(5), lastAt: at(30) },
    ...{ arrivingEvents: 5, lastEnqueuedAt: at(8) },
  });
  expect(seen(world)).toMatchObject({
    ...{ waitingEvents: 30, waitingFiles: 1, at: at(30) },
    notLanded: [{ events: 5, landedTo: 29, since: at(10) }],
  });
});

test("a hole is told with each look, and its time, and at most twenty are noted", async () => {
  const world = aWorld();
  const partitions = Array.from({ length: 25 }, (_, index) => `${index}`);
  world.hubs.positionsNow = partitions.map((partition) => ({
    ...{ partition, begin: 0, last: 9 },
  }));
  for (const partition of partitions)
    await landEvents(world, aBatch(5, 9, undefined, partition));
  world.logged.length = 0;
  const { gaps } = await look(world);
  expect(gaps).toHaveLength(20);
  const place = { stream: "hub/flights", partition: "0", from: 0, to: 4 };
  expect(gaps[0]).toMatchObject({ ...place, closesAt: at(900) });
  expect((seen(world) as { gaps: unknown[] }).gaps).toEqual(gaps);
  const found = world.logged.filter(({ event }) => event === "gap.found");
  expect(found).toHaveLength(25);
  expect(found[0]?.fields).toEqual({ pipeline: "flights", ...gaps[0] });
});

test("events that a batch would account for are counted apart", async () => {
  const world = aWorld();
  await land(world, 5, 9);
  held(world, 9);
  world.clock.now += 900_001;
  expect((await look(world)).waiting).toMatchObject({
    ...{ events: 5, gapEvents: 5 },
  });
});

test("a batch that is full is told to be", async () => {
  const batching = { ...aDefinition().batching, maxEvents: 15 };
  const world = aWorld({ pipelines: pipelinesOf(aDefinition({ batching })) });
  for (const first of [0, 10, 20]) await land(world, first, first + 9);
  held(world, 29);
  expect((await look(world)).waiting).toMatchObject({
    events: 20,
    isFull: true,
  });
  expect(seen(world)).toMatchObject({ isFull: true });
});

test("files that may still be written are told with the time when they settle", async () => {
  const world = aWorld();
  world.lake.drop("landing/airports/a.csv", "x", START - 500);
  expect(await look(world)).toMatchObject({
    ...{ unclaimedFiles: 1, settlesAt: at(1.5) },
  });
});

test("a batch is asked for since the first look that finds it asked for, until another has ended", async () => {
  const world = aWorld();
  const deploy = (digest: string): void => {
    Object.assign(world, { pipelines: pipelinesOf(aDefinition({ digest })) });
  };
  await land(world, 0, 9);
  held(world, 9);
  await planBatch(world, { pipeline: "flights" });
  await endBatch(world.lake, 1);
  expect((await look(world)).askedSince).toBeUndefined();
  expect(seen(world)).toMatchObject({ newestBatch: 1 });
  deploy("b".repeat(64));
  for (const seconds of [5, 9]) {
    world.clock.now = START + seconds * 1_000;
    expect((await look(world)).askedSince).toBe(at(5));
    expect(seen(world)).toMatchObject({ askedSince: at(5) });
  }
  await planBatch(world, { pipeline: "flights" });
  await endBatch(world.lake, 2);
  await look(world);
  expect(seen(world)).not.toHaveProperty("askedSince");
  deploy("c".repeat(64));
  world.clock.now = START + 20_000;
  expect((await look(world)).askedSince).toBe(at(20));
});

test("the first look at a newer batch asks anew, whatever the last one saw", async () => {
  const world = aWorld();
  const account = { flights: anAccount({ accepted: 1 }) };
  for (const batch of [1, 2]) {
    putProcessed(world, batch, { t: aTable("id") }, [], account);
    // Each is of a definition that is not the package's.
    world.clock.now = START + batch * 1_000;
    expect((await look(world)).askedSince).toBe(at(batch));
  }
  expect(seen(world)).toMatchObject({
    newestBatch: 2,
    rows: { flights: [{ batch: 2 }, { batch: 1 }] },
    tables: { t: { rows: 3 } },
  });
});

test("where no batch may follow yet nobody looks for input, and nothing is noted", async () => {
  const world = aWorld();
  await land(world, 0, 9);
  held(world, 9);
  await planBatch(world, { pipeline: "flights" });
  await land(world, 10, 19);
  held(world, 25);
  world.lake.counts.clear();
  const status = await look(world);
  expect(status).toMatchObject({
    newest: { batch: 1, state: "unfinished" },
    ...{ waiting: { events: 0, files: 0 }, arrivingEvents: 0 },
  });
  expect(status.newest).not.toHaveProperty("hasActiveRun");
  expect(world.lake.counts.get("listSome")).toBeUndefined();
  expect(seen(world)).toBeNull();
});

test("events that should have landed are told while nothing else is to be done", async () => {
  const world = aWorld();
  held(world, 9, 59);
  expect((await look(world)).overdueEvents).toBeUndefined();
  world.logged.length = 0;
  world.clock.now += 1_000;
  expect((await look(world)).overdueEvents).toBe(10);
  expect(world.logged).toEqual([
    {
      event: "ingestion.behind",
      fields: { pipeline: "flights", events: 10 },
    },
  ]);
});

test("of a batch that has ended it is told whether a job run of it is active", async () => {
  const world = aWorld();
  await land(world, 0, 9);
  held(world, 9);
  await planBatch(world, { pipeline: "flights" });
  await startJobRun(world, { pipeline: "flights", batch: 1, failedAttempt: 0 });
  await endBatch(world.lake, 1);
  world.jobs.ending = () => ({ hasEnded: false });
  expect((await look(world)).newest).toMatchObject({ hasActiveRun: true });
  // Nobody has found it to be over meanwhile.
  expect((await look(world)).newest).toMatchObject({ hasActiveRun: true });
  const { ending } = aWorld().jobs;
  world.jobs.ending = ending;
  expect((await look(world)).newest).toMatchObject({ hasActiveRun: false });
});

test("a file alone has a time, too", async () => {
  const world = aWorld();
  world.lake.drop("landing/airports/a.csv", "x", START - 60_000);
  await claimFile(world, { path: "landing/airports/a.csv", isClosed: false });
  expect((await look(world)).waiting).toEqual({
    ...{ events: 0, files: 1, firstAt: at(0), lastAt: at(0) },
  });
});

test.each([
  [9_998, 1, false],
  [9_999, 1, true],
  [9_999, 0, false],
  [10_000, 0, true],
])(
  "a batch of %i slices and %i gap is full: %s",
  async (files, gaps, isFull) => {
    const world = aWorld();
    const of = {
      ...{ stream: "hub/flights", partition: "0" },
      generation: (await readPresentGeneration(world, "flights")).generation,
    };
    for (let each = gaps; each < files + gaps; each += 1)
      world.lake.drop(bronzeEventsPath(of, each, each), "");
    held(world, files + gaps - 1);
    world.clock.now += 900_001;
    const batching = { ...aDefinition().batching, maxEvents: 100_000 };
    Object.assign(world, {
      pipelines: pipelinesOf(aDefinition({ batching })),
    });
    const { waiting } = await look(world);
    expect(waiting).toMatchObject({ events: files });
    expect(waiting.isFull === true).toBe(isFull);
  },
);

test("no input is nothing of anything", () => {
  expect(NO_INPUT).toEqual({
    ...{ slices: [], closedGaps: [], recovered: [], files: [], gaps: [] },
    ...{ notLanded: [], unclaimedFiles: 0, isFull: false },
  });
});
