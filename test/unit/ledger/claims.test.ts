import fc from "fast-check";
import { claimFile } from "../../../src/sources/landing/claimFile.ts";
import { sourceOfClaim } from "../../../src/sources/landing/sources.ts";
import { planBatch } from "../../../src/activities/planBatch.ts";
import { hasWork } from "../../support/app/sweeping.ts";
import {
  batchPaths,
  pendingFolder,
  pendingPath,
  setAsidePath,
  sweepReportPath,
} from "../../../src/domain/paths.ts";
import type { Manifest, PendingFile } from "../../../src/domain/records.ts";
import { removeOrphanedClaims } from "../../../src/ledger/claims.ts";
import { createCaches } from "../../../src/ledger/caches.ts";
import type { AppContext } from "../../../src/context.ts";
import { endBatch } from "../../support/app/endBatch.ts";
import { seenBy } from "../../support/app/memoryLake.ts";
import { sweepOnce } from "../../support/app/sweeping.ts";
import {
  aDefinition,
  aWorld,
  pipelinesOf,
  START,
  type World,
} from "../../support/app/world.ts";

const DROPS = ["landing/airports/a.csv", "landing/airports/b.csv"];

const HOUR_MS = 3_600_000;

const SOURCE_OF = sourceOfClaim(aDefinition());

class Crash extends Error {}

/** A file that has stood still for long: it may be claimed whoever tells of it. */
const drop = (world: World, path: string, content: string): void => {
  world.lake.drop(path, content, START - HOUR_MS);
};

/** The world as one process sees it: others may go first ahead of each of its operations, and it may die there. */
function processOf(
  world: World,
  pause: () => Promise<unknown>,
  diesAfter: number,
): AppContext {
  let operations = 0;
  const lake = seenBy(world.lake, async () => {
    await pause();
    operations += 1;
    if (operations > diesAfter) throw new Crash();
  });
  return { ...world, lake, caches: createCaches() };
}

const unlessCrashed = async (work: Promise<unknown>): Promise<void> => {
  await work.catch((error: unknown) => {
    if (!(error instanceof Crash)) throw error;
  });
};

const claim = (context: AppContext, path: string) =>
  claimFile(context, { path, isClosed: false });

async function planAndFinish(context: AppContext): Promise<void> {
  const planned = await planBatch(context, { pipeline: "flights" });
  if (planned) await endBatch(context.lake, planned.batch);
}

function listedFiles(world: World): string[] {
  const listed: string[] = [];
  for (let batch = 1; ; batch += 1) {
    const manifest = world.lake.json(
      batchPaths("flights", batch).manifest,
    ) as Manifest | null;
    if (!manifest) return listed;
    for (const { path } of manifest.files) listed.push(path);
  }
}

/** Each dropped file is announced three times, two planners plan one batch after the other, and a sweep clears orphans. */
const actorsOf = [
  ...DROPS.flatMap((path) =>
    Array.from(
      { length: 3 },
      () => (context: AppContext) => claim(context, path),
    ),
  ),
  ...Array.from({ length: 2 }, () => async (context: AppContext) => {
    for (let round = 0; round < 4; round += 1) await planAndFinish(context);
  }),
  // Of another time: to it every claim is old.
  async (context: AppContext) => {
    const later = { ...context, now: () => context.now() + HOUR_MS };
    for (let round = 0; round < 4; round += 1)
      await removeOrphanedClaims(later, "flights", SOURCE_OF);
  },
];

test("however claims and plans are interleaved, and wherever they die, every dropped file is in one manifest, once", async () => {
  const death = fc.option(fc.nat(30), { nil: Infinity });
  const deaths = fc.array(death, {
    minLength: actorsOf.length,
    maxLength: actorsOf.length,
  });
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      deaths,
      fc.boolean(),
      async (scheduler, diesAfter, isRedropped) => {
        const world = aWorld();
        for (const path of DROPS) drop(world, path, path);
        const pause = () => scheduler.schedule(Promise.resolve());
        const redrop = async () => {
          await pause();
          drop(world, DROPS[0] ?? "", "another content");
        };
        const actors = actorsOf.map((act, index) =>
          unlessCrashed(act(processOf(world, pause, diesAfter[index] ?? 0))),
        );
        await scheduler.waitFor(
          Promise.all([...actors, ...(isRedropped ? [redrop()] : [])]),
        );

        // What is left is found by those who come after, one after the other.
        for (const path of DROPS) await claim(world, path);
        for (let round = 0; round < 4; round += 1) await planAndFinish(world);

        const all = [...world.lake.files.keys()];
        const listed = listedFiles(world);
        expect(all.filter((path) => path.startsWith("landing/"))).toEqual([]);
        expect(listed.sort()).toEqual(
          all.filter((path) => path.startsWith("bronze/files/")).sort(),
        );
        expect(new Set(listed).size).toBe(listed.length);
        expect(listed.length).toBeGreaterThanOrEqual(DROPS.length);
      },
    ),
    { numRuns: 300 },
  );
}, 60_000);

test("the claims of planned files are cleared before the next batch is planned", async () => {
  const world = aWorld();
  for (const path of DROPS) drop(world, path, path);
  for (const path of DROPS) await claim(world, path);
  await planAndFinish(world);
  await planAndFinish(world);
  expect(
    [...world.lake.files.keys()].filter((path) => path.includes("/pending/")),
  ).toEqual([]);
  expect(listedFiles(world)).toHaveLength(2);
});

test("a claim that wakes up long after its file was planned puts it into no second manifest", async () => {
  const world = aWorld();
  const [first = "", second = ""] = DROPS;
  drop(world, first, "a");
  let wake = (): void => undefined;
  const asleep = new Promise<void>((resolve) => (wake = resolve));
  let operations = 0;
  const lake = seenBy(world.lake, () => {
    operations += 1;
    // It has seen the file, and sleeps before it writes the claim.
    return operations === 2 ? asleep : Promise.resolve();
  });
  const sleeper = claim({ ...world, lake }, first);
  await claim(world, first);
  await planAndFinish(world);
  drop(world, second, "b");
  await claim(world, second);
  await planAndFinish(world);
  wake();
  await sleeper;
  const claims = () =>
    [...world.lake.files.keys()].filter((path) => path.includes("/pending/"));
  expect(claims()).not.toEqual([]);
  for (let round = 0; round < 2; round += 1) await planAndFinish(world);
  expect(listedFiles(world)).toHaveLength(2);
  expect(claims()).toEqual([]);
});

const claimsOf = (world: World) =>
  [...world.lake.files.keys()].filter((path) => path.includes("/pending/"));

/** A claim whose process died before the move. */
async function aClaimWithoutFile(): Promise<World> {
  const world = aWorld();
  const [path = ""] = DROPS;
  drop(world, path, "a");
  const died = { ...world.lake, move: () => Promise.reject(new Crash()) };
  await unlessCrashed(claim({ ...world, lake: died }, path));
  expect(claimsOf(world)).toHaveLength(1);
  return world;
}

async function sweepAfterAnHour(world: World): Promise<string[]> {
  world.clock.now += HOUR_MS;
  await removeOrphanedClaims(world, "flights", SOURCE_OF);
  return claimsOf(world);
}

test("a claim whose file was overwritten or deleted before the move is cleared after a while, and starts no watcher any more", async () => {
  const overwritten = await aClaimWithoutFile();
  drop(overwritten, DROPS[0] ?? "", "b");
  await removeOrphanedClaims(overwritten, "flights", SOURCE_OF);
  expect(claimsOf(overwritten)).toHaveLength(1);
  expect(await sweepAfterAnHour(overwritten)).toEqual([]);

  const deleted = await aClaimWithoutFile();
  deleted.lake.files.delete(DROPS[0] ?? "");
  expect(await sweepAfterAnHour(deleted)).toEqual([]);
});

test("a claim whose file still lies where it was dropped, or was moved, stays", async () => {
  const world = await aClaimWithoutFile();
  expect(await sweepAfterAnHour(world)).toHaveLength(1);
  await claim(world, DROPS[0] ?? "");
  expect(await sweepAfterAnHour(world)).toHaveLength(1);
  await planAndFinish(world);
  expect(listedFiles(world)).toHaveLength(1);
});

test("a file of another name among the claims is passed over, and a claim goes by its name", async () => {
  const world = aWorld();
  const folder = pendingFolder("flights");
  const odd = [`${folder}/notes.json`, `${folder}/old/${"a".repeat(16)}.json`];
  for (const path of odd) world.lake.drop(path, "x");
  await hasWork(world, "flights");
  expect(await hasWork(world, "flights")).toBe(false);
  await claim(world, "landing/airports/missing.csv");
  for (const path of DROPS) drop(world, path, path);
  for (const path of DROPS) await claim(world, path);
  for (const path of claimsOf(world).filter((each) => !odd.includes(each))) {
    const claimed = world.lake.json(path) as PendingFile;
    world.lake.put(path, { ...claimed, id: "../../incarnation" });
  }
  for (let round = 0; round < 2; round += 1) await planAndFinish(world);
  expect(listedFiles(world)).toHaveLength(2);
  expect(claimsOf(world)).toEqual(odd);
  world.clock.now += HOUR_MS;
  await removeOrphanedClaims(world, "flights", SOURCE_OF);
  expect(claimsOf(world)).toEqual(odd);
});

test("a claim that is no JSON is told with its path", async () => {
  const world = aWorld();
  world.lake.drop(pendingPath("flights", "a".repeat(16)), "");
  await expect(planBatch(world, { pipeline: "flights" })).rejects.toThrow(
    /files\/pending\/a{16}\.json is no document of Assay/,
  );
});

test("an orphaned claim is no work, and one whose file still lies there is", async () => {
  const world = await aClaimWithoutFile();
  expect(await hasWork(world, "flights")).toBe(true);
  world.clock.now += HOUR_MS;
  await removeOrphanedClaims(world, "flights", SOURCE_OF);
  expect(await hasWork(world, "flights")).toBe(true);
  world.lake.files.delete(DROPS[0] ?? "");
  await removeOrphanedClaims(world, "flights", SOURCE_OF);
  expect(await hasWork(world, "flights")).toBe(false);
  expect(claimsOf(world)).toEqual([]);
  expect(
    world.logged.filter(({ event }) => event === "file.vanished"),
  ).toHaveLength(1);
});

const { airports, flights } = aDefinition().sources;

/** A file is claimed for \`airports\`; then the package has these sources. */
async function claimedBefore(
  sources: ReturnType<typeof aDefinition>["sources"],
): Promise<World> {
  const world = aWorld();
  const [path = ""] = DROPS;
  world.lake.drop(path, "a", 0);
  await claim(world, path);
  const pipelines = pipelinesOf(aDefinition({ sources }));
  return { ...world, caches: createCaches(), pipelines };
}

const filesOf = (world: World, batch: number) =>
  (world.lake.json(batchPaths("flights", batch).manifest) as Manifest | null)
    ?.files;

test("a file that was claimed for a source that is renamed since is taken by the source that reads its folder", async () => {
  if (!flights || airports?.kind !== "landing")
    throw new Error("The definition lost its sources.");
  const renamed = await claimedBefore({ flights, airfields: airports });
  await planBatch(renamed, { pipeline: "flights" });
  expect(filesOf(renamed, 1)).toMatchObject([
    { source: "airfields", name: "a.csv" },
  ]);
  // Two sources that exchange their names: the folder counts.
  const towns = { ...airports, folder: "towns" };
  const exchanged = await claimedBefore({ airports: towns, towns: airports });
  await planBatch(exchanged, { pipeline: "flights" });
  expect(filesOf(exchanged, 1)).toMatchObject([{ source: "towns" }]);
  // The source reads another folder now: what it has claimed is its input all the same.
  const moved = await claimedBefore({ flights, airports: towns });
  await planBatch(moved, { pipeline: "flights" });
  expect(filesOf(moved, 1)).toMatchObject([{ source: "airports" }]);
});

test("a file that no source takes any more is in no batch, and is told as set aside, where it lies", async () => {
  if (!flights) throw new Error("The definition lost its sources.");
  const world = await claimedBefore({ flights });
  expect(await planBatch(world, { pipeline: "flights" })).toBeNull();
  // Another version of the app, which reads the folder, may run beside this one.
  await sweepOnce(world);
  expect(claimsOf(world)).toHaveLength(1);
  world.clock.now += HOUR_MS;
  await sweepOnce(world);
  expect(claimsOf(world)).toEqual([]);
  const [path = ""] = [...world.lake.files.keys()].filter((each) =>
    each.startsWith("bronze/files/"),
  );
  const [, id = ""] = /\/([0-9a-f]{16})\//.exec(path) ?? [];
  expect(world.lake.json(setAsidePath("flights", id))).toMatchObject({
    ...{ path, name: "a.csv", source: "airports", bytes: 1 },
    reason: expect.stringContaining("no source reads its folder") as string,
  });
  expect(world.lake.json(sweepReportPath("flights"))).toMatchObject({
    setAside: 1,
    lastSetAside: { name: "a.csv" },
  });
  expect(await hasWork(world, "flights")).toBe(false);
});

test("a planner of an earlier version that lists a file while a later one sets it aside finds it there", async () => {
  if (!flights) throw new Error("The definition lost its sources.");
  const later = await claimedBefore({ flights });
  const earlier = {
    ...later,
    pipelines: pipelinesOf(aDefinition()),
    caches: createCaches(),
  };
  later.clock.now += HOUR_MS;
  let operations = 0;
  const lake = seenBy(later.lake, async () => {
    operations += 1;
    if (operations === 12) await sweepOnce(later);
  });
  await planBatch({ ...earlier, lake }, { pipeline: "flights" });
  expect(operations).toBeGreaterThan(12);
  expect(claimsOf(later)).toEqual([]);
  for (const { path } of filesOf(later, 1) ?? [])
    expect(later.lake.files.has(path)).toBe(true);
  expect(filesOf(later, 1)).toHaveLength(1);
});
