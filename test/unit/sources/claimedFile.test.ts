import type { LakeFile } from "../../../src/adapters/lake/index.ts";
import { fileIdOf } from "../../../src/domain/identity.ts";
import { pendingPath, setAsidePath } from "../../../src/domain/paths.ts";
import { claimEach } from "../../../src/sources/landing/claimEach.ts";
import { claimFile } from "../../../src/sources/landing/claimFile.ts";
import { landing } from "../../../src/sources/landing/index.ts";
import {
  aDefinition,
  aWorld,
  pipelinesOf,
  START,
  type World,
} from "../../support/app/world.ts";

const DAY_MS = 86_400_000;
const PATH = "landing/airports/a.csv";
const AT = "2026-01-01T00:00:00.000Z";

/** A file that has stood still for a day. */
function aWorldWith(content: string, path = PATH, modifiedAt = START - DAY_MS) {
  const world = aWorld();
  world.lake.drop(path, content, modifiedAt);
  const etag = world.lake.files.get(path)?.etag ?? "";
  return { world, etag, id: fileIdOf(path, etag) };
}

const claim = (world: World, path = PATH) =>
  claimFile(world, { path, isClosed: false });
const below = (world: World, folder: string) =>
  [...world.lake.files.keys()].filter((path) => path.startsWith(folder));

test("a claim says all of the file, and is told", async () => {
  const { world, etag, id } = aWorldWith("iata");
  expect(await claim(world)).toEqual({ pipeline: "flights" });
  const [path] = below(world, "bronze/files/airports/");
  expect(world.lake.json(pendingPath("flights", id))).toEqual({
    ...{ version: 3, id, pipeline: "flights", source: "airports" },
    ...{ name: "a.csv", path, etag, bytes: 4, claimedAt: AT },
  });
  const fields = { pipeline: "flights", source: "airports", id, bytes: 4 };
  expect(world.logged).toEqual([{ event: "file.claimed", fields }]);
});

test("the source that reads a folder claims its files, whichever pipeline has it", async () => {
  const { world } = aWorldWith("x", "landing/towns/a.csv");
  const { airports } = aDefinition().sources;
  if (airports?.kind !== "landing") throw new Error("It is no folder.");
  const towns = { ...airports, folder: "towns" };
  const pipelines = pipelinesOf(
    aDefinition(),
    aDefinition({ pipeline: "other", sources: { airports, towns } }),
  );
  Object.assign(world, { pipelines });
  expect(await claim(world, "landing/towns/a.csv")).toEqual({
    pipeline: "other",
  });
  const [path = ""] = below(world, "_assay/pipelines/other/files/pending/");
  expect(world.lake.json(path)).toMatchObject({ source: "towns" });
});

test("what is not taken, and why", async () => {
  const { world } = aWorldWith("iata");
  expect(await claim(world, "landing/airports/gone.csv")).toEqual({});
  expect(await claim(world, "landing/airports/.b/a.csv")).toEqual({
    notTaken:
      "its name, or a folder's, begins with '.': such files are taken for work in progress, rename it",
  });
  world.lake.leased.add(PATH);
  expect(await claim(world)).toEqual({
    ...{ pipeline: "flights", notTaken: "somebody holds a lease" },
  });
  const find = world.lake.find.bind(world.lake);
  world.lake.find = async (path) => {
    const found = await find(path);
    return found && { ...found, isCopying: true };
  };
  expect(await claim(world)).toEqual({
    ...{ pipeline: "flights", notTaken: "it is being copied" },
  });
  const young = aWorldWith("iata", PATH, START - 1_999).world;
  expect(await claim(young)).toEqual({
    ...{ pipeline: "flights", notTaken: "it may still be written" },
  });
  const empty = aWorldWith("", PATH, START - DAY_MS + 1).world;
  expect(await claim(empty)).toEqual({
    notTaken:
      "it is empty: its writer has not finished, or it replaces nothing",
  });
  for (const { lake } of [world, young, empty])
    expect([...lake.files.keys()]).toEqual([PATH]);
});

test("a file that vanishes before the move is told, and its claim is removed; one that another has moved keeps it", async () => {
  for (const isMoved of [false, true]) {
    const { world, id } = aWorldWith("iata");
    world.lake.move = (from, to) => {
      const file = world.lake.files.get(from);
      world.lake.files.delete(from);
      if (file && isMoved) world.lake.files.set(to, file);
      return Promise.resolve(false);
    };
    expect(await claim(world)).toEqual({ pipeline: "flights" });
    const vanished = {
      event: "file.vanished",
      fields: { pipeline: "flights", source: "airports", id },
    };
    expect(world.logged).toEqual(isMoved ? [] : [vanished]);
    expect(world.lake.files.has(pendingPath("flights", id))).toBe(isMoved);
  }
});

const REASON = "it was empty for a day, and replaces nothing";

test("a file that was empty for a day is set aside with its reason, and told", async () => {
  const { world, id } = aWorldWith("");
  expect(await claim(world)).toEqual({});
  const [path] = below(world, "bronze/setAside/airports/");
  expect(world.lake.json(setAsidePath("flights", id))).toEqual({
    ...{ version: 3, id, source: "airports", name: "a.csv", path, bytes: 0 },
    ...{ reason: REASON, setAsideAt: AT },
  });
  expect(world.logged).toEqual([
    { event: "file.refused", fields: { path: PATH, why: REASON } },
  ]);
});

test("an empty file that is written after all is not set aside, and one that another sweep has set aside stays so", async () => {
  for (const isMoved of [false, true]) {
    const { world, id } = aWorldWith("");
    world.lake.move = (from, to) => {
      const file = world.lake.files.get(from);
      if (file && isMoved) world.lake.files.set(to, file);
      return Promise.resolve(false);
    };
    expect(await claim(world)).toEqual({});
    expect(world.logged).toEqual([]);
    expect(world.lake.files.has(setAsidePath("flights", id))).toBe(isMoved);
  }
});

const drop = (world: World, name: string, content = "x", ageMs = DAY_MS) => {
  const path = `landing/airports/${name}`;
  world.lake.drop(path, content, START - ageMs);
  return path;
};

async function claimAll(world: World) {
  return claimEach(world, "flights", await world.lake.list("landing"));
}

test("of files that are claimed together each that is not taken is told, and what fails is told without its words", async () => {
  const world = aWorld();
  const hidden = drop(world, ".part");
  const bad = drop(world, "bad.csv");
  drop(world, "young.csv", "x", 1);
  const find = world.lake.find.bind(world.lake);
  world.lake.find = (path) =>
    path === bad ? Promise.reject(new Error("at 10.0.0.1")) : find(path);
  const modifiedAt = START - DAY_MS;
  const reason = expect.any(String) as unknown;
  expect(await claimAll(world)).toEqual({
    hasTaken: false,
    notTaken: [
      { path: hidden, reason, modifiedAt, hasFailed: false },
      {
        ...{ path: bad, modifiedAt, hasFailed: true },
        reason:
          "it could not be claimed: the line file.failed of the log says why",
      },
    ],
  });
  expect(world.logged).toEqual([
    {
      event: "file.failed",
      fields: { pipeline: "flights", path: bad, message: "Error: at 10.0.0.1" },
    },
  ]);
  drop(world, "good.csv");
  expect((await claimAll(world)).hasTaken).toBe(true);
  // One that is gone since it was listed is taken by another.
  const [file] = await world.lake.list("landing");
  const gone = { ...file, path: "landing/airports/gone.csv" } as LakeFile;
  expect(await claimEach(world, "flights", [gone])).toEqual({
    ...{ hasTaken: false, notTaken: [] },
  });
});

test("eight files are claimed at once", async () => {
  const world = aWorld();
  for (let number = 0; number < 20; number += 1) drop(world, `${number}.csv`);
  const find = world.lake.find.bind(world.lake);
  let open = 0;
  let most = 0;
  world.lake.find = async (path) => {
    open += 1;
    most = Math.max(most, open);
    await Promise.resolve();
    const found = await find(path);
    open -= 1;
    return found;
  };
  expect(await claimAll(world)).toEqual({ hasTaken: true, notTaken: [] });
  expect(most).toBe(8);
  expect(below(world, "landing/")).toEqual([]);
});

const arrivalsOf = (world: World, maxFiles = 9) =>
  landing.readArrivals(world, aDefinition(), {
    ...{ pipeline: "flights", ends: {}, awaited: [], maxEvents: 9, maxFiles },
  });

test("a watcher takes what has settled since, and waits for the youngest of the others", async () => {
  const world = aWorld();
  for (const [name, ageMs] of [
    ["settled.csv", 2_000],
    ["young.csv", 1_999],
    ["younger.csv", 500],
    // Nobody waits for these.
    ["old.csv", 14_001],
    [".hidden", 500],
  ] as const)
    drop(world, name, "x", ageMs);
  drop(world, "empty.csv", "", 500);
  drop(world, "older.csv", "x", 14_000);
  const found = await arrivalsOf(world);
  expect(found.files.map(({ name }) => name).sort()).toEqual([
    ...["older.csv", "settled.csv"],
  ]);
  expect(found).toMatchObject({
    ...{ unclaimedFiles: 2, settlesAt: START - 500 + 2_000 },
  });
  world.clock.now += DAY_MS;
  const later = await arrivalsOf(world);
  expect(later).toMatchObject({ unclaimedFiles: 0 });
  expect(later.settlesAt).toBeUndefined();
});

test("there is something to do while a claim is open", async () => {
  const world = aWorld();
  const has = () =>
    landing.hasArrivals(world, aDefinition(), { ends: {}, awaited: [] });
  drop(world, "a.csv");
  expect(await has()).toBe(false);
  await claimAll(world);
  expect(await has()).toBe(true);
});

test("of files that cannot be taken a sweep tells the hidden ones first, and takes the others", async () => {
  const world = aWorld();
  const paths = [".b", "a.csv", "bad.csv"].map((name) => drop(world, name));
  const move = world.lake.move.bind(world.lake);
  world.lake.move = (from, ...more) =>
    from.endsWith("bad.csv")
      ? Promise.reject(new Error("busy"))
      : move(from, ...more);
  const swept = await landing.sweep(world, aDefinition());
  expect(swept.hasTaken).toBe(true);
  expect(swept.notTaken.map(({ path }) => path)).toEqual([paths[0], paths[2]]);
});
