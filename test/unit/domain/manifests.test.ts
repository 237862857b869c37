import {
  manifestOf,
  watermarkOf,
  type Plan,
} from "../../../src/domain/planning.ts";
import type { PendingFile, StreamRecord } from "../../../src/domain/records.ts";

const CREATED = "2026-01-01T00:00:00.000Z";
const place = { stream: "hub/h", generation: "g", partition: "0" };

const aPlan = (more: Partial<Plan> = {}): Plan => ({
  pipeline: "p",
  incarnation: "i",
  batch: 2,
  definition: "d",
  createdAt: CREATED,
  sourceOfStream: new Map([["hub/h", "s"]]),
  slices: [],
  recovered: [],
  closedGaps: [],
  files: [],
  ends: {},
  awaited: [],
  reloads: [],
  requests: [],
  ...more,
});

const aSlice = (from: number, to: number, more: object = {}) => ({
  ...{ ...place, from, to, path: `${from}-${to}`, landedAt: 7 },
  ...more,
});
const aGap = (from: number, to: number) => ({
  ...{ ...place, from, to, reason: "missing" as const, landedAt: 7 },
});
const aFile = (id: string, claimedAt: string): PendingFile => ({
  version: 3,
  pipeline: "p",
  source: "f",
  id,
  path: `bronze/files/f/${id}/a.csv`,
  name: "a.csv",
  bytes: 3,
  etag: "0x1",
  claimedAt,
});

test("a manifest names its slices, files and gaps by their sources, and nothing that only planning needs", () => {
  const manifest = manifestOf(
    aPlan({
      slices: [aSlice(0, 9)],
      closedGaps: [aGap(10, 14)],
      recovered: [aSlice(3, 4)],
      files: [aFile("1", CREATED)],
      reloads: [{ sink: "cosmos" }],
      requests: ["r"],
    }),
  );
  const slice = { source: "s", ...place };
  expect(manifest).toEqual({
    version: 3,
    pipeline: "p",
    incarnation: "i",
    batch: 2,
    kind: "regular",
    definition: "d",
    createdAt: CREATED,
    slices: [
      { ...slice, from: 0, to: 9, path: "0-9" },
      { ...slice, from: 3, to: 4, path: "3-4" },
    ],
    files: [
      {
        ...{ source: "f", id: "1", path: "bronze/files/f/1/a.csv" },
        ...{ name: "a.csv", bytes: 3 },
      },
    ],
    gaps: [
      { ...slice, from: 10, to: 14, reason: "missing" },
      { ...slice, from: 3, to: 4, reason: "recovered" },
    ],
    awaited: [{ ...place, from: 10, to: 14, since: CREATED }],
    ends: { "hub/h": { g: { "0": 14 } } },
    reloads: [{ sink: "cosmos" }],
    requests: ["r"],
  });
});

test("a batch of slices, of gaps or of files alone is a regular one, and one of none of them a rebuild", () => {
  const kindOf = (more: Partial<Plan>) => manifestOf(aPlan(more)).kind;
  expect(kindOf({})).toBe("rebuild");
  expect(kindOf({ slices: [aSlice(0, 0)] })).toBe("regular");
  expect(kindOf({ closedGaps: [aGap(0, 0)] })).toBe("regular");
  expect(kindOf({ recovered: [aSlice(0, 0)] })).toBe("regular");
  expect(kindOf({ files: [aFile("1", CREATED)] })).toBe("regular");
  expect(manifestOf(aPlan())).not.toHaveProperty("gaps");
  expect(manifestOf(aPlan())).not.toHaveProperty("awaited");
});

test("files stand in the order of their claims, those of one moment in that of their ids", () => {
  const later = "2026-01-01T00:00:00.001Z";
  const files = [
    ...[aFile("3", CREATED), aFile("1", later)],
    ...[aFile("2", CREATED), aFile("4", CREATED)],
  ];
  for (const order of [files, [...files].reverse()])
    expect(
      manifestOf(aPlan({ files: order })).files.map(({ id }) => id),
    ).toEqual(["2", "3", "4", "1"]);
});

test("the end of a partition grows, also by a gap alone, and those that the batch does not touch stay", () => {
  const ends = { "hub/h": { g: { "0": 20, "1": 5 }, old: { "0": 3 } } };
  const slices = [
    ...[aSlice(6, 8, { partition: "1" }), aSlice(0, 0, { partition: "2" })],
    aSlice(0, 1, { generation: "new" }),
  ];
  const closedGaps = [{ ...aGap(9, 11), partition: "1" }];
  const recovered = [aSlice(3, 4)];
  const plan = aPlan({ ends, slices, closedGaps, recovered });
  expect(manifestOf(plan).ends).toEqual({
    "hub/h": {
      g: { "0": 20, "1": 11, "2": 0 },
      old: { "0": 3 },
      new: { "0": 1 },
    },
  });
  expect(ends["hub/h"].g["1"]).toBe(5);
});

test("a stream that no source reads is an error of the program, and says which it is", () => {
  const plan = aPlan({ slices: [aSlice(0, 0, { stream: "hub/other" })] });
  expect(() => manifestOf(plan)).toThrow(/hub\/other/);
});

test("the watermark is what the manifest says of the partition, and nothing where it says nothing", () => {
  const ends = { "hub/h": { g: { "0": 20 } } };
  const stream: StreamRecord = {
    version: 3,
    kind: "hub",
    name: "h",
    generation: "g",
    namespace: "ns",
    createdOn: CREATED,
    epoch: "0",
    partitions: ["0", "1"],
    begins: {},
  };
  expect(watermarkOf(ends, stream, "0")).toBe(20);
  expect(watermarkOf(ends, stream, "1")).toBeUndefined();
  expect(
    watermarkOf(ends, { ...stream, generation: "x" }, "0"),
  ).toBeUndefined();
  expect(watermarkOf(ends, { ...stream, name: "x" }, "0")).toBeUndefined();
});
