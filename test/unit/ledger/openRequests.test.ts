import { planBatch } from "../../../src/activities/planBatch.ts";
import { readPipelineStatus } from "../../../src/process/pipelineStatus.ts";
import {
  batchPaths,
  requestPath,
  requestsFolder,
} from "../../../src/domain/paths.ts";
import type { Manifest } from "../../../src/domain/records.ts";
import { decide } from "../../../src/domain/waiting.ts";
import { findDueSinks } from "../../../src/sinks/findDueSinks.ts";
import { landEvents } from "../../../src/sources/hub/landEvents.ts";
import { endBatch } from "../../support/app/endBatch.ts";
import { aBatch } from "../../support/app/events.ts";
import { aWorld, type World } from "../../support/app/world.ts";

const FLIGHTS = { pipeline: "flights" };
const plan = (world: World) => planBatch(world, FLIGHTS);
const open = (world: World) =>
  [...world.lake.files.keys()].filter((path) =>
    path.startsWith(requestsFolder("flights")),
  );

const ODD_ID = "20260101T000000000Z-00000a";
const OTHER_ID = "20260101T000000000Z-ffffff";
const RETRY = { version: 3, createdAt: "2026-01-01T00:00:00.000Z" };

/** Ten events are planned as batch 1. */
async function aPlannedWorld(): Promise<World> {
  const world = aWorld();
  await landEvents(world, aBatch(0, 9));
  world.hubs.positionsNow = [{ partition: "0", begin: 0, last: 9 }];
  await plan(world);
  return world;
}

async function anEndedWorld(): Promise<World> {
  const world = await aPlannedWorld();
  await endBatch(world.lake, 1);
  return world;
}

async function aBlockedWorld(): Promise<World> {
  const world = await aPlannedWorld();
  const { manifest, blocked } = batchPaths("flights", 1);
  world.lake.put(blocked, {
    version: 3,
    reason: "input",
    code: "UNRESOLVED_COLUMN",
    message: "There is no column dely.",
    definition: (world.lake.json(manifest) as Manifest).definition,
  });
  return world;
}

test.each<[string, string, string]>([
  ["an empty file", `${ODD_ID}.json`, ""],
  ["no JSON", `${ODD_ID}.json`, "x"],
  ["no object", `${ODD_ID}.json`, "null"],
  [
    "another version",
    `${ODD_ID}.json`,
    JSON.stringify({ ...RETRY, version: 1, id: ODD_ID, kind: "retry" }),
  ],
  [
    "an unknown kind",
    `${ODD_ID}.json`,
    JSON.stringify({ ...RETRY, id: ODD_ID, kind: "stop" }),
  ],
  [
    "a sink that is a path",
    `${ODD_ID}.json`,
    JSON.stringify({ ...RETRY, id: ODD_ID, kind: "retry", sink: "../.." }),
  ],
  [
    "more than a request can have",
    `${ODD_ID}.json`,
    `${" ".repeat(20_000)}${JSON.stringify({ ...RETRY, id: ODD_ID, kind: "retry" })}`,
  ],
  [
    "another name",
    "retry.json",
    JSON.stringify({ ...RETRY, id: "retry", kind: "retry" }),
  ],
  [
    "another folder",
    `old/${ODD_ID}.json`,
    JSON.stringify({ ...RETRY, id: ODD_ID, kind: "retry" }),
  ],
])(
  "a file among the requests with %s holds up nothing, stays, and is told once",
  async (_, name, text) => {
    const world = await anEndedWorld();
    const path = `${requestsFolder("flights")}/${name}`;
    world.lake.drop(path, text);
    expect(decide(await readPipelineStatus(world, FLIGHTS)).kind).toBe("end");
    expect(await plan(world)).toBeNull();
    expect(await findDueSinks(world, "flights")).toEqual(["cosmos"]);
    expect(
      world.logged.filter(({ event }) => event === "request.refused"),
    ).toEqual([
      { event: "request.refused", fields: { pipeline: "flights", path } },
    ]);
    world.lake.put(requestPath("flights", OTHER_ID), {
      ...RETRY,
      id: OTHER_ID,
      kind: "reload",
      sink: "cosmos",
    });
    expect(await plan(world)).toEqual({ ...FLIGHTS, batch: 2 });
    expect(open(world)).toEqual([path]);
  },
);

test.each([[OTHER_ID], ["../batches/0000000001/manifest"]])(
  "a request that says its id is %s is settled by the name that it has",
  async (id) => {
    const world = await aBlockedWorld();
    const path = requestPath("flights", ODD_ID);
    world.lake.drop(path, JSON.stringify({ ...RETRY, id, kind: "retry" }));
    expect(await plan(world)).toEqual({ ...FLIGHTS, batch: 1 });
    expect(open(world)).toEqual([]);
    const { manifest } = batchPaths("flights", 1);
    expect(world.lake.json(manifest)).toMatchObject({ batch: 1 });
    expect(decide(await readPipelineStatus(world, FLIGHTS)).kind).toBe("run");
    await endBatch(world.lake, 1);
    expect(decide(await readPipelineStatus(world, FLIGHTS)).kind).toBe("end");
  },
);
