import { createDeliver } from "../../../src/orchestrators/deliver.ts";
import { sinkActivities, sinkKinds } from "../../../src/sinks/index.ts";
import {
  aRow,
  beginHead,
  deliverOver,
  deliverToTheEnd,
  headOf,
  sealBatch,
} from "../../support/app/delivering.ts";
import { putSkipped } from "../../support/app/ended.ts";
import { runsOf } from "../../support/app/watching.ts";
import { aDefinition, aWorld, type World } from "../../support/app/world.ts";
import { DurableBench } from "../../support/durable.ts";

let world: World;
let bench: DurableBench;
beforeEach(() => {
  world = aWorld();
  bench = deliverOver(world);
});
afterEach(() => bench.close());

const cosmos = { kind: "cosmos", tables: ["routes"], settings: {} };
const later = { kind: "cosmos", tables: ["airport_delays"], settings: {} };
const behind = { ...later, after: "cosmos" };
const both = aDefinition({ sinks: { cosmos, later: behind } });
const parts = { routes: [[aRow("a")]] };
const record = { containers: { routes: "rid-of-flights_routes" } };

const deliver = (): Promise<string> => deliverToTheEnd(world, bench, "cosmos");

/** Starts of deliveries from now on: the sink and the second, none of which begins anything. */
function startsOf(outcome: "started" | "running"): [string, number][] {
  const starts: [string, number][] = [];
  const began = bench.clock.now();
  const start = world.deliveries.start.bind(world.deliveries);
  let isFirst = true;
  world.deliveries.start = (client, pipeline, sink) => {
    if (isFirst) {
      isFirst = false;
      return start(client, pipeline, sink);
    }
    starts.push([sink, Math.round((bench.clock.now() - began) / 1000)]);
    return Promise.resolve({ outcome });
  };
  return starts;
}

test("a batch that owes a sink nothing is passed on to those that wait for the sink", async () => {
  beginHead(world, "cosmos");
  beginHead(world, "later", { kind: "cosmos" });
  // Its seal names the second sink alone.
  sealBatch(world, 1, {
    definition: aDefinition({ sinks: { later: behind } }),
  });
  const starts = startsOf("started");
  await deliver();
  expect(starts).toEqual([["later", 0]]);
});

test("followers that were at work are started again after a second, once", async () => {
  beginHead(world, "cosmos", { record });
  sealBatch(world, 1, { definition: both, parts });
  const starts = startsOf("running");
  expect(await deliver()).toBe("idle");
  expect(starts).toEqual([
    ["later", 0],
    ["later", 1],
  ]);
});

test("followers that were started are not started again", async () => {
  beginHead(world, "cosmos", { record });
  sealBatch(world, 1, { definition: both, parts });
  const starts = startsOf("started");
  await deliver();
  expect(starts).toEqual([["later", 0]]);
});

test("no follower is started behind a batch that is not delivered", async () => {
  beginHead(world, "cosmos", { record });
  sealBatch(world, 1, { definition: both, parts });
  world.store.refuses = () => ({ status: 503, substatus: 0 });
  const starts = startsOf("started");
  expect(await deliver()).toBe("blocked");
  expect(starts).toEqual([]);
});

test("a delivery goes on behind more batches than are passed over at once", async () => {
  beginHead(world, "cosmos", { record });
  for (let batch = 1; batch <= 205; batch += 1) putSkipped(world, batch);
  sealBatch(world, 206, {
    definition: aDefinition({ sinks: { cosmos } }),
    parts,
  });
  expect(await deliver()).toBe("idle");
  expect(headOf(world, "cosmos")).toMatchObject({ nextBatch: 207 });
  expect(world.store.documents.size).toBe(1);
});

test("who loses at the end of a batch stops there", async () => {
  beginHead(world, "cosmos", { record });
  sealBatch(world, 1, {
    definition: aDefinition({ sinks: { cosmos } }),
    parts,
  });
  // The other one has a clock of its own.
  const updatedAt = "2025-12-31T00:00:00.000Z";
  const write = world.store.write.bind(world.store);
  world.store.write = (...parameters) => {
    beginHead(world, "cosmos", { nextBatch: 2, record, updatedAt });
    return write(...parameters);
  };
  expect(await deliver()).toBe("lost");
  expect(runsOf(bench, "finishDelivery")).toBe(1);
  expect(headOf(world, "cosmos")?.updatedAt).toBe(updatedAt);
});

test("an instance that is given a delivery of a kind that it lacks fails, and says which", async () => {
  beginHead(world, "cosmos", { record });
  sealBatch(world, 1, {
    definition: aDefinition({ sinks: { cosmos } }),
    parts,
  });
  // Activities of a newer version, an orchestration of an older one.
  const older = new DurableBench({
    orchestrators: { deliver: createDeliver({}) },
    activities: Object.fromEntries(
      Object.entries(sinkActivities(world, sinkKinds)).map(
        ([name, activity]) => [
          name,
          (input: unknown) => activity(input as never),
        ],
      ),
    ),
  });
  const ref = { pipeline: "flights", sink: "cosmos" };
  const { status, output } = await older.run("deliver", ref);
  older.close();
  expect(status).toBe("Failed");
  expect(String(output)).toContain("There is no kind of sink cosmos.");
});
