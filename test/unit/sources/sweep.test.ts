import { readPipelineStatus } from "../../../src/process/pipelineStatus.ts";
import type { PendingFile } from "../../../src/domain/records.ts";
import { sourceOfClaim } from "../../../src/sources/landing/sources.ts";
import { bronzeNameOf } from "../../../src/domain/names.ts";
import { sweepOnce } from "../../support/app/sweeping.ts";
import {
  aDefinition,
  aWorld,
  pipelinesOf,
  START,
  type World,
} from "../../support/app/world.ts";

const OLD = START - 3_600_000;
const drop = (world: World, name: string) => {
  world.lake.drop(`landing/airports/${name}`, "iata", OLD);
};
const namesIn = (world: World, folder: string) =>
  [...world.lake.files.keys()]
    .filter((path) => path.startsWith(folder))
    .map((path) => path.split("/").at(-1) ?? "");

/** Claims of this file fail, as a path that the service refuses does. */
function refuse(world: World, name: string): void {
  const find = world.lake.find.bind(world.lake);
  world.lake.find = (path) =>
    path.endsWith(`/${name}`)
      ? Promise.reject(new Error("InvalidUri"))
      : find(path);
}

test("a file that cannot be claimed is told, and keeps no other file and no watcher from their turn", async () => {
  const world = aWorld();
  for (const name of ["a.csv", "bad.csv", "c.csv"]) drop(world, name);
  refuse(world, "bad.csv");
  const started: string[] = [];
  world.watchers.start = (_client, pipeline) => {
    started.push(pipeline);
    return Promise.resolve({ outcome: "started" });
  };
  await sweepOnce(world);
  expect(namesIn(world, "bronze/files/").sort()).toEqual(["a.csv", "c.csv"]);
  expect(new Set(started)).toEqual(new Set(["flights"]));
  expect(
    world.logged.filter(({ event }) => event === "file.failed"),
  ).toMatchObject([{ fields: { path: "landing/airports/bad.csv" } }]);
  expect(world.lake.json("_assay/pipelines/flights/sweep.json")).toMatchObject({
    files: [{ path: "landing/airports/bad.csv", hasFailed: true }],
  });
});

test("one sweep takes so many files and no more, and the next one goes on behind them, whatever they come to", async () => {
  const world = aWorld();
  const total = 1_300;
  const bad = 1_050;
  for (let number = 0; number < total; number += 1)
    drop(world, `${String(number).padStart(4, "0")}.csv`);
  // More files than one sweep takes fail for ever, and they are the first by their names.
  const move = world.lake.move.bind(world.lake);
  let asked = 0;
  world.lake.move = (from, ...parameters) => {
    asked += 1;
    return Number(/(\d{4})\.csv$/.exec(from)?.[1]) < bad
      ? Promise.reject(new Error("InvalidUri"))
      : move(from, ...parameters);
  };
  await sweepOnce(world);
  expect(asked).toBe(1_000);
  expect(namesIn(world, "bronze/files/")).toEqual([]);
  await sweepOnce(world);
  expect(asked).toBe(2_000);
  expect(namesIn(world, "bronze/files/")).toHaveLength(total - bad);
}, 30_000);

test("a watcher claims no more of the files that have settled at once than a batch may take", async () => {
  const world = aWorld();
  for (let number = 0; number < 25; number += 1)
    world.lake.drop(`landing/airports/${number}.csv`, "iata");
  world.clock.now += 5_000;
  const status = await readPipelineStatus(world, { pipeline: "flights" });
  expect(status).toMatchObject({ waiting: { files: 10 }, unclaimedFiles: 15 });
});

test("files that somebody has put among those that are set aside do not break the report", async () => {
  const world = aWorld();
  drop(world, ".a.csv");
  const folder = "_assay/pipelines/flights/files/setAside";
  world.lake.drop("landing/airports/empty.csv", "", START - 2 * 86_400_000);
  await sweepOnce(world);
  const report = () => world.lake.json("_assay/pipelines/flights/sweep.json");
  expect(report()).toMatchObject({
    setAside: 1,
    lastSetAside: { name: "empty.csv" },
  });
  for (const odd of [".DS_Store", "notes.json", `old/${"a".repeat(16)}.json`])
    world.lake.drop(`${folder}/${odd}`, "x", START + 1);
  await sweepOnce(world);
  expect(report()).toMatchObject({
    ...{ files: [{ path: "landing/airports/.a.csv" }], setAside: 1 },
    lastSetAside: { name: "empty.csv" },
  });
  // One that has the name of ours and cannot be read is counted.
  world.lake.drop(`${folder}/${"a".repeat(16)}.json`, "x", START + 2);
  await sweepOnce(world);
  expect(report()).toMatchObject({ setAside: 2 });
  expect(report()).not.toHaveProperty("lastSetAside");
  expect(world.logged.filter(({ event }) => event === "sweep.failed")).toEqual(
    [],
  );
});

test("files that are not taken are told, at most twenty of them by name", async () => {
  const world = aWorld();
  for (let number = 0; number < 30; number += 1) drop(world, `.${number}.csv`);
  await sweepOnce(world);
  const report = world.lake.json("_assay/pipelines/flights/sweep.json") as {
    files: unknown[];
  };
  expect(report.files).toHaveLength(20);
  expect(report).toMatchObject({ moreFiles: 10 });
});

test.each([
  "\u0444".repeat(100),
  `${"\u0444".repeat(100)}.csv.gz`,
  `${"a/".repeat(200)}b.csv`,
  `${"\u{1F600}".repeat(100)}.csv`,
])(
  "a long name is claimed under a name that every file system holds: %s",
  async (name) => {
    const world = aWorld();
    drop(world, name);
    await sweepOnce(world);
    const [shown = ""] = namesIn(world, "bronze/files/airports/");
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.length).toBeLessThanOrEqual(200);
    // Whole letters: a reader may decode what is left.
    expect(shown.replaceAll(/~[0-9A-F]{2}/g, "")).not.toContain("~");
    const ending = /(\.csv\.gz|\.csv)$/.exec(name)?.[0] ?? "";
    expect(shown.endsWith(ending)).toBe(true);
    const [claim = ""] = namesIn(
      world,
      "_assay/pipelines/flights/files/pending/",
    );
    expect(
      world.lake.json(`_assay/pipelines/flights/files/pending/${claim}`),
    ).toMatchObject({ name });
  },
);

test.each(["_x.csv", "_dir/x.csv", "__x", "a._COPYING_", "_a=b.csv"])(
  "%s is claimed under a name that Spark reads",
  async (name) => {
    const world = aWorld();
    drop(world, name);
    await sweepOnce(world);
    const [shown = ""] = namesIn(world, "bronze/files/airports/");
    expect(shown).not.toMatch(/^[._]|\._COPYING_$/);
    expect(shown).not.toBe("");
  },
);

test("no two names of one length lose their difference in the letters that Spark would hide", () => {
  expect(bronzeNameOf(".x")).toBe("~2Ex");
  expect(bronzeNameOf("_x")).toBe("~5Fx");
  expect(bronzeNameOf("x_.csv")).toBe("x_.csv");
  expect(bronzeNameOf("~5Fx")).toBe("~7E5Fx");
});

test("of several folders the files are looked at in the order of their paths, whichever source comes first", async () => {
  const { airports } = aDefinition().sources;
  if (airports?.kind !== "landing") throw new Error("It is no folder.");
  const [z, a] = ["z", "a"].map((folder) => ({ ...airports, folder }));
  if (!z || !a) throw new Error("There are two.");
  const sources = { first: z, second: a };
  const world = aWorld({ pipelines: pipelinesOf(aDefinition({ sources })) });
  for (let number = 0; number < 600; number += 1)
    for (const folder of ["z", "a"])
      world.lake.drop(`landing/${folder}/${number}.csv`, "x", OLD);
  await sweepOnce(world);
  expect(namesIn(world, "landing/a/")).toEqual([]);
  expect(namesIn(world, "landing/z/")).toHaveLength(200);
}, 30_000);

/** The names of the files that the lake is asked about, in their order. */
function askedOf(world: World): string[] {
  const asked: string[] = [];
  const find = world.lake.find.bind(world.lake);
  world.lake.find = (path) => {
    if (!path.startsWith("landing/")) return find(path);
    asked.push(path.split("/").at(-1) ?? "");
    return Promise.reject(new Error("InvalidUri"));
  };
  return asked;
}

test("a sweep goes on behind the last file that the one before has looked at, which has its turn again at the end", async () => {
  const world = aWorld();
  const names = Array.from({ length: 1_001 }, (_, at) => `${10_000 + at}.csv`);
  for (const name of names) drop(world, name);
  const asked = askedOf(world);
  await sweepOnce(world);
  expect(asked.at(-1)).toBe(names[999]);
  asked.length = 0;
  await sweepOnce(world);
  expect([asked[0], asked[1], asked.length]).toEqual([
    ...[names[1_000], names[0], 1_000],
  ]);
  // Of all only the one is left that was looked at last.
  const last = asked.at(-1) ?? "";
  for (const name of names)
    if (name !== last) world.lake.files.delete(`landing/airports/${name}`);
  asked.length = 0;
  await sweepOnce(world);
  expect(asked).toEqual([last]);
}, 30_000);

test("a file that may still be written is left to the next sweep without a question", async () => {
  const world = aWorld();
  world.lake.drop("landing/airports/young.csv", "x", START - 1_999);
  world.lake.drop("landing/airports/empty.csv", "", START - 1_999);
  drop(world, "old.csv");
  const asked = askedOf(world);
  await sweepOnce(world);
  expect(asked.sort()).toEqual(["empty.csv", "old.csv"]);
});

test("a claim is taken by who reads its folder, else by who claimed it, and by nobody else", () => {
  const sourceOf = sourceOfClaim(aDefinition());
  const of = (folder: string, source: string) =>
    sourceOf({
      path: `bronze/files/${folder}/id/a.csv`,
      source,
    } as PendingFile);
  expect(of("airports", "gone")).toBe("airports");
  expect(of("gone", "airports")).toBe("airports");
  expect(of("gone", "gone")).toBeUndefined();
  // A hub, which reads no folder.
  expect(of("gone", "flights")).toBeUndefined();
});
