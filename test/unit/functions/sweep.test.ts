import type { Definition } from "../../../src/domain/definition.ts";
import { planBatch } from "../../../src/activities/planBatch.ts";
import { landEvents } from "../../../src/sources/hub/landEvents.ts";
import { endBatch } from "../../support/app/endBatch.ts";
import { aBatch } from "../../support/app/events.ts";
import { sweepOnce } from "../../support/app/sweeping.ts";
import {
  aDefinition,
  aWorld,
  pipelinesOf,
  type World,
} from "../../support/app/world.ts";
import { until } from "../../support/until.ts";

/** A world that notes what is started, in a process that has swept before. */
async function aRestingWorld(
  world: World = aWorld(),
): Promise<{ world: World; started: string[] }> {
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
  expect(started).toEqual(["deliver flights cosmos", "watch flights"]);
  expect(
    world.logged.filter(({ event }) => event === "sweep.failed"),
  ).toHaveLength(1);
  expect(world.lake.json("_assay/pipelines/flights/sweep.json")).toMatchObject({
    failed: ["sources"],
  });
});

const TRAINS: Partial<Definition> = {
  pipeline: "trains",
  sources: {
    stations: {
      kind: "landing",
      input: "files",
      folder: "stations",
      trigger: "queue",
      format: { kind: "ndjson" },
      onRedrop: "replace",
      contract: {},
    },
  },
};

test("a pipeline whose hub hangs, or whose files are many, keeps no other from its start", async () => {
  const { world, started } = await aRestingWorld(
    aWorld({ pipelines: pipelinesOf(aDefinition(), aDefinition(TRAINS)) }),
  );
  for (let file = 0; file < 30; file += 1)
    world.lake.drop(`landing/airports/${file}.csv`, "iata", 0);
  world.lake.drop("landing/stations/a.csv", "name", 0);
  await sweepOnce(world);
  // Claimed by this sweep, and planned by the watchers that it starts.
  expect(started).toEqual(["watch flights", "watch trains"]);

  started.length = 0;
  let answer: (reason: Error) => void = () => undefined;
  world.hubs.positions = () =>
    new Promise((_resolve, reject) => {
      answer = reject;
    });
  const list = world.lake.list.bind(world.lake);
  const listed: string[] = [];
  world.lake.list = (folder) => {
    listed.push(folder);
    return list(folder);
  };
  const sweeping = sweepOnce(world);
  await until(
    () => started.includes("watch trains"),
    () => "the other pipeline was not started",
  );
  expect(listed.filter((folder) => folder.startsWith("landing/"))).toEqual([]);
  answer(new Error("The hub does not answer."));
  await sweeping;
  expect(listed).toContain("landing/stations");
  expect(world.lake.json("_assay/pipelines/flights/sweep.json")).toMatchObject({
    failed: ["work"],
  });
});
