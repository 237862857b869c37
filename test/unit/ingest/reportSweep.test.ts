import { setAsidePath, sweepReportPath } from "../../../src/domain/paths.ts";
import { reportSweep } from "../../../src/ingest/reportSweep.ts";
import { beginSweep, sweepInput } from "../../../src/ingest/sweepPipeline.ts";
import type { NotTaken } from "../../../src/sources/kind.ts";
import { aWorld, START, type World } from "../../support/app/world.ts";

const report = ({ lake }: World) => lake.json(sweepReportPath("flights"));

const NOTHING = { notTaken: [], failed: [], work: "none" } as const;

const aFile = (name: string, seconds: number, hasFailed = false): NotTaken => ({
  ...{ path: `landing/airports/${name}`, reason: "r", hasFailed },
  modifiedAt: START + seconds * 1_000,
});

const CLIENT = { startNew: () => Promise.reject(new Error("Not asked.")) };

const sweep = (world: World, of = "flights") =>
  sweepInput(world, beginSweep(world, of), CLIENT);

/** Counts the starts of the watcher, of which each ends so. */
function countStarts(world: World, outcome: "started" | "failed") {
  const counted = { starts: 0 };
  world.watchers.start = () => {
    counted.starts += 1;
    return Promise.resolve({ outcome });
  };
  return counted;
}

test("those that failed are told first, and of equal ones the oldest, twenty in all", async () => {
  const world = aWorld();
  const notTaken = [
    ...[aFile("b", 2), aFile("c", 4, true), aFile("a", 1), aFile("d", 3, true)],
    ...Array.from({ length: 17 }, (_, at) => aFile(`later${at}`, 10 + at)),
  ];
  await reportSweep(world, "flights", {
    ...{ notTaken, work: "none" },
    failed: ["sources"],
  });
  const { files, ...rest } = report(world) as { files: { path: string }[] };
  expect(rest).toEqual({
    ...{ version: 3, failed: ["sources"], moreFiles: 1, setAside: 0 },
    sweptAt: "2026-01-01T00:00:00.000Z",
  });
  expect(files).toHaveLength(20);
  expect(files.slice(0, 5).map(({ path }) => path.split("/").at(-1))).toEqual([
    ...["d", "c", "a", "b", "later0"],
  ]);
  expect(files[0]).toEqual({
    ...{ path: "landing/airports/d", reason: "r", hasFailed: true },
    since: "2026-01-01T00:00:03.000Z",
  });
  await reportSweep(world, "flights", {
    ...{ notTaken: notTaken.slice(1), failed: [], work: "none" },
  });
  expect(report(world)).toMatchObject({ moreFiles: 0, failed: [] });
  await reportSweep(world, "flights", NOTHING);
  expect(report(world)).toMatchObject({ moreFiles: 0, files: [] });
});

/** A file that was set aside so many seconds after the start. */
function setAside(world: World, digit: string, seconds: number): void {
  const id = digit.repeat(16);
  world.lake.drop(
    setAsidePath("flights", id),
    JSON.stringify({
      ...{ version: 3, id, source: "airports", name: `${digit}.csv` },
      ...{ path: "p", bytes: 0, reason: `r${digit}` },
      setAsideAt: new Date(START + seconds * 1_000).toISOString(),
    }),
    START + seconds * 1_000,
  );
}

test("of what is set aside the newest is told, and all of it is counted", async () => {
  const world = aWorld();
  for (const [digit, seconds] of [
    ["a", 1],
    ["b", 3],
    ["c", 2],
    // As new as the newest.
    ["d", 3],
  ] as const)
    setAside(world, digit, seconds);
  await reportSweep(world, "flights", NOTHING);
  expect(report(world)).toMatchObject({
    setAside: 4,
    lastSetAside: {
      ...{ name: "b.csv", source: "airports", reason: "rb" },
      setAsideAt: "2026-01-01T00:00:03.000Z",
    },
  });
});

test("a lake that fails fails the report, and the sweep tells it and goes on", async () => {
  const world = aWorld();
  setAside(world, "a", 1);
  world.lake.read = () => Promise.reject(new Error("busy"));
  await expect(reportSweep(world, "flights", NOTHING)).rejects.toThrow("busy");
  await sweep(world);
  expect(world.logged).toEqual([
    {
      event: "sweep.failed",
      fields: { pipeline: "flights", message: "Error: busy" },
    },
  ]);
});

test("a sweep that has taken something in starts the watcher once, and one that has not starts none", async () => {
  const world = aWorld();
  const counted = countStarts(world, "started");
  await sweep(world);
  expect(counted.starts).toBe(0);
  world.lake.drop("landing/airports/a.csv", "x", START - 3_600_000);
  world.lake.drop("landing/airports/.b", "x", START - 3_600_000);
  await sweep(world);
  expect(counted.starts).toBe(1);
  expect(report(world)).toMatchObject({
    failed: [],
    files: [{ path: "landing/airports/.b" }],
  });
});

test("what fails in a step is told and noted, and the report is written", async () => {
  const world = aWorld();
  world.lake.drop("landing/airports/a.csv", "x", START - 3_600_000);
  countStarts(world, "failed");
  await sweep(world);
  expect(report(world)).toMatchObject({ failed: ["work"] });
  expect(world.logged.at(-1)).toEqual({
    event: "sweep.failed",
    fields: {
      pipeline: "flights",
      message: "Error: No start of flights: watcher.startFailed says why.",
    },
  });
});

test("of a pipeline that the package has not nothing is taken", async () => {
  const world = aWorld();
  world.lake.drop("landing/airports/a.csv", "x", START - 3_600_000);
  const counted = countStarts(world, "started");
  await sweep(world, "gone");
  expect(counted.starts).toBe(0);
  expect(world.logged).toEqual([]);
  expect(world.lake.files.has("landing/airports/a.csv")).toBe(true);
  expect(world.lake.json(sweepReportPath("gone"))).toMatchObject({ files: [] });
});
