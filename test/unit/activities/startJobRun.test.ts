import { planBatch } from "../../../src/activities/planBatch.ts";
import { judgeJobRun } from "../../../src/activities/judgeJobRun.ts";
import { startJobRun } from "../../../src/activities/startJobRun.ts";
import { batchPaths } from "../../../src/domain/paths.ts";
import { landEvents } from "../../../src/sources/hub/landEvents.ts";
import { endBatch } from "../../support/app/endBatch.ts";
import { aBatch } from "../../support/app/events.ts";
import { aWorld, type World } from "../../support/app/world.ts";

async function plan(world: World, first: number, last: number): Promise<void> {
  await landEvents(world, aBatch(first, last));
  world.hubs.positionsNow = [{ partition: "0", begin: 0, last }];
  await planBatch(world, { pipeline: "flights" });
}

const start = (world: World, batch = 1, failedAttempt = 0) =>
  startJobRun(world, { pipeline: "flights", batch, failedAttempt });
const attempt = (world: World, number: number, batch = 1) =>
  world.lake.json(batchPaths("flights", batch).attempt(number));

/** Ends a batch as its job does, after so many seconds of its run. */
async function end(
  world: World,
  batch: number,
  seconds: number,
): Promise<void> {
  const started = await start(world, batch);
  if (started.hasBatchEnded) throw new Error("It has ended.");
  await endBatch(world.lake, batch);
  await judgeJobRun(world, {
    pipeline: "flights",
    batch,
    attempt: started.attempt,
    run: {
      runId: started.runId,
      hasSucceeded: true,
      fault: "code",
      message: "",
      seconds,
    },
  });
}

test("a job run's token is in the lake before the submit, and a lost answer starts no second run", async () => {
  const world = aWorld();
  await plan(world, 0, 9);
  const submit = world.jobs.start.bind(world.jobs);
  world.jobs.start = async (token, parameters) => {
    expect(attempt(world, 1)).toMatchObject({ token });
    await submit(token, parameters);
    throw new Error("The connection is gone.");
  };
  await expect(start(world)).rejects.toThrow();
  world.jobs.start = submit;
  expect(await start(world)).toMatchObject({ attempt: 1, runId: 1 });
  expect(world.jobs.parameters).toEqual([
    { pipeline: "flights", batch: "1", attempt: "1" },
  ]);
});

test("a run that is known is joined without another submit", async () => {
  const world = aWorld();
  await plan(world, 0, 9);
  await start(world);
  expect(attempt(world, 1)).toMatchObject({ runId: 1 });
  world.jobs.start = () => Promise.reject(new Error("Nobody is to ask."));
  expect(await start(world)).toMatchObject({ attempt: 1, runId: 1 });
});

test("a token whose run was deleted while nobody knew of it leads on to the next attempt", async () => {
  const world = aWorld();
  await plan(world, 0, 9);
  const submit = world.jobs.start.bind(world.jobs);
  let isFirst = true;
  world.jobs.start = (token, parameters) => {
    if (!isFirst) return submit(token, parameters);
    isFirst = false;
    return Promise.resolve(undefined);
  };
  expect(await start(world)).toMatchObject({ attempt: 2, runId: 1 });
  expect(attempt(world, 1)).toMatchObject({ seconds: 0, failedBy: "platform" });

  world.jobs.start = () => Promise.resolve(undefined);
  await expect(start(world, 1, 2)).rejects.toMatchObject({
    code: "DATABRICKS_REFUSED",
  });
});

test("a batch that has ended gets no run, whichever way it ended", async () => {
  const world = aWorld();
  await plan(world, 0, 9);
  world.lake.put(batchPaths("flights", 1).skipped, {
    version: 3,
    batch: 1,
    skippedAt: "2026-01-01T00:00:00.000Z",
    request: "r",
    sources: {},
  });
  expect(await start(world)).toEqual({ hasBatchEnded: true });
  world.lake.files.delete(batchPaths("flights", 1).skipped);
  await endBatch(world.lake, 1);
  expect(await start(world)).toEqual({ hasBatchEnded: true });
  expect(world.jobs.tokens).toEqual([]);
});

test("the length of a batch before that was about as large is the prediction", async () => {
  const world = aWorld();
  await plan(world, 0, 9);
  await end(world, 1, 42);
  await plan(world, 10, 19);
  expect(await start(world, 2)).toMatchObject({ predictedSeconds: 42 });
  await end(world, 2, 40);
  await plan(world, 20, 23);
  expect(await start(world, 3)).not.toHaveProperty("predictedSeconds");
});
