import { planBatch } from "../../../src/activities/planBatch.ts";
import { readPipelineStatus } from "../../../src/process/pipelineStatus.ts";
import { startJobRun } from "../../../src/activities/startJobRun.ts";
import {
  batchPaths,
  requestPath,
  requestsFolder,
  sinkPaths,
} from "../../../src/domain/paths.ts";
import type { Manifest, OperatorRequest } from "../../../src/domain/records.ts";
import { decide } from "../../../src/domain/waiting.ts";
import { hasWork } from "../../support/app/sweeping.ts";
import { landEvents } from "../../../src/sources/hub/landEvents.ts";
import { createCaches } from "../../../src/ledger/caches.ts";
import { seenBy } from "../../support/app/memoryLake.ts";
import { checkDocument } from "../../support/app/documentCheck.ts";
import { endBatch } from "../../support/app/endBatch.ts";
import { aBatch } from "../../support/app/events.ts";
import {
  aDefinition,
  aWorld,
  pipelinesOf,
  type World,
} from "../../support/app/world.ts";

const FLIGHTS = { pipeline: "flights" };
const plan = (world: World) => planBatch(world, FLIGHTS);
const paths = batchPaths("flights", 1);
const manifest = (world: World, batch: number) =>
  world.lake.json(batchPaths("flights", batch).manifest) as Manifest | null;
const open = (world: World) =>
  [...world.lake.files.keys()].filter((path) =>
    path.startsWith(requestsFolder("flights")),
  );
const happened = (world: World, event: string) =>
  world.logged.filter((each) => each.event === event).length;

type Ask<Request = OperatorRequest> = Request extends unknown
  ? Omit<Request, "version" | "id" | "createdAt">
  : never;

let made = 0;
/** An operator asks; the id of the request. */
function ask(world: World, request: Ask): string {
  made += 1;
  const id = `20260101T000000000Z-${String(made).padStart(6, "0")}`;
  const createdAt = "2026-01-01T00:00:00.000Z";
  const document = { version: 3, id, createdAt, ...request };
  const path = requestPath("flights", id);
  checkDocument(path, JSON.stringify(document));
  world.lake.put(path, document);
  return id;
}

/** Ten events are planned as batch 1, and its first attempt has run. */
async function aStartedWorld(): Promise<World> {
  const world = aWorld();
  await landEvents(world, aBatch(0, 9));
  world.hubs.positionsNow = [{ partition: "0", begin: 0, last: 9 }];
  await plan(world);
  await startJobRun(world, { ...FLIGHTS, batch: 1, failedAttempt: 0 });
  return world;
}

async function aBlockedWorld(): Promise<World> {
  const world = await aStartedWorld();
  world.lake.put(paths.blocked, {
    version: 3,
    reason: "input",
    code: "UNRESOLVED_COLUMN",
    message: "There is no column dely.",
    definition: manifest(world, 1)?.definition,
  });
  return world;
}

async function anEndedWorld(): Promise<World> {
  const world = await aStartedWorld();
  await endBatch(world.lake, 1);
  return world;
}

test("a retry gives a blocked batch its attempts again, with the definition that the app has", async () => {
  const world = await aBlockedWorld();
  expect(await plan(world)).toBeNull();
  ask(world, { kind: "retry" });
  expect(decide(await readPipelineStatus(world, FLIGHTS)).kind).toBe("run");
  expect(await plan(world)).toEqual({ ...FLIGHTS, batch: 1 });
  expect(world.lake.json(paths.blocked)).toBeNull();
  expect(world.lake.json(paths.definition)).toMatchObject({ firstAttempt: 2 });
  expect(open(world)).toEqual([]);
});

test("a skipped batch has ended, its events stay accounted, and the next one takes what follows", async () => {
  const world = await aBlockedWorld();
  const id = ask(world, { kind: "skip", batch: 1 });
  await landEvents(world, aBatch(10, 14));
  world.hubs.positionsNow = [{ partition: "0", begin: 0, last: 14 }];
  expect(decide(await readPipelineStatus(world, FLIGHTS)).kind).toBe("run");
  expect(await plan(world)).toEqual({ ...FLIGHTS, batch: 2 });
  expect(world.lake.json(paths.skipped)).toEqual({
    version: 3,
    batch: 1,
    skippedAt: new Date(world.now()).toISOString(),
    request: id,
    sources: { flights: { received: 10, skipped: 10 } },
  });
  expect(manifest(world, 2)?.slices).toMatchObject([{ from: 10, to: 14 }]);
  expect(open(world)).toEqual([]);
});

test("what the silver step has judged is not told as skipped", async () => {
  const world = await aBlockedWorld();
  const account = {
    received: 10,
    accepted: 7,
    duplicate: 1,
    quarantined: 2,
    late: 0,
    expired: 0,
    missing: 0,
    newestEventAt: null,
    partitions: {},
  };
  world.lake.put(paths.silver, { version: 3, sources: { flights: account } });
  ask(world, { kind: "skip", batch: 1 });
  expect(await plan(world)).toBeNull();
  expect(world.lake.json(paths.skipped)).toMatchObject({
    sources: { flights: { ...account, skipped: 0 } },
  });
});

test("a batch is not skipped while a job run of it is active", async () => {
  const world = await aBlockedWorld();
  ask(world, { kind: "skip", batch: 1 });
  const { ending } = world.jobs;
  world.jobs.ending = () => ({ hasEnded: false });
  expect(decide(await readPipelineStatus(world, FLIGHTS)).kind).toBe("wait");
  expect(await plan(world)).toBeNull();
  expect(world.lake.json(paths.skipped)).toBeNull();
  expect(open(world)).toHaveLength(1);

  world.jobs.ending = ending;
  expect(await plan(world)).toBeNull();
  expect(world.lake.json(paths.skipped)).toMatchObject({ batch: 1 });
});

test("a skip of a batch that is tried again waits for what becomes of it", async () => {
  const world = await aStartedWorld();
  ask(world, { kind: "skip", batch: 1 });
  expect(await plan(world)).toEqual({ ...FLIGHTS, batch: 1 });
  expect(open(world)).toHaveLength(1);
  await endBatch(world.lake, 1);
  expect(await plan(world)).toBeNull();
  expect(world.lake.json(paths.skipped)).toBeNull();
  expect(open(world)).toEqual([]);
  expect(happened(world, "request.ignored")).toBe(1);
});

test("a reload plans a rebuild that names it, and each pair once however often it was asked for", async () => {
  const world = await anEndedWorld();
  const ids = [
    ask(world, { kind: "reload", sink: "cosmos" }),
    ask(world, { kind: "reload", sink: "cosmos", table: "routes" }),
    ask(world, { kind: "reload", sink: "cosmos" }),
  ];
  expect(decide(await readPipelineStatus(world, FLIGHTS)).kind).toBe("run");
  expect(await plan(world)).toEqual({ ...FLIGHTS, batch: 2 });
  expect(manifest(world, 2)).toMatchObject({
    kind: "rebuild",
    reloads: [{ sink: "cosmos" }, { sink: "cosmos", table: "routes" }],
    requests: ids,
  });
  expect(open(world)).toEqual([]);
  await endBatch(world.lake, 2);
  expect(await plan(world)).toBeNull();
});

test("the snapshots of a batch that is skipped are owed with the next one that there is a reason for", async () => {
  const world = await anEndedWorld();
  ask(world, { kind: "reload", sink: "cosmos", table: "routes" });
  await plan(world);
  const definition = manifest(world, 2)?.definition;
  const blocked = {
    version: 3,
    reason: "job",
    code: "JOB_FAILED",
    message: "m",
    definition,
  };
  world.lake.put(batchPaths("flights", 2).blocked, blocked);
  ask(world, { kind: "skip", batch: 2 });
  expect(await plan(world)).toBeNull();
  await landEvents(world, aBatch(10, 14));
  world.hubs.positionsNow = [{ partition: "0", begin: 0, last: 14 }];
  expect(await plan(world)).toEqual({ ...FLIGHTS, batch: 3 });
  expect(manifest(world, 3)).toMatchObject({
    kind: "regular",
    reloads: [{ sink: "cosmos", table: "routes" }],
    requests: [],
  });
});

/** Batch 2 takes five events with the app's definition and what is asked for; it is blocked, and then skipped. */
async function skipTheNext(world: World, isJudged: boolean): Promise<void> {
  await landEvents(world, aBatch(10, 14));
  world.hubs.positionsNow = [{ partition: "0", begin: 0, last: 14 }];
  expect(await plan(world)).toEqual({ ...FLIGHTS, batch: 2 });
  const { silver, skipped } = batchPaths("flights", 2);
  if (isJudged) world.lake.put(silver, { version: 3, sources: {} });
  const counted = isJudged
    ? { received: 5, skipped: 0 }
    : { received: 5, skipped: 5 };
  world.lake.put(skipped, {
    version: 3,
    batch: 2,
    skippedAt: "2026-01-01T00:00:00.000Z",
    request: "20260101T000000000Z-aaaaaa",
    sources: { flights: counted },
  });
}

const deployOther = (world: World) =>
  Object.assign(world, {
    pipelines: pipelinesOf(aDefinition({ digest: "b".repeat(64) })),
  });

test.each<[string, (world: World) => unknown, object]>([
  ["a new definition", deployOther, { definition: "b".repeat(64) }],
  [
    "snapshots",
    (world) => ask(world, { kind: "reload", sink: "cosmos" }),
    { reloads: [{ sink: "cosmos" }] },
  ],
])(
  "what a skipped batch should have brought is planned without its input: %s, once",
  async (_, prepare, owed) => {
    const world = await anEndedWorld();
    await hasWork(world, "flights");
    prepare(world);
    await skipTheNext(world, false);
    expect(await hasWork(world, "flights")).toBe(true);
    expect(decide(await readPipelineStatus(world, FLIGHTS)).kind).toBe("run");
    expect(await plan(world)).toEqual({ ...FLIGHTS, batch: 3 });
    expect(manifest(world, 3)).toMatchObject({ kind: "rebuild", ...owed });
    world.lake.put(batchPaths("flights", 3).skipped, {
      version: 3,
      batch: 3,
      skippedAt: "2026-01-01T00:00:00.000Z",
      request: "20260101T000000000Z-bbbbbb",
      sources: {},
    });
    expect(await hasWork(world, "flights")).toBe(false);
    expect(decide(await readPipelineStatus(world, FLIGHTS)).kind).toBe("end");
    expect(await plan(world)).toBeNull();
  },
);

test.each<[string, boolean, (world: World) => unknown]>([
  ["had nothing new", false, () => undefined],
  ["left none of its input out", true, deployOther],
])(
  "a skipped batch that %s is followed by none until there is input",
  async (_, isJudged, prepare) => {
    const world = await anEndedWorld();
    prepare(world);
    await skipTheNext(world, isJudged);
    expect(decide(await readPipelineStatus(world, FLIGHTS)).kind).toBe("end");
    expect(await plan(world)).toBeNull();
  },
);

test("a reload that was named in a manifest and not removed is not planned again", async () => {
  const world = await anEndedWorld();
  ask(world, { kind: "reload", sink: "cosmos" });
  const remove = world.lake.remove.bind(world.lake);
  world.lake.remove = () => Promise.reject(new Error("killed"));
  await expect(plan(world)).rejects.toThrow("killed");
  world.lake.remove = remove;
  await endBatch(world.lake, 2);
  expect(decide(await readPipelineStatus(world, FLIGHTS)).kind).toBe("run");
  expect(await plan(world)).toBeNull();
  expect(open(world)).toEqual([]);
  expect(decide(await readPipelineStatus(world, FLIGHTS)).kind).toBe("end");
});

test.each<[string, Ask]>([
  ["a retry where nothing is blocked", { kind: "retry" }],
  ["a retry of an unknown sink", { kind: "retry", sink: "nowhere" }],
  ["a skip of a batch that has ended", { kind: "skip", batch: 1 }],
  ["a skip of a batch that there is not", { kind: "skip", batch: 7 }],
  ["a reload of an unknown sink", { kind: "reload", sink: "nowhere" }],
  [
    "a reload of an unknown table",
    { kind: "reload", sink: "cosmos", table: "nowhere" },
  ],
])("%s is removed, told in the log, and changes nothing", async (_, asked) => {
  const world = await anEndedWorld();
  ask(world, asked);
  expect(decide(await readPipelineStatus(world, FLIGHTS)).kind).toBe("run");
  expect(await plan(world)).toBeNull();
  expect(open(world)).toEqual([]);
  expect(happened(world, "request.ignored")).toBe(1);
  expect(decide(await readPipelineStatus(world, FLIGHTS)).kind).toBe("end");
});

test("a retry of a sink is left to the sink, also of one that the definition has no more", async () => {
  const world = await anEndedWorld();
  ask(world, { kind: "retry", sink: "cosmos" });
  const { cosmos } = aDefinition().sinks;
  const renamed = aDefinition({
    sinks: cosmos ? { served: cosmos } : {},
    digest: manifest(world, 1)?.definition ?? "",
  });
  Object.assign(world, { pipelines: pipelinesOf(renamed) });
  expect(world.lake.json(sinkPaths("flights", "cosmos").head)).not.toBeNull();
  expect(decide(await readPipelineStatus(world, FLIGHTS)).kind).toBe("end");
  expect(await plan(world)).toBeNull();
  expect(open(world)).toHaveLength(1);
});

test("the sweep sees requests that the planner can do something about", async () => {
  const world = await aBlockedWorld();
  await hasWork(world, "flights");
  expect(await hasWork(world, "flights")).toBe(false);
  ask(world, { kind: "reload", sink: "cosmos" });
  expect(await hasWork(world, "flights")).toBe(false);
  ask(world, { kind: "retry" });
  expect(await hasWork(world, "flights")).toBe(true);

  const ended = await anEndedWorld();
  await hasWork(ended, "flights");
  expect(await hasWork(ended, "flights")).toBe(false);
  ask(ended, { kind: "reload", sink: "cosmos" });
  expect(await hasWork(ended, "flights")).toBe(true);
});

test.each<[string, () => Promise<World>, Ask, number]>([
  ["skip", aBlockedWorld, { kind: "skip", batch: 1 }, 5],
  ["retry", aBlockedWorld, { kind: "retry" }, 8],
  ["reload", anEndedWorld, { kind: "reload", sink: "cosmos" }, 12],
])(
  "killed at any step of a %s, the next planner ends it and leaves what an unbroken one leaves",
  async (_, makeWorld, asked, least) => {
    const left = (world: World) =>
      [...world.lake.files.keys()].filter(
        (path) => !path.includes("/streams/"),
      );
    const unbroken = await makeWorld();
    ask(unbroken, asked);
    const planned = await plan(unbroken);
    let killed = 0;
    for (let alive = 0; ; alive += 1) {
      const world = await makeWorld();
      ask(world, asked);
      let steps = alive;
      const lake = seenBy(world.lake, () =>
        (steps -= 1) < 0
          ? Promise.reject(new Error("killed"))
          : Promise.resolve(),
      ) as World["lake"];
      const first = await plan({ ...world, lake }).catch(() => "killed");
      const again = { ...world, caches: createCaches() };
      const second = await plan(again);
      expect(first === "killed" ? second : first).toEqual(planned);
      expect(left(world).sort()).toEqual(left(unbroken).sort());
      if (first !== "killed") break;
      killed += 1;
    }
    expect(killed).toBeGreaterThanOrEqual(least);
  },
);

test("a reload that the winning planner has not seen stays open for the next batch", async () => {
  const world = await anEndedWorld();
  await landEvents(world, aBatch(10, 14));
  world.hubs.positionsNow = [{ partition: "0", begin: 0, last: 14 }];
  const other = { ...world, caches: createCaches() };
  const id = ask(world, { kind: "reload", sink: "cosmos" });
  const createOnce = world.lake.createOnce.bind(world.lake);
  let hasWon = false;
  const list = world.lake.list.bind(world.lake);
  const unaware = {
    ...world.lake,
    list: async (folder: string) =>
      folder === requestsFolder("flights") ? [] : list(folder),
  };
  world.lake.createOnce = async (path, ...more) => {
    if (!hasWon && path === batchPaths("flights", 2).manifest) {
      hasWon = true;
      await plan({ ...other, lake: unaware });
    }
    return createOnce(path, ...more);
  };
  expect(await plan(world)).toEqual({ ...FLIGHTS, batch: 2 });
  expect(manifest(world, 2)).toMatchObject({ reloads: [], requests: [] });
  expect(open(world)).toEqual([requestPath("flights", id)]);
});
