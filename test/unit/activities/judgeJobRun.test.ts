import { judgeJobRun } from "../../../src/activities/judgeJobRun.ts";
import { startJobRun } from "../../../src/activities/startJobRun.ts";
import type { JobRunResult } from "../../../src/domain/jobRuns.ts";
import { batchPaths } from "../../../src/domain/paths.ts";
import { endBatch } from "../../support/app/endBatch.ts";
import { putManifest } from "../../support/app/ended.ts";
import { aWorld, type World } from "../../support/app/world.ts";

const BATCH = { pipeline: "flights", batch: 1 };
const paths = batchPaths("flights", 1);
type Fault = JobRunResult["fault"];

function aPlannedBatch(): World {
  const world = aWorld();
  putManifest(world, 1);
  return world;
}

async function start(world: World, failedAttempt: number) {
  const started = await startJobRun(world, { ...BATCH, failedAttempt });
  if (started.hasBatchEnded) throw new Error("It has ended.");
  return started;
}

const aRun = (runId: number, more: Partial<JobRunResult> = {}) => ({
  runId,
  hasSucceeded: false,
  fault: "code" as const,
  message: "m",
  seconds: 1,
  ...more,
});

/** Starts the next attempt and has it end by this fault; the kind of the verdict. */
async function fail(
  world: World,
  fault: Fault,
  failedAttempt: number,
): Promise<string> {
  const { attempt, runId } = await start(world, failedAttempt);
  const run = aRun(runId, { fault });
  const judge = () => judgeJobRun(world, { ...BATCH, attempt, run });
  const { kind } = await judge();
  expect((await judge()).kind).toBe(kind);
  return kind;
}

async function verdictsOf(world: World, faults: Fault[]): Promise<string[]> {
  const verdicts: string[] = [];
  for (const fault of faults)
    verdicts.push(await fail(world, fault, verdicts.length));
  return verdicts;
}

test("clusters that were lost are not held against the job's own code", async () => {
  const faults: Fault[] = ["platform", "platform", "code", "code", "code"];
  expect(await verdictsOf(aPlannedBatch(), faults)).toEqual([
    "retry",
    "retry",
    "retry",
    "retry",
    "blocked",
  ]);
});

test("a batch has ten attempts in all, whoever is at fault", async () => {
  const faults = new Array<Fault>(10).fill("platform");
  const verdicts = await verdictsOf(aPlannedBatch(), faults);
  expect(verdicts.slice(0, 9)).not.toContain("blocked");
  expect(verdicts[9]).toBe("blocked");
});

test("a batch that was unblocked has all its attempts again", async () => {
  const world = aPlannedBatch();
  await verdictsOf(world, ["code", "code", "code"]);
  world.lake.put(paths.definition, {
    version: 3,
    definition: "e",
    firstAttempt: 4,
  });
  expect(await fail(world, "code", 0)).toBe("retry");
});

test("an attempt from before the batch was unblocked blocks nothing any more", async () => {
  const world = aPlannedBatch();
  const { attempt, runId } = await start(world, 0);
  world.lake.put(paths.failure(1), {
    version: 3,
    attempt: 1,
    step: "gold",
    condition: "UNRESOLVED_COLUMN",
    message: "There is no column dely.",
  });
  world.lake.put(paths.definition, {
    version: 3,
    definition: "e",
    firstAttempt: 2,
  });
  const run = aRun(runId);
  expect(await judgeJobRun(world, { ...BATCH, attempt, run })).toMatchObject({
    kind: "retry",
  });
  expect(world.lake.json(paths.blocked)).toBeNull();
  expect(await start(world, attempt)).toMatchObject({ attempt: 2 });
});

test("how an attempt ended lies beside its run: its seconds, and whose fault a failure was", async () => {
  const world = aPlannedBatch();
  await fail(world, "platform", 0);
  expect(world.lake.json(paths.attempt(1))).toMatchObject({
    runId: 1,
    seconds: 1,
    failedBy: "platform",
  });
  const { attempt, runId } = await start(world, 1);
  await endBatch(world.lake, 1);
  const run = aRun(runId, { hasSucceeded: true, seconds: 42 });
  expect(await judgeJobRun(world, { ...BATCH, attempt, run })).toEqual({
    kind: "ended",
  });
  expect(world.lake.json(paths.attempt(2))).toEqual({
    version: 3,
    attempt: 2,
    token: world.jobs.tokens[1],
    createdAt: expect.any(String) as string,
    runId: 2,
    seconds: 42,
  });
});

test("what two writers add to an attempt at once is both in it", async () => {
  const world = aPlannedBatch();
  const { attempt, runId } = await start(world, 0);
  const replace = world.lake.replace.bind(world.lake);
  let isFirst = true;
  world.lake.replace = async (path, content, etag) => {
    if (isFirst && path === paths.attempt(1)) {
      isFirst = false;
      await replace(path, content.replace(/"runId": \d+/, '"runId": 77'));
    }
    return replace(path, content, etag);
  };
  await judgeJobRun(world, { ...BATCH, attempt, run: aRun(runId) });
  expect(world.lake.json(paths.attempt(1))).toMatchObject({
    runId: 77,
    seconds: 1,
  });
});
