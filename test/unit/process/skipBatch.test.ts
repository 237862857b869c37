import type { ManifestGap, Slice } from "../../../src/domain/records.ts";
import { accountsOf } from "../../../src/process/skipBatch.ts";

const place = { stream: "hub/h", generation: "g", partition: "0" };
const aSlice = (source: string, from: number, to: number): Slice => ({
  ...{ source, ...place, from, to },
  path: `${from}-${to}`,
});
const aGap = (
  source: string,
  from: number,
  to: number,
  reason: ManifestGap["reason"] = "missing",
): ManifestGap => ({ source, ...place, from, to, reason });
const aFile = (source: string, id: string) => ({
  ...{ source, id, path: `bronze/files/f/${id}/a.csv`, name: "a.csv" },
  bytes: 1,
});

test("what is skipped is every event of a source, those that were missing too, and each of its files", () => {
  expect(
    accountsOf(
      {
        slices: [aSlice("a", 0, 9), aSlice("a", 20, 24), aSlice("b", 0, 0)],
        gaps: [aGap("a", 10, 19), aGap("c", 5, 6, "expired")],
        files: [aFile("f", "1"), aFile("f", "2"), aFile("g", "3")],
      },
      {},
    ),
  ).toEqual({
    a: { received: 25, skipped: 25 },
    b: { received: 1, skipped: 1 },
    c: { received: 2, skipped: 2 },
    f: { received: 0, skipped: 0, files: 2 },
    g: { received: 0, skipped: 0, files: 1 },
  });
});

test("events that came back were received before, and are skipped now", () => {
  const gaps = [
    ...[aGap("a", 0, 3, "recovered"), aGap("b", 0, 8, "recovered")],
    aGap("a", 10, 11),
  ];
  const slices = [aSlice("a", 0, 3), aSlice("a", 4, 9), aSlice("b", 0, 8)];
  expect(accountsOf({ slices, gaps, files: [] }, {})).toEqual({
    a: { received: 8, skipped: 12 },
    b: { received: 0, skipped: 9 },
  });
});

test("what the silver step has judged is not skipped, and keeps its account", () => {
  const judged = {
    ...{ received: 10, accepted: 9, duplicate: 0, quarantined: 1, late: 0 },
    ...{ expired: 0, missing: 0, newestEventAt: null, partitions: {} },
  };
  expect(
    accountsOf(
      { slices: [aSlice("a", 0, 9), aSlice("b", 0, 0)], files: [] },
      { a: judged },
    ),
  ).toEqual({
    a: { ...judged, skipped: 0 },
    b: { received: 1, skipped: 1 },
  });
});
