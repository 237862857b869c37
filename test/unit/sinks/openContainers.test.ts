import { openContainers } from "../../../src/sinks/cosmos/openContainers.ts";
import { beginHead, headOf, sealBatch } from "../../support/app/delivering.ts";
import { aDefinition, aWorld, type World } from "../../support/app/world.ts";

const AT = "2026-01-01T01:00:00.000Z";

const deliversTo = (tables: readonly string[]) =>
  aDefinition({
    sinks:
      tables.length === 0
        ? { notify: { kind: "notify", tables: ["routes"], settings: {} } }
        : { cosmos: { kind: "cosmos", tables: [...tables], settings: {} } },
  });
const definition = deliversTo(["airport_delays", "routes"]);

/** The head stands at a batch whose containers are all gone. */
function aWorldWithoutContainers(): World {
  const world = aWorld();
  world.store.containers = () => undefined;
  beginHead(world, "cosmos");
  sealBatch(world, 1, { definition });
  return world;
}

const open = (world: World, batch = 1, isRefusing = false) =>
  openContainers(world, {
    pipeline: "flights",
    sink: "cosmos",
    from: { batch, part: 0 },
    at: AT,
    tables: { airport_delays: "changes", routes: "changes" },
    isRefusing,
  });

test("a table or a sink that is not delivered any more needs no container", async () => {
  const world = aWorldWithoutContainers();
  await expect(open(world)).rejects.toThrow("SINK_TARGET_REPLACED");
  sealBatch(world, 2, { definition: deliversTo(["routes"]) });
  world.store.containers = (name) =>
    name === "flights_routes" ? "rid" : undefined;
  beginHead(world, "cosmos", { record: { containers: { routes: "rid" } } });
  expect(await open(world)).toEqual({
    kind: "done",
    passes: ["airport_delays"],
  });
  world.store.containers = () => undefined;
  await expect(open(world)).rejects.toThrow("flights_routes is not there");
  sealBatch(world, 3, { definition: deliversTo([]) });
  expect(await open(world)).toMatchObject({
    passes: ["airport_delays", "routes"],
  });
});

test("a snapshot that comes after a batch makes up for it, and for none after itself", async () => {
  const world = aWorldWithoutContainers();
  const snapshot = { airport_delays: "snapshot", routes: "snapshot" } as const;
  sealBatch(world, 2, { definition, modes: snapshot });
  sealBatch(world, 3, { definition });
  expect(await open(world)).toMatchObject({
    passes: ["airport_delays", "routes"],
  });
  beginHead(world, "cosmos", { nextBatch: 2 });
  await expect(open(world, 2)).rejects.toThrow("SINK_TARGET_REPLACED");
});

test("a lost container costs one read of each batch, however often it is looked for", async () => {
  const newest = 100;
  const world = aWorldWithoutContainers();
  for (let batch = 2; batch <= newest; batch += 1)
    sealBatch(world, batch, { definition });
  const reads = () => world.lake.counts.get("read") ?? 0;
  const before = reads();
  let looks = 0;
  for (let batch = 1; batch <= newest; batch += 1, looks += 1) {
    beginHead(world, "cosmos", { nextBatch: batch });
    await expect(open(world, batch)).rejects.toThrow("SINK_TARGET_REPLACED");
  }
  // Each look reads the head, and most of them nothing else.
  expect(reads() - before).toBeLessThanOrEqual(looks + newest + 2);
});

test("a container that refuses too much is passed over where a later snapshot makes up for the batch, and only then", async () => {
  const world = aWorld();
  beginHead(world, "cosmos", {
    record: {
      containers: {
        airport_delays: "rid-of-flights_airport_delays",
        routes: "rid-of-flights_routes",
      },
    },
  });
  sealBatch(world, 1, { definition });
  sealBatch(world, 2, { definition, modes: { routes: "snapshot" } });
  expect(await open(world)).toEqual({ kind: "done", passes: [] });
  expect(await open(world, 1, true)).toEqual({
    kind: "done",
    passes: ["routes"],
  });
});

const RIDS = { routes: "rid-of-flights_routes" };
const openRoutes = (
  world: World,
  mode: "changes" | "snapshot",
  part = 0,
  batch = 1,
) =>
  openContainers(world, {
    ...{ pipeline: "flights", sink: "cosmos", at: AT },
    ...{ from: { batch, part }, tables: { routes: mode }, isRefusing: false },
  });

test("containers that are known already are not written into the head again", async () => {
  const world = aWorld();
  beginHead(world, "cosmos", { record: { containers: RIDS } });
  sealBatch(world, 1, { definition });
  expect(await openRoutes(world, "changes")).toEqual({
    ...{ kind: "done", passes: [] },
  });
  expect(await openRoutes(world, "snapshot")).toEqual({
    ...{ kind: "done", passes: [] },
  });
  expect(world.lake.counts.get("replace")).toBeUndefined();
});

test("a snapshot that begins goes to whatever container is there, one that has begun to the same only", async () => {
  const world = aWorld();
  beginHead(world, "cosmos", {
    record: { containers: { routes: "older", airport_delays: "kept" } },
  });
  sealBatch(world, 1, { definition });
  expect(await openRoutes(world, "snapshot")).toMatchObject({ kind: "done" });
  expect(headOf(world, "cosmos")).toMatchObject({
    ...{ nextBatch: 1, deliveredParts: 0, updatedAt: AT },
    record: { containers: { ...RIDS, airport_delays: "kept" } },
  });
  beginHead(world, "cosmos", {
    ...{ deliveredParts: 1, record: { containers: { routes: "older" } } },
  });
  await expect(openRoutes(world, "snapshot", 1)).rejects.toMatchObject({
    code: "SINK_TARGET_REPLACED",
    detail: "The container flights_routes is another one than before.",
  });
});

test("whoever finds no head, or another one than it was told of, stops", async () => {
  const world = aWorld();
  sealBatch(world, 1, { definition });
  expect(await openRoutes(world, "snapshot")).toEqual({ kind: "lost" });
  beginHead(world, "cosmos", { nextBatch: 2 });
  expect(await openRoutes(world, "snapshot")).toEqual({ kind: "lost" });
  expect(headOf(world, "cosmos")?.record).toEqual({});
});
