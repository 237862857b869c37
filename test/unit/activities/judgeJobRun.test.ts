import { judgeJobRun } from "../../../src/activities/judgeJobRun.ts";
import { startJobRun } from "../../../src/activities/startJobRun.ts";
import type { JobRunResult } from "../../../src/domain/jobRuns.ts";
import { batchPaths } from "../../../src/domain/paths.ts";
import { aWorld, type World } from "../../support/app/world.ts";

const BATCH = { pipeline: "flights", batch: 1 };
type Fault = JobRunResult["fault"];

function aPlannedBatch(): World {
  const world = aWorld();
  world.lake.put(batchPaths("flights", 1).manifest, {
    pipeline: "flights",
    incarnation: "20260101T000000000Z-abcdef",
    batch: 1,
    definition: "d",
    slices: [],
  });
  return world;
}

/** Starts the next attempt and has it end by this fault; the kind of the verdict. */
async function fail(
  world: World,
  fault: Fault,
  failedAttempt: number,
): Promise<string> {
  const started = await startJobRun(world, { ...BATCH, failedAttempt });
  if (started.isProcessed) throw new Error("It is processed.");
  const { attempt, runId } = started;
  const run = { runId, hasSucceeded: false, fault, message: "m", seconds: 1 };
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
  world.lake.put(batchPaths("flights", 1).definition, {
    version: 1,
    definition: "e",
    firstAttempt: 4,
  });
  expect(await fail(world, "code", 0)).toBe("retry");
});
