import { planBatch } from "../../../src/activities/planBatch.ts";
import { fileIdOf } from "../../../src/domain/identity.ts";
import {
  batchPaths,
  incarnationPath,
  requestPath,
} from "../../../src/domain/paths.ts";
import type { Manifest } from "../../../src/domain/records.ts";
import { claimFile } from "../../../src/sources/landing/claimFile.ts";
import { sealBatch } from "../../support/app/delivering.ts";
import { endBatch } from "../../support/app/endBatch.ts";
import { putSkipped } from "../../support/app/ended.ts";
import { held, land } from "../../support/app/looks.ts";
import {
  aDefinition,
  aWorld,
  pipelinesOf,
  START,
  type World,
} from "../../support/app/world.ts";

const plan = (world: World) => planBatch(world, { pipeline: "flights" });
const manifest = (world: World, batch: number) =>
  world.lake.json(batchPaths("flights", batch).manifest) as Manifest | null;
const AT = "2026-01-01T00:00:00.000Z";

async function dropAndClaim(world: World, name: string): Promise<string> {
  const path = `landing/airports/${name}`;
  world.lake.drop(path, "iata", START - 3_600_000);
  const etag = world.lake.files.get(path)?.etag ?? "";
  await claimFile(world, { path, isClosed: false });
  return fileIdOf(path, etag);
}

function ask(world: World, number: number, more: object): string {
  const id = `20260101T000000000Z-00000${number}`;
  world.lake.put(requestPath("flights", id), {
    ...{ version: 3, id, createdAt: AT, kind: "reload", ...more },
  });
  return id;
}

test("a manifest says all of its batch, and what is planned is told", async () => {
  const world = aWorld();
  await land(world, 0, 9);
  held(world, 9);
  const id = await dropAndClaim(world, "a.csv");
  world.logged.length = 0;
  expect(await plan(world)).toEqual({ pipeline: "flights", batch: 1 });
  const { incarnation } = world.lake.json(incarnationPath("flights")) as {
    incarnation: string;
  };
  expect(incarnation).toMatch(/^20260101T000000000Z-[0-9a-f]{6}$/);
  const [slice] = manifest(world, 1)?.slices ?? [];
  const { generation = "", path = "" } = slice ?? {};
  expect(manifest(world, 1)).toEqual({
    ...{ version: 3, pipeline: "flights", incarnation, batch: 1 },
    ...{ kind: "regular", definition: aDefinition().digest, createdAt: AT },
    slices: [
      {
        ...{ source: "flights", stream: "hub/flights", generation, path },
        ...{ partition: "0", from: 0, to: 9 },
      },
    ],
    files: [
      {
        ...{ source: "airports", id, name: "a.csv", bytes: 4 },
        path: `bronze/files/airports/${id}/a.csv`,
      },
    ],
    ends: { "hub/flights": { [generation]: { "0": 9 } } },
    ...{ reloads: [], requests: [] },
  });
  expect(world.logged).toEqual([
    {
      event: "batch.planned",
      fields: {
        ...{ pipeline: "flights", batch: 1, kind: "regular" },
        ...{ events: 10, files: 1 },
      },
    },
  ]);
});

test("a gap that a batch accounts for is told with the batch, and awaited from then on", async () => {
  const world = aWorld();
  await land(world, 0, 9);
  await land(world, 15, 19);
  held(world, 19);
  world.clock.now += 15 * 60_000 + 1;
  world.logged.length = 0;
  await plan(world);
  const { gaps, awaited } = manifest(world, 1) ?? {};
  const range = { stream: "hub/flights", partition: "0", from: 10, to: 14 };
  expect(gaps).toMatchObject([{ ...range, reason: "missing" }]);
  expect(awaited).toMatchObject([range]);
  expect(world.logged[1]).toMatchObject({
    event: "gap.closed",
    fields: { pipeline: "flights", batch: 1, ...range, reason: "missing" },
  });
  await endBatch(world.lake, 1);
  expect(await plan(world)).toBeNull();
  await land(world, 10, 14);
  expect(await plan(world)).toMatchObject({ batch: 2 });
  expect(manifest(world, 2)).toMatchObject({
    ...{ kind: "regular", slices: [range] },
    gaps: [{ ...range, reason: "recovered" }],
  });
  expect(manifest(world, 2)?.awaited).toBeUndefined();
});

test("a file alone is input, and is listed once", async () => {
  const world = aWorld();
  await dropAndClaim(world, "a.csv");
  expect(await plan(world)).toMatchObject({ batch: 1 });
  await endBatch(world.lake, 1);
  expect(await plan(world)).toBeNull();
});

test("each pair of sink and table is reloaded once, however often it was asked for", async () => {
  const world = aWorld();
  await dropAndClaim(world, "a.csv");
  await plan(world);
  await endBatch(world.lake, 1);
  const cosmos = { sink: "cosmos" };
  const routes = { ...cosmos, table: "routes" };
  const requests = [routes, cosmos, routes, cosmos].map((more, at) =>
    ask(world, at, more),
  );
  expect(await plan(world)).toMatchObject({ batch: 2 });
  expect(manifest(world, 2)).toMatchObject({
    ...{ kind: "rebuild", reloads: [routes, cosmos], requests },
  });
  expect(
    world.logged.filter(({ event }) => event === "request.settled"),
  ).toEqual(
    requests.map((request) => ({
      event: "request.settled",
      fields: { pipeline: "flights", request, kind: "reload" },
    })),
  );
});

test("snapshots that a skipped batch was to bring come with the next one, before those that are asked for since", async () => {
  const world = aWorld();
  sealBatch(world, 1);
  const reloads = [{ sink: "cosmos", table: "routes" }];
  putSkipped(world, 2);
  const before = manifest(world, 2);
  world.lake.put(batchPaths("flights", 2).manifest, {
    ...{ ...before, definition: aDefinition().digest, reloads },
  });
  ask(world, 1, { sink: "cosmos" });
  expect(await plan(world)).toMatchObject({ batch: 3 });
  expect(manifest(world, 3)?.reloads).toEqual([
    ...[{ sink: "cosmos", table: "routes" }, { sink: "cosmos" }],
  ]);
  // Those of a batch that was processed are delivered.
  sealBatch(world, 3);
  ask(world, 2, { sink: "cosmos", table: "airport_delays" });
  await plan(world);
  expect(manifest(world, 4)?.reloads).toEqual([
    { sink: "cosmos", table: "airport_delays" },
  ]);
});

test("a planner that finds the manifest made adopts it, and settles no request", async () => {
  const world = aWorld();
  await dropAndClaim(world, "a.csv");
  await plan(world);
  await endBatch(world.lake, 1);
  const id = ask(world, 1, { sink: "cosmos" });
  const create = world.lake.createOnce.bind(world.lake);
  world.lake.createOnce = (path, ...more) =>
    path.endsWith("/manifest.json")
      ? Promise.resolve(false)
      : create(path, ...more);
  world.logged.length = 0;
  expect(await plan(world)).toEqual({ pipeline: "flights", batch: 2 });
  expect(world.logged).toEqual([
    { event: "batch.adopted", fields: { pipeline: "flights", batch: 2 } },
  ]);
  expect(world.lake.json(requestPath("flights", id))).not.toBeNull();
});

/** Batch 1 is blocked with the definition of the package. */
async function aBlockedWorld(retryAt?: string): Promise<World> {
  const world = aWorld();
  await dropAndClaim(world, "a.csv");
  await plan(world);
  world.lake.put(batchPaths("flights", 1).blocked, {
    ...{ version: 3, reason: "job", code: "JOB_FAILED", message: "It failed." },
    ...{ definition: aDefinition().digest },
    ...(retryAt === undefined ? {} : { retryAt }),
  });
  world.logged.length = 0;
  return world;
}

test("a blocked batch is tried again when its time has come, by another definition, or when somebody asks", async () => {
  expect(await plan(await aBlockedWorld())).toBeNull();
  const later = await aBlockedWorld("2026-01-01T00:00:00.001Z");
  expect(await plan(later)).toBeNull();
  expect(later.logged).toEqual([]);
  later.clock.now += 1;
  expect(await plan(later)).toEqual({ pipeline: "flights", batch: 1 });
  const { digest } = aDefinition();
  expect(later.lake.json(batchPaths("flights", 1).definition)).toEqual({
    ...{ version: 3, definition: digest, firstAttempt: 1 },
  });
  expect(later.logged).toEqual([
    {
      event: "batch.unblocked",
      fields: { pipeline: "flights", batch: 1, definition: digest },
    },
    { event: "batch.adopted", fields: { pipeline: "flights", batch: 1 } },
  ]);
  const asked = await aBlockedWorld();
  const id = ask(asked, 1, { kind: "retry" });
  expect(await plan(asked)).toMatchObject({ batch: 1 });
  expect(asked.lake.json(requestPath("flights", id))).toBeNull();
  const mended = await aBlockedWorld();
  Object.assign(mended, {
    pipelines: pipelinesOf(aDefinition({ digest: "b".repeat(64) })),
  });
  expect(await plan(mended)).toMatchObject({ batch: 1 });
});

test("the attempts of an unblocked batch go on behind those that it has had, and its sinks stay where they are", async () => {
  const world = await aBlockedWorld();
  for (const attempt of [1, 2])
    world.lake.put(batchPaths("flights", 1).attempt(attempt), {
      ...{ version: 3, attempt, token: "t", createdAt: AT },
      ...{ runId: attempt, seconds: 1, failedBy: "code" },
    });
  ask(world, 1, { kind: "retry" });
  const heads = [...world.lake.files.keys()].filter((path) =>
    path.endsWith("/head.json"),
  );
  for (const path of heads) world.lake.files.delete(path);
  await plan(world);
  expect(world.lake.json(batchPaths("flights", 1).definition)).toMatchObject({
    firstAttempt: 3,
  });
  // By the same definition it has no new sinks.
  for (const path of heads) expect(world.lake.files.has(path)).toBe(false);
});

test("a request that nothing can be done about is told with its kind, also before the first batch", async () => {
  const world = aWorld();
  const request = ask(world, 1, { kind: "retry" });
  expect(await plan(world)).toBeNull();
  expect(world.logged[0]).toEqual({
    event: "request.ignored",
    fields: { pipeline: "flights", request, kind: "retry" },
  });
});

test("only of a sink that is to be tried again it is looked whether it has a head", async () => {
  const world = aWorld();
  await dropAndClaim(world, "a.csv");
  await plan(world);
  const find = world.lake.find.bind(world.lake);
  const heads: string[] = [];
  world.lake.find = (path) => {
    if (path.includes("/sinks/")) heads.push(path.split("/").at(-2) ?? "");
    return find(path);
  };
  ask(world, 1, { sink: "cosmos" });
  ask(world, 2, { kind: "retry" });
  await plan(world);
  expect(heads).toEqual([]);
  ask(world, 3, { kind: "retry", sink: "former" });
  await plan(world);
  expect(heads).toEqual(["former"]);
});

test("a skipped batch is told with the request that asked for it", async () => {
  const world = await aBlockedWorld();
  const request = ask(world, 1, { kind: "skip", batch: 1 });
  await plan(world);
  expect(world.logged).toContainEqual({
    event: "batch.skipped",
    fields: { pipeline: "flights", batch: 1, request },
  });
});

test("of a batch that has ended, and all of whose runs have, nothing is asked again", async () => {
  const world = aWorld();
  await dropAndClaim(world, "a.csv");
  await plan(world);
  const attempt = (more: object): void =>
    world.lake.put(batchPaths("flights", 1).attempt(1), {
      ...{ version: 3, attempt: 1, token: "t", createdAt: AT, ...more },
    });
  // Whoever made it died before the run was known.
  attempt({});
  await endBatch(world.lake, 1);
  const listed: string[] = [];
  const list = world.lake.list.bind(world.lake);
  world.lake.list = (folder) => {
    listed.push(folder.split("/").at(-1) ?? "");
    return list(folder);
  };
  let checks = 0;
  const check = world.jobs.check.bind(world.jobs);
  world.jobs.check = (runId) => {
    checks += 1;
    return check(runId);
  };
  const looks = async (): Promise<number> => {
    listed.length = 0;
    expect(await plan(world)).toBeNull();
    return listed.filter((folder) => folder === "attempts").length;
  };
  expect(await looks()).toBe(1);
  expect(await looks()).toBe(0);
  expect(checks).toBe(0);
});
