import type { StartResult } from "../../../src/adapters/startOrchestration.ts";
import { createActivities } from "../../../src/activities/index.ts";
import { batchPaths } from "../../../src/domain/paths.ts";
import type { InputStatus, SweepReport } from "../../../src/domain/records.ts";
import { AssayError } from "../../../src/errors.ts";
import { createCaches } from "../../../src/ledger/caches.ts";
import { notingPlanFailure } from "../../../src/process/planFailures.ts";
import { landEvents } from "../../../src/sources/hub/landEvents.ts";
import { apiOf } from "../../support/app/api.ts";
import { endBatch } from "../../support/app/endBatch.ts";
import { aBatch } from "../../support/app/events.ts";
import { sweepOnce } from "../../support/app/sweeping.ts";
import { aWorld, type World } from "../../support/app/world.ts";

const MINUTE_MS = 60_000;
/** Ten minutes, and the five of the definition's at_most. */
const PATIENCE_MINUTES = 15;
const flights = { pipeline: "flights" };

/** What a watcher does in a minute of the sweep, if it runs: it looks, and plans. What fails ends it. */
async function watchOnce(world: World): Promise<void> {
  const activities = createActivities(world);
  try {
    await activities.readPipelineStatus(flights);
    await activities.planBatch(flights);
  } catch {
    // The sweep starts it anew.
  }
}

/** So many minutes with a sweep each, and what `watch` does in between. */
async function minutes(
  world: World,
  count: number,
  watch: (world: World) => Promise<void>,
): Promise<void> {
  for (let minute = 0; minute < count; minute += 1) {
    await sweepOnce(world);
    await watch(world);
    world.clock.now += MINUTE_MS;
  }
  await sweepOnce(world);
}

const NO: StartResult = { outcome: "failed", message: "503" };
const hangs = () => Promise.resolve();

/** Health stands for ten seconds. */
async function stateOf(world: World): Promise<unknown> {
  world.clock.now += 10_000;
  const { body } = await apiOf(world).ask("getHealth");
  return (body as { pipelines: { flights: unknown } }).pipelines.flights;
}

async function detailOf(world: World): Promise<string> {
  const { body } = await apiOf(world).ask("getPipeline", flights);
  return (body as { detail: string }).detail;
}

/** Ten events lie in bronze, and no batch has them. */
async function aWaitingWorld(): Promise<World> {
  const world = aWorld();
  await sweepOnce(world);
  await landEvents(world, aBatch(0, 9));
  world.hubs.positionsNow = [{ partition: "0", begin: 0, last: 9 }];
  return world;
}

/** The same behind a first batch that has ended, of which a job run is known. */
async function aWorldBehindARun(): Promise<World> {
  const world = await aWaitingWorld();
  await createActivities(world).planBatch(flights);
  await endBatch(world.lake, 1);
  const createdAt = new Date(world.now()).toISOString();
  world.lake.put(batchPaths("flights", 1).attempt(1), {
    ...{ version: 3, attempt: 1, token: "t", createdAt, runId: 7 },
  });
  await landEvents(world, aBatch(10, 19));
  world.hubs.positionsNow = [{ partition: "0", begin: 0, last: 19 }];
  return world;
}

test("an orchestration that hangs before it has planned is told, once the longest wait of the pipeline is over", async () => {
  const world = await aWaitingWorld();
  await minutes(world, PATIENCE_MINUTES, hangs);
  expect(await stateOf(world)).toMatchObject({ state: "ok" });
  await minutes(world, 1, hangs);
  expect(await stateOf(world)).toMatchObject({
    state: "notPlanned",
    detail:
      "something waits for 16 minutes, and no batch is planned: the orchestration watch-flights neither fails nor gets on; terminate it, and the sweep starts it anew",
  });
  await createActivities(world).planBatch(flights);
  expect(await stateOf(world)).toMatchObject({ state: "ok" });
});

test("a process that begins anew goes on counting", async () => {
  const world = await aWaitingWorld();
  await minutes(world, 10, hangs);
  const begun = { ...world, caches: createCaches() };
  await minutes(begun, 6, hangs);
  expect(await stateOf(begun)).toMatchObject({ state: "notPlanned" });
});

test("a process that dies at each look is told", async () => {
  const world = await aWaitingWorld();
  for (let minute = 0; minute <= PATIENCE_MINUTES + 1; minute += 1) {
    await sweepOnce({ ...world, caches: createCaches() });
    world.clock.now += MINUTE_MS;
  }
  expect(await stateOf(world)).toMatchObject({ state: "notPlanned" });
});

test("what waited while nothing ran is not told at a start", async () => {
  const world = await aWaitingWorld();
  await minutes(world, 2, hangs);
  world.clock.now += 720 * MINUTE_MS;
  await sweepOnce(world);
  expect(await stateOf(world)).toMatchObject({ state: "ok" });
});

test("a report that cannot be read is written anew by the next sweep", async () => {
  const world = await aWaitingWorld();
  const path = "_assay/pipelines/flights/sweep.json";
  const seen = "_assay/pipelines/flights/input.json";
  for (const each of [path, seen]) world.lake.drop(each, "");
  await sweepOnce(world);
  await watchOnce(world);
  expect(world.lake.json(path)).toMatchObject({ unplanned: { after: 0 } });
  expect(world.lake.json(seen)).toMatchObject({ waitingEvents: 10 });
  expect(await stateOf(world)).toMatchObject({ state: "ok" });
});

test("a plan that fails is told with its code, and its message only with the key", async () => {
  const world = await aWaitingWorld();
  const createOnce = world.lake.createOnce.bind(world.lake);
  world.lake.createOnce = (path, text) =>
    path.endsWith("/manifest.json")
      ? Promise.reject(new AssayError("BODY_REFUSED", "The lake said no."))
      : createOnce(path, text);
  await minutes(world, PATIENCE_MINUTES + 1, watchOnce);
  const told =
    "something waits for 16 minutes, and no batch is planned: planBatch failed with BODY_REFUSED, last at 2026-01-01T00:15:00.000Z";
  expect(await stateOf(world)).toMatchObject({
    state: "notPlanned",
    detail: told,
  });
  expect(await detailOf(world)).toBe(`${told}: The lake said no.`);
  world.lake.createOnce = createOnce;
  await watchOnce(world);
  expect(await stateOf(world)).toMatchObject({ state: "ok" });
});

test("an error of a library is told without its message", async () => {
  const world = await aWaitingWorld();
  world.lake.createOnce = () => Promise.reject(new TypeError("secret"));
  await minutes(world, PATIENCE_MINUTES + 1, watchOnce);
  const detail = await detailOf(world);
  expect(detail).toContain("planBatch failed with INTERNAL");
  expect(detail).toContain("TypeError without a code of ours");
  expect(JSON.stringify([...world.lake.files])).not.toContain("secret");
});

test("an identity that may not ask for the job run any more is told, and what was seen is noted all the same", async () => {
  const world = await aWorldBehindARun();
  world.jobs.check = () =>
    Promise.reject(new AssayError("DATABRICKS_REFUSED", "jobs/runs/get: 403"));
  await minutes(world, PATIENCE_MINUTES + 1, watchOnce);
  expect(await stateOf(world)).toMatchObject({
    state: "notPlanned",
    detail: expect.stringContaining(
      "readPipelineStatus failed with DATABRICKS_REFUSED",
    ) as string,
  });
  expect(world.lake.json("_assay/pipelines/flights/input.json")).toMatchObject({
    waitingEvents: 10,
    newestBatch: 1,
  });
});

test("a job run that outlives its batch is named as what keeps the next one back", async () => {
  const world = await aWorldBehindARun();
  world.jobs.check = () => Promise.resolve({ hasEnded: false });
  await minutes(world, PATIENCE_MINUTES + 1, watchOnce);
  expect(await stateOf(world)).toMatchObject({
    state: "notPlanned",
    detail:
      "something waits for 16 minutes, and no batch is planned: a job run of batch 1 has not ended",
  });
});

test("a run of an earlier look that has ended since is not named: what fails now is", async () => {
  const world = await aWorldBehindARun();
  world.jobs.check = () => Promise.resolve({ hasEnded: false });
  await minutes(world, 2, watchOnce);
  const look = notingPlanFailure("readPipelineStatus", () =>
    Promise.reject(new AssayError("BODY_REFUSED", "The lake said no.")),
  );
  await minutes(world, PATIENCE_MINUTES, () =>
    look(world, flights).catch(() => undefined),
  );
  expect(await detailOf(world)).toMatch(
    /readPipelineStatus failed with BODY_REFUSED, last at .*: The lake said no\.$/,
  );
});

test("events that have not come into bronze are not waited for by a planner", async () => {
  const world = aWorld();
  await sweepOnce(world);
  world.hubs.positionsNow = [{ partition: "0", begin: 0, last: 9 }];
  await minutes(world, 30, watchOnce);
  const seen = world.lake.json(
    "_assay/pipelines/flights/input.json",
  ) as InputStatus;
  expect(seen).toMatchObject({ waitingEvents: 0 });
  const { unplanned, sweptAt } = world.lake.json(
    "_assay/pipelines/flights/sweep.json",
  ) as SweepReport;
  expect(unplanned).toEqual({ after: 0, since: sweptAt });
});

test.each(["watchers", "deliveries"] as const)(
  "a start of %s that fails is told after the next sweep",
  async (which) => {
    const world = await aWaitingWorld();
    await createActivities(world).planBatch(flights);
    await endBatch(world.lake, 1);
    await landEvents(world, aBatch(10, 19));
    world.hubs.positionsNow = [{ partition: "0", begin: 0, last: 19 }];
    world[which].start = () => Promise.resolve(NO);
    await sweepOnce(world);
    const step = which === "watchers" ? "work" : "deliveries";
    expect(await stateOf(world)).toMatchObject({
      state: "notSwept",
      detail: `the sweep failed at its ${step}: the lines sweep.failed of the log say why`,
    });
  },
);
