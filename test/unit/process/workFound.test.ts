import { planBatch } from "../../../src/activities/planBatch.ts";
import type { AppContext } from "../../../src/context.ts";
import {
  batchPaths,
  planFailurePath,
  requestPath,
} from "../../../src/domain/paths.ts";
import { AssayError } from "../../../src/errors.ts";
import { findWork } from "../../../src/process/findWork.ts";
import { notingPlanFailure } from "../../../src/process/planFailures.ts";
import { EventsLeftOut } from "../../../src/domain/planning.ts";
import { failUnlessStarted } from "../../../src/ingest/startWatchers.ts";
import { readPipelineStatus } from "../../../src/process/pipelineStatus.ts";
import { startJobRun } from "../../../src/activities/startJobRun.ts";
import { endBatch } from "../../support/app/endBatch.ts";
import { held, land } from "../../support/app/looks.ts";
import {
  aDefinition,
  aWorld,
  pipelinesOf,
  type World,
} from "../../support/app/world.ts";

const AT = "2026-01-01T00:00:00.000Z";
const find = (world: World) => findWork(world, "flights");

/** A world with as many batches of ten events that have ended. */
async function aWorldAfter(batches: number): Promise<World> {
  const world = aWorld();
  held(world, -1);
  for (let batch = 1; batch <= batches; batch += 1) {
    await land(world, batch * 10 - 10, batch * 10 - 1);
    held(world, batch * 10 - 1);
    await planBatch(world, { pipeline: "flights" });
    await endBatch(world.lake, batch);
  }
  return world;
}

function ask(world: World, more: object): void {
  const id = "20260101T000000000Z-000001";
  const path = requestPath("flights", id);
  world.lake.put(path, { version: 3, id, createdAt: AT, ...more });
}

const block = (world: World, batch: number): void =>
  world.lake.put(batchPaths("flights", batch).blocked, {
    ...{ version: 3, reason: "job", code: "JOB_FAILED", message: "It failed." },
    definition: aDefinition().digest,
  });

test.each([0, 1, 2])(
  "what waits is to be planned behind the last batch, of %i",
  async (batches) => {
    const world = await aWorldAfter(batches);
    expect(await find(world)).toBe("none");
    held(world, batches * 10);
    expect(await find(world)).toEqual({ after: batches });
    held(world, batches * 10 - 1);
    expect(await find(world)).toBe("none");
    // A request that only wants to be settled.
    ask(world, { kind: "retry" });
    expect(await find(world)).toEqual({ after: batches });
  },
);

test("another definition is to be planned behind the last batch, and so is a reload", async () => {
  const world = await aWorldAfter(1);
  ask(world, { kind: "reload", sink: "cosmos" });
  expect(await find(world)).toEqual({ after: 1 });
  const other = await aWorldAfter(1);
  Object.assign(other, {
    pipelines: pipelinesOf(aDefinition({ digest: "b".repeat(64) })),
  });
  expect(await find(other)).toEqual({ after: 1 });
});

test("a batch that goes on is work that has begun, and so is one that is tried again", async () => {
  const world = await aWorldAfter(1);
  world.lake.files.delete(batchPaths("flights", 1).process);
  expect(await find(world)).toBe("begun");
  block(world, 1);
  expect(await find(world)).toBe("none");
  ask(world, { kind: "retry" });
  expect(await find(world)).toBe("begun");
});

/** An activity that fails like this. */
function failing(error: unknown) {
  const plan: (
    context: AppContext,
    ask: { readonly pipeline: string },
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- A library may throw anything.
  ) => Promise<never> = () => Promise.reject(error);
  return notingPlanFailure("planBatch", plan);
}

test.each<[string, string, unknown]>([
  [
    "STATE_MISSING",
    "x is not in the lake.",
    new AssayError("STATE_MISSING", "x is not in the lake."),
  ],
  [
    "INTERNAL",
    "TypeError without a code of ours; the log of the app has it",
    new TypeError("secret"),
  ],
  [
    "INTERNAL",
    "an error without a code of ours; the log of the app has it",
    "secret",
  ],
])(
  "a failure of the planner is left in the lake: %s, %s",
  async (code, message, error) => {
    const world = aWorld();
    const ask = { pipeline: "flights" };
    await expect(failing(error)(world, ask)).rejects.toBe(error);
    expect(world.lake.json(planFailurePath("flights"))).toEqual({
      ...{ version: 3, at: AT, activity: "planBatch", code, message },
    });
    // The lake may be what failed: the failure stays the one that it was.
    world.lake.replace = () => Promise.reject(new Error("busy"));
    await expect(failing(error)(world, ask)).rejects.toBe(error);
  },
);

test("a plan that leaves events out, or takes some twice, is told by a code of its own", async () => {
  const world = aWorld();
  await land(world, 0, 9);
  // A partition that is there twice would be taken twice.
  const position = { partition: "0", begin: 0, last: 9 };
  world.hubs.positionsNow = [position, position];
  const error: unknown = await planBatch(world, { pipeline: "flights" }).catch(
    (failed: unknown) => failed,
  );
  expect(error).toMatchObject({
    code: "PLAN_BROKEN",
    detail: expect.stringContaining("do not follow 9") as unknown,
  });
  expect((error as Error).cause).toBeInstanceOf(EventsLeftOut);
  expect(world.lake.json(batchPaths("flights", 1).manifest)).toBeNull();
});

test("what fails otherwise while a batch is planned stays what it is", async () => {
  const world = aWorld();
  await land(world, 0, 9);
  held(world, 9);
  const read = world.lake.read.bind(world.lake);
  world.lake.read = (path) =>
    path.endsWith("/incarnation.json")
      ? Promise.reject(new TypeError("busy"))
      : read(path);
  world.lake.createOnce = () => Promise.resolve(false);
  await expect(planBatch(world, { pipeline: "flights" })).rejects.toThrow(
    TypeError,
  );
});

test("starts that failed are told by their names", () => {
  failUnlessStarted([], "watcher.startFailed");
  expect(() => failUnlessStarted(["a", "b"], "watcher.startFailed")).toThrow(
    new Error("No start of a, b: watcher.startFailed says why."),
  );
});

test("a look is noted where Databricks does not answer, and the look fails as the call does", async () => {
  const world = await aWorldAfter(1);
  await startJobRun(world, {
    pipeline: "flights",
    batch: 1,
    failedAttempt: 0,
  }).catch(() => undefined);
  world.lake.put(batchPaths("flights", 1).attempt(1), {
    ...{ version: 3, attempt: 1, token: "t", createdAt: AT, runId: 7 },
  });
  world.jobs.check = () => Promise.reject(new Error("busy"));
  held(world, 14);
  await expect(
    readPipelineStatus(world, { pipeline: "flights" }),
  ).rejects.toThrow("busy");
  expect(world.lake.json("_assay/pipelines/flights/input.json")).toMatchObject({
    notLanded: [{ events: 5 }],
  });
});
