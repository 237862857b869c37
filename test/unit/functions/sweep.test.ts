import { planBatch } from "../../../src/activities/planBatch.ts";
import { landEvents } from "../../../src/sources/hub/landEvents.ts";
import { endBatch } from "../../support/app/endBatch.ts";
import { aBatch } from "../../support/app/events.ts";
import { sweepOnce } from "../../support/app/sweeping.ts";
import { aWorld, type World } from "../../support/app/world.ts";

/** A world that notes what is started, in a process that has swept before. */
async function aRestingWorld(): Promise<{ world: World; started: string[] }> {
  const world = aWorld();
  const started: string[] = [];
  world.watchers.start = (_client, pipeline) => {
    started.push(`watch ${pipeline}`);
    return Promise.resolve({ outcome: "started" });
  };
  world.deliveries.start = (_client, pipeline, sink) => {
    started.push(`deliver ${pipeline} ${sink}`);
    return Promise.resolve({ outcome: "started" });
  };
  await sweepOnce(world);
  started.length = 0;
  return { world, started };
}

test("events that nobody planned start the watcher, and a batch that has ended the deliveries that it is owed", async () => {
  const { world, started } = await aRestingWorld();
  await sweepOnce(world);
  expect(started).toEqual([]);
  await landEvents(world, aBatch(0, 9));
  world.hubs.positionsNow = [{ partition: "0", begin: 0, last: 9 }];
  await sweepOnce(world);
  expect(started).toEqual(["watch flights"]);

  await planBatch(world, { pipeline: "flights" });
  await endBatch(world.lake, 1);
  started.length = 0;
  await sweepOnce(world);
  expect(started).toEqual(["deliver flights cosmos"]);
});

test("one step that fails keeps no other from being done", async () => {
  const { world, started } = await aRestingWorld();
  await landEvents(world, aBatch(0, 9));
  world.hubs.positionsNow = [{ partition: "0", begin: 0, last: 9 }];
  await planBatch(world, { pipeline: "flights" });
  await endBatch(world.lake, 1);
  world.hubs.positionsNow = [{ partition: "0", begin: 0, last: 19 }];
  const list = world.lake.list.bind(world.lake);
  world.lake.list = (folder) =>
    folder.startsWith("landing/")
      ? Promise.reject(new Error("The folder cannot be listed."))
      : list(folder);
  await sweepOnce(world);
  expect(started).toEqual(["watch flights", "deliver flights cosmos"]);
  expect(
    world.logged.filter(({ event }) => event === "sweep.failed"),
  ).toHaveLength(1);
  expect(world.lake.json("_assay/pipelines/flights/sweep.json")).toMatchObject({
    failed: ["sources"],
  });
});
