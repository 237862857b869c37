import fc from "fast-check";
import { claimFile } from "../../../src/activities/claimFile.ts";
import { planBatch } from "../../../src/activities/planBatch.ts";
import { batchPaths } from "../../../src/domain/paths.ts";
import type { Manifest } from "../../../src/domain/records.ts";
import { openMemory } from "../../../src/ledger/memory.ts";
import type { Ports } from "../../../src/ports.ts";
import { seenBy } from "../../support/app/memoryLake.ts";
import { aWorld, type World } from "../../support/app/world.ts";

const DROPS = [
  "landing/airports/a.csv",
  "landing/airports/b.csv",
  "landing/airports/c.csv",
];

class Crash extends Error {}

/** The world as one process sees it: others may go first ahead of each of its operations, and it may die there. */
function processOf(
  world: World,
  pause: () => Promise<unknown>,
  diesAfter: number,
): Ports {
  let operations = 0;
  const lake = seenBy(world.lake, async () => {
    await pause();
    operations += 1;
    if (operations > diesAfter) throw new Crash();
  });
  return { ...world, lake, memory: openMemory() };
}

const unlessCrashed = async (work: Promise<unknown>): Promise<void> => {
  await work.catch((error: unknown) => {
    if (!(error instanceof Crash)) throw error;
  });
};

async function claimAll(ports: Ports): Promise<void> {
  for (const path of DROPS) await claimFile(ports, { path }, () => undefined);
}

async function planAndFinish(ports: Ports): Promise<void> {
  const planned = await planBatch(
    ports,
    { pipeline: "flights" },
    () => undefined,
  );
  if (planned)
    await ports.lake.createOnce(
      batchPaths("flights", planned.batch).done,
      "{}",
    );
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

test("however claims and plans are interleaved, and wherever they die, every drop is in one manifest, once", async () => {
  const deaths = fc.array(fc.nat(45), { minLength: 6, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      deaths,
      fc.boolean(),
      async (scheduler, diesAfter, isRedropped) => {
        const world = aWorld();
        for (const path of DROPS) world.lake.drop(path, path);
        const pause = () => scheduler.schedule(Promise.resolve());
        const actors = [
          claimAll,
          claimAll,
          planAndFinish,
          planAndFinish,
          planAndFinish,
          claimAll,
        ].map((act, index) =>
          unlessCrashed(act(processOf(world, pause, diesAfter[index] ?? 0))),
        );
        if (isRedropped)
          actors.push(
            pause().then(() => {
              world.lake.drop(DROPS[0] ?? "", "another content");
            }),
          );
        await scheduler.waitFor(Promise.all(actors));

        // What is left is found by those who come after, one after the other.
        await claimAll(world);
        for (let round = 0; round < 4; round += 1) await planAndFinish(world);

        const claimed = [...world.lake.files.keys()].filter((path) =>
          path.startsWith("bronze/files/"),
        );
        const listed = listedFiles(world);
        expect(
          [...world.lake.files.keys()].filter((path) =>
            path.startsWith("landing/"),
          ),
        ).toEqual([]);
        expect(listed.sort()).toEqual(claimed.sort());
        expect(new Set(listed).size).toBe(listed.length);
        expect(claimed.length).toBeGreaterThanOrEqual(DROPS.length);
      },
    ),
    { numRuns: 150 },
  );
}, 60_000);

test("the markers of planned files are cleared before the next batch is planned", async () => {
  const world = aWorld();
  for (const path of DROPS) world.lake.drop(path, path);
  await claimAll(world);
  await planAndFinish(world);
  await planAndFinish(world);
  expect(
    [...world.lake.files.keys()].filter((path) => path.includes("/pending/")),
  ).toEqual([]);
  expect(listedFiles(world)).toHaveLength(3);
});
