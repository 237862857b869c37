import { readFileSync } from "node:fs";
import { pipelineStates } from "../../../src/serve/views/health.ts";
import { readConfig } from "../../../src/config.ts";
import { readHealth } from "../../../src/serve/health.ts";
import { landEvents } from "../../../src/sources/hub/landEvents.ts";
import { readPipelineStatus } from "../../../src/process/pipelineStatus.ts";
import { planBatch } from "../../../src/activities/planBatch.ts";
import { batchPaths } from "../../../src/domain/paths.ts";
import {
  aBlock,
  aTable,
  putHead,
  putManifest,
  putProcessed,
} from "../../support/app/ended.ts";
import { apiOf } from "../../support/app/api.ts";
import { aBatch } from "../../support/app/events.ts";
import { sweepOnce } from "../../support/app/sweeping.ts";
import {
  aWorld,
  pipelinesOf,
  aDefinition,
  type World,
} from "../../support/app/world.ts";

const LATER_MS = 60_000;
const IDLE = { state: "idle", behind: { batches: 0, seconds: 0 } };

test("a pipeline with nothing wrong is well", async () => {
  expect(await readHealth(aWorld())).toEqual({
    status: "ok",
    pipelines: { flights: { state: "ok", sinks: { cosmos: IDLE } } },
  });
});

test("a setting that is missing is told, and the pipelines go on as far as they can", async () => {
  const world = aWorld();
  const { mistakes } = readConfig({});
  const config = { ...world.config, mistakes };
  expect(await readHealth({ ...world, config })).toMatchObject({
    status: "degraded",
    settings: expect.arrayContaining([
      "Missing or wrong: DATABRICKS_HOST. Until then events and files are taken in, and no batch is run.",
    ]) as unknown,
    pipelines: { flights: { state: "ok" } },
  });
});

test("a disabled pipeline is told with its mistake", async () => {
  const disabled = new Map([["trains", "not JSON"]]);
  const world = aWorld({
    pipelines: { ...pipelinesOf(aDefinition()), disabled },
  });
  expect(await readHealth(world)).toMatchObject({
    status: "degraded",
    pipelines: { trains: { state: "disabled", detail: "not JSON" } },
  });
});

test("a hole in bronze, a partition that stands still and a blocked batch are told", async () => {
  const world = aWorld();
  const flights = async () => {
    world.clock.now += LATER_MS;
    await readPipelineStatus(world, { pipeline: "flights" });
    return (await readHealth(world)).pipelines["flights"];
  };
  const lastEnqueuedAt = new Date(world.now()).toISOString();
  world.hubs.positionsNow = [
    { partition: "0", begin: 0, last: 19, lastEnqueuedAt },
  ];
  expect(await flights()).toMatchObject({
    state: "behind",
    detail: "20 events in the streams",
  });
  await landEvents(world, aBatch(15, 19));
  expect(await flights()).toMatchObject({
    state: "gap",
    detail:
      "hub/flights partition 0: 0 to 14 are not in bronze, and are waited for until 2026-01-01T00:16:00.000Z",
  });
  await landEvents(world, aBatch(0, 14));
  await planBatch(world, { pipeline: "flights" });
  expect(await flights()).toMatchObject({ state: "ok" });
  const blocked = { version: 3, code: "X", message: "m", definition: "d" };
  const { blocked: path } = batchPaths("flights", 1);
  const retryAt = "2026-01-01T01:00:00.000Z";
  world.lake.put(path, { ...blocked, reason: "job", retryAt });
  expect(await flights()).toMatchObject({
    state: "blocked",
    detail: `batch 1: X; tried again at ${retryAt}, or npm run retry, or npm run skip`,
  });
  const place = { file: "gold/a.sql", line: 7 };
  world.lake.put(path, { ...blocked, reason: "input", ...place });
  expect(await flights()).toMatchObject({
    detail:
      "batch 1: X in gold/a.sql:7; a mended definition frees it, or npm run retry, or npm run skip",
  });
});

const stateAfter = async (world: World, minutes: number): Promise<unknown> => {
  world.clock.now += minutes * LATER_MS;
  return (await readHealth(world)).pipelines["flights"];
};

/** An attempt at a batch that began now. */
const putAttempt = (
  world: World,
  batch: number,
  more: object,
  attempt = 1,
): void => {
  const createdAt = new Date(world.now()).toISOString();
  world.lake.put(batchPaths("flights", batch).attempt(attempt), {
    ...{ version: 3, attempt: 1, token: "t", createdAt, runId: 1 },
    ...more,
  });
};

test("a batch that does not end is told with its age, whatever its orchestration fails on", async () => {
  const world = aWorld();
  putManifest(world, 1);
  expect(await stateAfter(world, 20)).toMatchObject({ state: "ok" });
  expect(await stateAfter(world, 1)).toMatchObject({
    state: "unfinished",
    detail: "batch 1 for 21 minutes, no attempt at it has begun",
  });
});

test("how long an attempt may take follows from the batch before, and from how many events each of them has", async () => {
  const hanging = (seconds: number, events: number): World => {
    const world = aWorld();
    for (const [index, count] of [10, events].entries()) {
      const slice = { from: 0, to: count - 1, path: "bronze/a.avro" };
      const place = { stream: "hub/flights", generation: "g", partition: "0" };
      putManifest(world, index + 1, {
        slices: [{ source: "flights", ...place, ...slice }],
      });
    }
    putAttempt(world, 1, { seconds });
    putAttempt(world, 2, {});
    return world;
  };
  const short = hanging(60, 10);
  expect(await stateAfter(short, 10)).toMatchObject({ state: "ok" });
  expect(await stateAfter(short, 1)).toMatchObject({
    state: "unfinished",
    detail: "batch 2 for 11 minutes, attempt 1 for 11",
  });
  const long = hanging(600, 10);
  expect(await stateAfter(long, 30)).toMatchObject({ state: "ok" });
  expect(await stateAfter(long, 1)).toMatchObject({ state: "unfinished" });
  const larger = hanging(600, 15);
  expect(await stateAfter(larger, 45)).toMatchObject({ state: "ok" });
  expect(await stateAfter(larger, 1)).toMatchObject({ state: "unfinished" });
});

test("a batch of larger files may take in proportion longer, and however many attempts there were, two are read", async () => {
  const world = aWorld();
  for (const [index, bytes] of [1_000, 4_000].entries())
    putManifest(world, index + 1, {
      files: [{ source: "airports", id: "a", path: "p", name: "a.csv", bytes }],
    });
  putAttempt(world, 1, { seconds: 600 });
  for (let attempt = 1; attempt <= 100; attempt += 1)
    putAttempt(world, 2, { attempt }, attempt);
  expect(await stateAfter(world, 60)).toMatchObject({ state: "ok" });
  world.lake.counts.clear();
  expect(await stateAfter(world, 1)).toMatchObject({ state: "unfinished" });
  expect(world.lake.counts.get("read")).toBeLessThan(15);
});

test("attempts that fail again and again are told after an hour, however young the last one is", async () => {
  const world = aWorld();
  putManifest(world, 1);
  world.clock.now += 60 * LATER_MS;
  putAttempt(world, 1, {});
  expect(await stateAfter(world, 0)).toMatchObject({ state: "ok" });
  expect(await stateAfter(world, 1)).toMatchObject({
    state: "unfinished",
    detail: "batch 1 for 61 minutes, attempt 1 for 1",
  });
});

test("a sink that is blocked, or has noted nothing for a quarter of an hour, is told apart from the pipeline's batches", async () => {
  const world = aWorld();
  putProcessed(world, 1, { airport_delays: aTable("airport", "day") });
  putHead(world, "cosmos", 1, { blocked: aBlock() });
  expect(await readHealth(world)).toEqual({
    status: "degraded",
    pipelines: {
      flights: {
        state: "sinkBlocked",
        detail:
          "cosmos: STORE_REFUSED, tried again at 2026-01-01T01:00:00.000Z",
        shares: {
          tables: { airport_delays: { refused: 0 } },
          sinks: { cosmos: { refused: 0 } },
        },
        sinks: {
          cosmos: { state: "blocked", behind: { batches: 1, seconds: 0 } },
        },
      },
    },
  });
  putHead(world, "cosmos", 1);
  world.clock.now += 10 * LATER_MS;
  putHead(world, "cosmos", 1);
  await sweepOnce(world);
  world.clock.now += 15 * LATER_MS;
  await sweepOnce(world);
  expect(await readHealth(world)).toMatchObject({ status: "ok" });
  world.clock.now += LATER_MS;
  expect(await readHealth(world)).toMatchObject({
    pipelines: {
      flights: {
        state: "sinkBehind",
        detail: "cosmos: 1 batches, for 26 minutes",
        sinks: { cosmos: { state: "delivering" } },
      },
    },
  });
  putHead(world, "cosmos", 2);
  world.clock.now += LATER_MS;
  expect(await readHealth(world)).toMatchObject({
    status: "ok",
    pipelines: { flights: { state: "ok" } },
  });
});

/** The first sweep of a process looks at nothing: it starts every watcher. */
async function sweepTwice(world: World): Promise<void> {
  await sweepOnce(world);
  await sweepOnce(world);
}

test("a sweep that fails is told with its step, and the app is not down for it", async () => {
  const world = aWorld();
  world.hubs.positions = () =>
    Promise.reject(new Error("https://secret.address"));
  await sweepTwice(world);
  const { status, body, text } = await apiOf(world).ask("getHealth");
  expect(status).toBe(200);
  expect(body).toMatchObject({
    status: "degraded",
    pipelines: {
      flights: {
        state: "notSwept",
        detail:
          "the sweep failed at its work: the lines sweep.failed of the log say why",
      },
    },
  });
  expect(text).not.toContain("secret");
});

test("what is wrong with the newest batch is told before a sweep that fails", async () => {
  const world = aWorld();
  putManifest(world, 1);
  world.lake.put(batchPaths("flights", 1).blocked, {
    ...{ version: 3, code: "X", message: "m", definition: "d", reason: "job" },
  });
  const listFolders = world.lake.listFolders.bind(world.lake);
  world.lake.listFolders = () => Promise.reject(new Error("gone"));
  await sweepTwice(world);
  world.lake.listFolders = listFolders;
  expect(world.lake.json("_assay/pipelines/flights/sweep.json")).toMatchObject({
    failed: ["deliveries"],
  });
  expect(await readHealth(world)).toMatchObject({
    pipelines: { flights: { state: "blocked" } },
  });
});

test("a state that another version wrote is told as that, with what to do", async () => {
  const world = aWorld();
  world.lake.drop(batchPaths("flights", 1).manifest, '{"version":1}');
  expect(await readHealth(world)).toMatchObject({
    status: "down",
    pipelines: {
      flights: {
        state: "otherVersion",
        detail: expect.stringContaining("--reset") as string,
      },
    },
  });
});

test("a lake that does not answer is told, and asked once in ten seconds", async () => {
  const world = aWorld();
  let asked = 0;
  world.lake.listFolders = () => {
    asked += 1;
    return Promise.reject(new Error("https://secret.address"));
  };
  expect(await readHealth(world)).toEqual({
    status: "down",
    pipelines: { flights: { state: "unreachable" } },
  });
  await readHealth(world);
  expect(asked).toBe(1);
  world.clock.now += 10_000;
  await readHealth(world);
  expect(asked).toBe(2);
});

test("health asks no stream and lists no bronze, however much waits", async () => {
  const world = aWorld();
  await landEvents(world, aBatch(0, 9));
  await readPipelineStatus(world, { pipeline: "flights" });
  world.hubs.positions = () => Promise.reject(new Error("asked"));
  world.lake.counts.clear();
  expect(await readHealth(world)).toMatchObject({ status: "ok" });
  expect([...world.lake.counts.keys()].sort()).toEqual([
    "find",
    "listFolders",
    "read",
  ]);
});

test("dropped files that nobody takes, and those that are set aside, are counted for anybody and named with the key", async () => {
  const world = aWorld();
  const look = async () => {
    world.clock.now += LATER_MS;
    await sweepOnce(world);
    const api = apiOf(world);
    const health = await api.ask("getHealth");
    const { body } = await api.ask("getPipeline", { pipeline: "flights" });
    expect(health.text).not.toMatch(/csv|landing/);
    const { pipelines } = health.body as { pipelines: { flights: object } };
    return [pipelines.flights, body];
  };
  world.lake.drop("landing/airports/.a.csv", "x", 0);
  expect(await look()).toMatchObject([
    { state: "ok", files: { notTaken: 1, setAside: 0 } },
    { files: { notTaken: 1, first: { path: "landing/airports/.a.csv" } } },
  ]);
  world.lake.drop("landing/airports/b.csv", "", 0);
  expect(await look()).toMatchObject([
    { files: { notTaken: 1, setAside: 1 } },
    { files: { setAside: 1, lastSetAside: { path: "b.csv" } } },
  ]);
  world.lake.drop("landing/airports/c.csv", "x", 0);
  world.lake.move = () => Promise.reject(new Error("https://account/refused"));
  const failed = await look();
  expect(failed).toMatchObject([
    {
      state: "fileFailed",
      detail:
        "a dropped file could not be claimed: GET /api/pipelines/flights names it",
    },
    {
      state: "fileFailed",
      detail:
        "landing/airports/c.csv: it could not be claimed: the line file.failed of the log says why",
    },
  ]);
  expect(JSON.stringify(failed)).not.toContain("https://");
});

test("a sweep that does not run any more, or has never run, is told", async () => {
  const stateOf = async (world: World) =>
    (await readHealth(world)).pipelines["flights"];
  const world = aWorld();
  await sweepOnce(world);
  world.clock.now += 11 * 60_000;
  const told = {
    state: "notSwept",
    detail: "the function sweep has not ended for 11 minutes",
  };
  expect(await stateOf(world)).toMatchObject(told);
  const never = aWorld();
  expect(await stateOf(never)).toMatchObject({ state: "ok" });
  never.clock.now += 11 * 60_000;
  expect(await stateOf(never)).toMatchObject(told);
});

test("docs/operations.md explains the states in the order in which the first is told", () => {
  const page = readFileSync("docs/operations.md", "utf8");
  const section = page.split("## The states of a pipeline")[1]?.split("\n#")[0];
  const rows = [...(section ?? "").matchAll(/^\| `(\w+)`/gm)];
  expect(rows.map(([, state]) => state)).toEqual(pipelineStates);
});
