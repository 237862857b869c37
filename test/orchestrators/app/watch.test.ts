import { landEvents } from "../../../src/sources/hub/landEvents.ts";
import {
  batchPaths,
  requestPath,
  sinkPaths,
} from "../../../src/domain/paths.ts";
import { aBatch } from "../../support/app/events.ts";
import { aChange, playJob } from "../../support/app/job.ts";
import {
  deliverOn,
  longestHistory,
  runsOf,
  watchOver,
  watchToTheEnd,
} from "../../support/app/watching.ts";
import {
  aDefinition,
  aWorld,
  pipelinesOf,
  type World,
} from "../../support/app/world.ts";
import type { DurableBench } from "../../support/durable.ts";

let bench: DurableBench;
afterEach(() => bench.close());

const begin = (world: World, repeatActivities?: number): DurableBench =>
  (bench = watchOver(world, repeatActivities));

async function arrive(
  world: World,
  first: number,
  last: number,
): Promise<void> {
  await landEvents(world, aBatch(first, last));
  world.hubs.positionsNow = [
    {
      partition: "0",
      begin: 0,
      last,
      lastEnqueuedAt: new Date(world.now()).toISOString(),
    },
  ];
}

const document = (
  world: World,
  kind: "manifest" | "process" | "skipped" | "blocked",
  batch = 1,
) =>
  world.lake.json(batchPaths("flights", batch)[kind]) as Record<
    string,
    unknown
  > | null;

test("events become a batch that is processed and handed to its sinks, and then the watcher ends", async () => {
  const world = aWorld();
  begin(world);
  await arrive(world, 0, 99);
  playJob(world, { changes: [aChange("2001-03-31"), aChange("2001-04-01")] });
  const { output } = await watchToTheEnd(bench);
  expect(JSON.parse(String(output))).toBe("idle");
  expect(document(world, "manifest")).toMatchObject({
    batch: 1,
    kind: "regular",
    slices: [{ from: 0, to: 99 }],
  });
  expect(document(world, "process")).toMatchObject({
    batch: 1,
    tables: { airport_delays: { rows: 2 } },
  });
  expect(world.lake.json(batchPaths("flights", 1).attempt(1))).toMatchObject({
    runId: 1,
    seconds: 6,
  });
  expect(runsOf(bench, "startDeliveries")).toBe(1);
  expect(world.jobs.tokens).toHaveLength(1);
});

test("a delivery that was at work when a batch ended is started again after a second", async () => {
  const world = aWorld();
  const asked: [string, number][] = [];
  world.deliveries.start = (_client, _pipeline, sink) => {
    asked.push([sink, world.now()]);
    return Promise.resolve({
      outcome: asked.length === 1 ? "running" : "started",
    });
  };
  // Nobody calls it: the deliveries of this world are played.
  Object.assign(world, { durable: {} });
  begin(world);
  await arrive(world, 0, 9);
  playJob(world, { changes: [aChange("2001-03-31")] });
  await watchToTheEnd(bench);
  expect(asked.map(([sink]) => sink)).toEqual(["cosmos", "cosmos"]);
  const [first = 0, second = 0] = asked.map(([, at]) => at);
  expect(second - first).toBeGreaterThanOrEqual(1000);
  expect(second - first).toBeLessThan(2000);
});

test("what is processed is delivered by an orchestration of its own, and documents follow gold", async () => {
  const world = aWorld();
  begin(world);
  deliverOn(world, bench);
  await arrive(world, 0, 9);
  playJob(world, { changes: [aChange("2001-03-31"), aChange("2001-04-01")] });
  await watchToTheEnd(bench);
  await arrive(world, 10, 19);
  playJob(world, {
    changes: [
      { op: "delete", key: ["ORD", "2001-03-31"] },
      aChange("2001-04-02"),
    ],
  });
  await watchToTheEnd(bench);
  const documents = [...world.store.documents.values()];
  expect(
    documents.map(({ id, batch, deleted }) => [id, batch, deleted]).sort(),
  ).toEqual([
    ["2001-03-31", 2, true],
    ["2001-04-01", 1, false],
    ["2001-04-02", 2, false],
  ]);
  expect(world.lake.json(sinkPaths("flights", "cosmos").head)).toMatchObject({
    nextBatch: 3,
    deliveredParts: 0,
    refused: 0,
  });
  expect(longestHistory(bench)).toBeLessThanOrEqual(100);
});

test("what arrives while a batch runs is the next batch", async () => {
  const world = aWorld();
  begin(world);
  await arrive(world, 0, 9);
  playJob(world);
  const start = world.jobs.start.bind(world.jobs);
  world.jobs.start = async (...parameters) => {
    if (world.jobs.tokens.length === 0) await arrive(world, 10, 19);
    return start(...parameters);
  };
  await watchToTheEnd(bench);
  expect(document(world, "manifest", 2)).toMatchObject({
    slices: [{ from: 10, to: 19 }],
  });
  expect(document(world, "process", 2)).not.toBeNull();
});

test("a run of an hour is asked for seldom, and no history grows beyond a hundred events", async () => {
  const world = aWorld();
  begin(world);
  await arrive(world, 0, 9);
  playJob(world, { seconds: 3600 });
  await watchToTheEnd(bench, 10_000);
  expect(1 + runsOf(bench, "checkJobRun")).toBeLessThanOrEqual(
    4 + 2 * Math.log2(3600),
  );
  expect(longestHistory(bench)).toBeLessThanOrEqual(100);
}, 60_000);

test("the end of a second run like the first is seen within 5 %", async () => {
  const world = aWorld();
  begin(world);
  await arrive(world, 0, 9);
  playJob(world, { seconds: 60 });
  await watchToTheEnd(bench);
  await arrive(world, 10, 19);
  const startedAt = world.now();
  let seenAt = Infinity;
  const { ending } = world.jobs;
  world.jobs.ending = (runId) => {
    const state = ending(runId);
    if (state.hasEnded) seenAt = Math.min(seenAt, world.now());
    return state;
  };
  await watchToTheEnd(bench);
  // Three seconds of quiet go before the run.
  expect((seenAt - startedAt) / 1000 - 3).toBeLessThan(60 * 1.05);
}, 30_000);

test("a run that fails without a reason is tried again with another token", async () => {
  const world = aWorld();
  begin(world);
  await arrive(world, 0, 9);
  playJob(world, { failing: [1, 2] });
  await watchToTheEnd(bench);
  expect(new Set(world.jobs.tokens).size).toBe(3);
  expect(document(world, "process")).not.toBeNull();
});

test("ten runs that are lost one after the other block the batch, and no history grows beyond a hundred events", async () => {
  const world = aWorld();
  begin(world);
  await arrive(world, 0, 9);
  world.jobs.ending = (runId) => ({
    hasEnded: true,
    runId,
    hasSucceeded: false,
    fault: "platform",
    message: `The run ${runId} was deleted in Databricks.`,
    seconds: 0,
  });
  const { output } = await watchToTheEnd(bench, 10_000);
  expect(JSON.parse(String(output))).toBe("blocked");
  expect(new Set(world.jobs.tokens).size).toBe(10);
  expect(longestHistory(bench)).toBeLessThanOrEqual(100);
}, 60_000);

test("a batch that two watchers process at once ends once, and both lead on", async () => {
  const world = aWorld();
  begin(world);
  await arrive(world, 0, 9);
  playJob(world, { failing: [1], changes: [aChange("2001-03-31")] });
  bench.start("watch", { pipeline: "flights" }, "watch-again");
  const { output } = await watchToTheEnd(bench);
  expect(JSON.parse(String(output))).toBe("idle");
  expect(JSON.parse(String((await bench.ended("watch-again")).output))).toBe(
    "idle",
  );
  expect(world.jobs.tokens).toHaveLength(2);
  expect(document(world, "manifest", 2)).toBeNull();
});

test("a blocked batch that an operator skips is followed by the next", async () => {
  const world = aWorld();
  begin(world);
  await arrive(world, 0, 9);
  playJob(world, { mistaken: [1] });
  await watchToTheEnd(bench);
  const id = "20260101T000000000Z-abcdef";
  world.lake.put(requestPath("flights", id), {
    version: 3,
    id,
    createdAt: new Date(world.now()).toISOString(),
    kind: "skip",
    batch: 1,
  });
  await arrive(world, 10, 19);
  playJob(world);
  expect(JSON.parse(String((await watchToTheEnd(bench)).output))).toBe("idle");
  expect(document(world, "skipped")).toMatchObject({ request: id });
  expect(document(world, "process")).toBeNull();
  expect(document(world, "process", 2)).not.toBeNull();
});

test("a mistake of the author blocks the batch at once, and another definition runs it again", async () => {
  const world = aWorld();
  begin(world);
  await arrive(world, 0, 9);
  playJob(world, { mistaken: [1] });
  expect(JSON.parse(String((await watchToTheEnd(bench)).output))).toBe(
    "blocked",
  );
  expect(document(world, "blocked")).toMatchObject({
    code: "UNRESOLVED_COLUMN",
    file: "gold/airport_delays.sql",
    line: 7,
    runPageUrl: "https://run/1",
  });
  expect(world.jobs.tokens).toHaveLength(1);
  expect(JSON.parse(String((await watchToTheEnd(bench)).output))).toBe(
    "blocked",
  );

  const mended = aDefinition({ digest: "b".repeat(64) });
  Object.assign(world, { pipelines: pipelinesOf(mended) });
  bench.close();
  begin(world);
  expect(JSON.parse(String((await watchToTheEnd(bench)).output))).toBe("idle");
  expect(document(world, "blocked")).toBeNull();
  expect(document(world, "process")).not.toBeNull();
  expect(world.lake.json(batchPaths("flights", 1).definition)).toMatchObject({
    definition: mended.digest,
    firstAttempt: 2,
  });
  expect(document(world, "manifest", 2)).toBeNull();
});

test("a batch that fails for no known reason is blocked, and tried again after an hour", async () => {
  const world = aWorld();
  begin(world);
  await arrive(world, 0, 9);
  playJob(world, { failing: [1, 2, 3] });
  expect(JSON.parse(String((await watchToTheEnd(bench)).output))).toBe(
    "blocked",
  );
  await bench.clock.advance(3_600_000);
  expect(JSON.parse(String((await watchToTheEnd(bench)).output))).toBe("idle");
  expect(world.jobs.tokens).toHaveLength(4);
});

test("another definition makes a batch without input", async () => {
  const world = aWorld();
  begin(world);
  await arrive(world, 0, 9);
  playJob(world);
  await watchToTheEnd(bench);
  const changed = aDefinition({ digest: "b".repeat(64) });
  Object.assign(world, { pipelines: pipelinesOf(changed) });
  bench.close();
  begin(world);
  await watchToTheEnd(bench);
  expect(document(world, "manifest", 2)).toMatchObject({
    kind: "rebuild",
    definition: changed.digest,
    slices: [],
    files: [],
  });
});

test("the engine may be deleted while a job runs: another one goes on with the same run", async () => {
  const world = aWorld();
  begin(world);
  await arrive(world, 0, 9);
  playJob(world, { seconds: 100, changes: [aChange("2001-03-31")] });
  await expect(watchToTheEnd(bench, 30)).rejects.toThrow();
  const lostAt = bench.clock.now();
  bench.close();
  begin(world);
  await bench.clock.advance(lostAt - bench.clock.now());
  await watchToTheEnd(bench);
  expect(world.jobs.tokens).toHaveLength(1);
  expect(document(world, "process")).not.toBeNull();
});

test("every activity may run twice", async () => {
  const run = async (times: number) => {
    const world = aWorld();
    begin(world, times);
    await arrive(world, 0, 99);
    playJob(world, {
      failing: [1],
      changes: [
        aChange("2001-03-31"),
        { op: "delete", key: ["ORD", "2001-04-01"] },
      ],
    });
    await watchToTheEnd(bench);
    const { incarnation, ...process } = document(world, "process") ?? {};
    expect(incarnation).toEqual(expect.any(String));
    return {
      files: [...world.lake.files.keys()].sort(),
      runs: world.jobs.tokens.length,
      process,
    };
  };
  const once = await run(1);
  bench.close();
  expect(await run(2)).toEqual(once);
  expect(once.runs).toBe(2);
});
