import { landEvents } from "../../../src/ingest/landEvents.ts";
import { batchPaths } from "../../../src/domain/paths.ts";
import { aBatch } from "../../support/app/events.ts";
import { aChange, playJob } from "../../support/app/job.ts";
import {
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
  kind: "manifest" | "done" | "blocked" | "published",
  batch = 1,
) =>
  world.lake.json(batchPaths("flights", batch)[kind]) as Record<
    string,
    unknown
  > | null;

test("events become a batch that is run, published and done, and then the watcher ends", async () => {
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
  expect(document(world, "done")).toMatchObject({
    batch: 1,
    seconds: { process: 6 },
  });
  expect(document(world, "published")).toMatchObject({
    tables: { airport_delays: { upserted: 2, deleted: 0, skipped: 0 } },
  });
  expect(world.store.documents.size).toBe(2);
  expect(world.jobs.tokens).toHaveLength(1);
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
  expect(document(world, "done", 2)).not.toBeNull();
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
  await watchToTheEnd(bench);
  const finishedAt = Date.parse(
    String(document(world, "done", 2)?.["finishedAt"]),
  );
  // Three seconds of quiet go before the run.
  expect((finishedAt - startedAt) / 1000 - 3).toBeLessThan(60 * 1.05);
}, 30_000);

test("a run that fails without a reason is tried again with another token", async () => {
  const world = aWorld();
  begin(world);
  await arrive(world, 0, 9);
  playJob(world, { failing: [1, 2] });
  await watchToTheEnd(bench);
  expect(new Set(world.jobs.tokens).size).toBe(3);
  expect(document(world, "done")).not.toBeNull();
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
  expect(document(world, "done")).not.toBeNull();
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
  expect(document(world, "done")).not.toBeNull();
});

test("every activity may run twice", async () => {
  const run = async (times: number) => {
    const world = aWorld();
    begin(world, times);
    await arrive(world, 0, 99);
    playJob(world, {
      changes: [
        aChange("2001-03-31"),
        { op: "delete", key: ["ORD", "2001-04-01"] },
      ],
    });
    await watchToTheEnd(bench);
    const { jobs, store } = world;
    const documents = [...store.documents.values()].map(
      ({ id, batch, value, deleted, ttl }) => ({
        id,
        batch,
        value,
        deleted,
        ttl,
      }),
    );
    return {
      runs: jobs.tokens.length,
      documents,
      published: document(world, "published")?.["tables"],
    };
  };
  const once = await run(1);
  bench.close();
  expect(await run(2)).toEqual(once);
  expect(once.runs).toBe(1);
});

test("a store that refuses for a while delays publishing, and nothing is run again", async () => {
  const world = aWorld();
  begin(world);
  await arrive(world, 0, 9);
  playJob(world, { changes: [aChange("2001-03-31")] });
  const write = world.store.write.bind(world.store);
  let refusals = 2;
  world.store.write = (...parameters) =>
    refusals-- > 0 ? Promise.resolve([503]) : write(...parameters);
  await watchToTheEnd(bench);
  expect(world.jobs.tokens).toHaveLength(1);
  expect(world.store.documents.size).toBe(1);
});
