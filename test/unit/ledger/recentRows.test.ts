import type { InputStatus } from "../../../src/domain/records.ts";
import { findNewestBatch } from "../../../src/ledger/batches.ts";
import { readRecentRows } from "../../../src/ledger/recentRows.ts";
import {
  anAccount,
  aTable,
  putManifest,
  putProcessed,
} from "../../support/app/ended.ts";
import { aWorld, type World } from "../../support/app/world.ts";

/** Each batch has as many rows as its number. */
function process(world: World, ...batches: readonly number[]): void {
  for (const batch of batches)
    putProcessed(world, batch, { [`t${batch}`]: aTable("id") }, [], {
      flights: anAccount({ accepted: batch }),
    });
}

const aNote = (more: Partial<InputStatus>): InputStatus => ({
  ...{ version: 3, at: "2026-01-01T00:00:00.000Z" },
  ...{ waitingEvents: 0, waitingFiles: 0, isFull: false, gaps: [], ...more },
});
const NOTED = {
  rows: { flights: [{ batch: 1, rows: 1, quarantined: 0, late: 0 }] },
  tables: { t1: { rows: 3, refused: {} } },
};

async function recent(world: World, noted?: InputStatus) {
  const newest = await findNewestBatch(world, "flights");
  const before = world.lake.counts.get("read") ?? 0;
  const found = await readRecentRows(world.lake, "flights", newest, noted);
  return {
    batches: found.rows?.["flights"]?.map(({ batch }) => batch),
    tables: found.tables && Object.keys(found.tables),
    reads: (world.lake.counts.get("read") ?? 0) - before,
  };
}

test("before the first batch there is what was noted, or nothing", async () => {
  expect(await recent(aWorld())).toEqual({ reads: 0 });
  const noted = aNote({ newestBatch: 1, ...NOTED });
  expect(await recent(aWorld(), noted)).toEqual({
    ...{ batches: [1], tables: ["t1"], reads: 0 },
  });
});

test("of a batch that was noted, or that has not ended, nothing more is said", async () => {
  const world = aWorld();
  process(world, 1);
  const noted = aNote({ newestBatch: 1, ...NOTED });
  expect(await recent(world, noted)).toMatchObject({ batches: [1], reads: 0 });
  process(world, 1, 2);
  putManifest(world, 3);
  expect(await recent(world, aNote({ newestBatch: 2, ...NOTED }))).toEqual({
    ...{ batches: [1], tables: ["t1"], reads: 0 },
  });
});

test("a batch that has ended since is added, without another look", async () => {
  const world = aWorld();
  process(world, 1, 2);
  const noted = aNote({ newestBatch: 1, ...NOTED });
  expect(await recent(world, noted)).toEqual({
    ...{ batches: [2, 1], tables: ["t2"], reads: 0 },
  });
  expect(await recent(world, aNote({ newestBatch: 2, ...NOTED }))).toEqual({
    ...{ batches: [1], tables: ["t1"], reads: 0 },
  });
});

test("where several have, the two newest are, and no older one", async () => {
  const world = aWorld();
  process(world, 1, 2, 3, 4);
  const noted = aNote({ newestBatch: 1, ...NOTED });
  expect(await recent(world, noted)).toEqual({
    ...{ batches: [4, 3], tables: ["t4"], reads: 1 },
  });
  expect(await recent(world)).toEqual({
    ...{ batches: [4, 3], tables: ["t4"], reads: 1 },
  });
  const first = aWorld();
  process(first, 1);
  expect(await recent(first)).toMatchObject({ batches: [1], reads: 0 });
});
