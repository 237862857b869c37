import { batchPaths } from "../../../src/domain/paths.ts";
import type { Manifest, SkippedRecord } from "../../../src/domain/records.ts";
import {
  findBatchEnd,
  findNewestBatch,
  findNewestBatchNumber,
  hasBatchEnded,
} from "../../../src/ledger/batches.ts";
import { sealBatch } from "../../support/app/delivering.ts";
import { aDefinition, aWorld, type World } from "../../support/app/world.ts";

const old = aDefinition({ digest: "a".repeat(64) });
const next = aDefinition({ digest: "b".repeat(64) });

const newestOf = (world: World) => findNewestBatch(world, "flights");

/** Leaves a batch as it is planned, with the definition that it was planned by. */
function planBatch(
  world: World,
  batch: number,
  definition = old,
  more: Partial<Manifest> = {},
): void {
  sealBatch(world, batch, { definition });
  const paths = batchPaths("flights", batch);
  const manifest = world.lake.json(paths.manifest) as Manifest;
  world.lake.put(paths.manifest, { ...manifest, ...more });
  void world.lake.remove(paths.process);
}

const block = (world: World, batch: number, more: object = {}): void =>
  world.lake.put(batchPaths("flights", batch).blocked, {
    ...{ version: 3, reason: "input", code: "C", message: "m" },
    ...{ definition: next.digest, ...more },
  });

function skip(
  world: World,
  batch: number,
  sources: SkippedRecord["sources"],
): void {
  world.lake.put(batchPaths("flights", batch).skipped, {
    ...{ version: 3, batch, skippedAt: "2026-01-01T00:00:00.000Z" },
    ...{ request: "20260101T000000000Z-000001", sources },
  });
}

test("before the first manifest there is no batch", async () => {
  const world = aWorld();
  expect(await findNewestBatchNumber(world, "flights")).toBe(0);
  expect(await newestOf(world)).toBeUndefined();
  expect(await hasBatchEnded(world.lake, "flights", 1)).toBe(false);
  expect(await findBatchEnd(world.lake, "flights", 1)).toBeUndefined();
});

test("the state of the newest batch is what lies beside its manifest", async () => {
  const world = aWorld();
  sealBatch(world, 1, { definition: old });
  const ended = await newestOf(world);
  expect(ended?.state).toMatchObject({ batch: 1, state: "ended" });
  expect(await hasBatchEnded(world.lake, "flights", 1)).toBe(true);
  planBatch(world, 2);
  expect((await newestOf(world))?.state).toEqual({
    ...{ batch: 2, createdAt: "2026-01-01T00:00:00.000Z" },
    ...{ definition: old.digest, state: "unfinished" },
  });
  block(world, 2);
  const blocked = (await newestOf(world))?.state;
  expect(blocked).toMatchObject({ state: "blocked", definition: next.digest });
  expect(blocked).not.toHaveProperty("retryAt");
  const retryAt = "2026-01-01T01:00:00.000Z";
  block(world, 2, { retryAt });
  expect((await newestOf(world))?.state).toMatchObject({ retryAt });
});

test("a manifest is read once while it is the newest and the same", async () => {
  const world = aWorld();
  planBatch(world, 1);
  const first = await newestOf(world);
  const again = await newestOf(world);
  expect(again?.manifest).toBe(first?.manifest);
  planBatch(world, 1, old, { requests: ["r"] });
  expect((await newestOf(world))?.manifest.requests).toEqual(["r"]);
  planBatch(world, 2);
  expect((await newestOf(world))?.manifest.batch).toBe(2);
});

const leftOut = { received: 3, skipped: 3 };
const nothing = { received: 0, skipped: 0 };
const files = { received: 0, skipped: 0, files: 1 };
const noFiles = { received: 0, skipped: 0, files: 0 };

/** Whether something is still owed after a batch was skipped, of which this was left out. */
async function isOwed(
  account: SkippedRecord["sources"][string],
  definition = next,
  more: Partial<Manifest> = {},
): Promise<boolean> {
  const world = aWorld();
  sealBatch(world, 1, { definition: old });
  planBatch(world, 2, old);
  skip(world, 2, { flights: nothing });
  planBatch(world, 3, definition, more);
  skip(world, 3, { flights: account });
  const newest = await newestOf(world);
  expect(newest).toMatchObject({
    end: { kind: "skipped" },
    state: { state: "ended" },
  });
  return newest?.state.isOwed === true;
}

test("a skipped batch owes its change of definition, or its snapshots, where it left input out", async () => {
  expect(await isOwed(leftOut)).toBe(true);
  expect(await isOwed(files)).toBe(true);
  expect(await isOwed(nothing)).toBe(false);
  expect(await isOwed(noFiles)).toBe(false);
  expect(await isOwed(leftOut, old)).toBe(false);
  expect(await isOwed(leftOut, old, { reloads: [{ sink: "cosmos" }] })).toBe(
    true,
  );
});

const judged = (partitions: object) => ({
  ...{ received: 3, accepted: 3, duplicate: 0, quarantined: 0, late: 0 },
  ...{ expired: 0, missing: 0, newestEventAt: null, skipped: 0 },
  partitions: partitions as Record<string, never>,
});
const someRows = { "g/0": { from: 0, to: 2, rows: 3, distinct: 3 } };

test("a skipped batch owes the rows that silver has judged, whatever its definition", async () => {
  expect(await isOwed(judged(someRows), old)).toBe(true);
  // Of gaps alone, no row is owed.
  expect(await isOwed(judged({}), old)).toBe(false);
});

test("before the first batch that was processed nothing is owed", async () => {
  const world = aWorld();
  planBatch(world, 1, old);
  skip(world, 1, { flights: leftOut });
  planBatch(world, 2, next, { reloads: [{ sink: "cosmos" }] });
  skip(world, 2, { flights: leftOut });
  expect((await newestOf(world))?.state.isOwed).toBeUndefined();
});

test("where both ends are there, the job's is the end", async () => {
  const world = aWorld();
  sealBatch(world, 1, { definition: old });
  skip(world, 1, {});
  expect((await findBatchEnd(world.lake, "flights", 1))?.kind).toBe(
    "processed",
  );
});

test("a look at a pipeline costs the same however many batches there are", async () => {
  const finds = async (batches: number): Promise<number> => {
    const world = aWorld();
    for (let batch = 1; batch <= batches; batch += 1) sealBatch(world, batch);
    await findNewestBatchNumber(world, "flights");
    const before = world.lake.counts.get("find") ?? 0;
    await findNewestBatchNumber(world, "flights");
    return (world.lake.counts.get("find") ?? 0) - before;
  };
  expect(await finds(1)).toBe(2);
  expect(await finds(30)).toBe(2);
});

test("a manifest that is gone between two looks is told as missing", async () => {
  const world = aWorld();
  planBatch(world, 1);
  const find = world.lake.find.bind(world.lake);
  world.lake.find = async (path) => {
    const found = await find(path);
    // It was there for whoever looked for the newest number.
    await world.lake.remove(path);
    return found;
  };
  await expect(newestOf(world)).rejects.toMatchObject({
    code: "STATE_MISSING",
    detail: `${batchPaths("flights", 1).manifest} is not in the lake.`,
  });
});

test("how a skipped batch stands to the ones before it is read once", async () => {
  const world = aWorld();
  sealBatch(world, 1, { definition: old });
  for (const batch of [2, 3, 4]) {
    planBatch(world, batch, next);
    skip(world, batch, { flights: leftOut });
  }
  const reads = async (): Promise<number> => {
    const before = world.lake.counts.get("read") ?? 0;
    expect((await newestOf(world))?.state.isOwed).toBe(true);
    return (world.lake.counts.get("read") ?? 0) - before;
  };
  // The manifest; an override, a block and two ends; two batches before with two reads, and the first with one.
  expect(await reads()).toBe(1 + 4 + 2 * 2 + 1);
  expect(await reads()).toBe(4);
  planBatch(world, 5, next);
  skip(world, 5, { flights: leftOut });
  expect(await reads()).toBe(1 + 4 + 3 * 2 + 1);
});
