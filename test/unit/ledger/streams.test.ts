import { streamPath, streamsFolder } from "../../../src/domain/paths.ts";
import type { StreamRecord } from "../../../src/domain/records.ts";
import {
  listGenerations,
  registerStream,
} from "../../../src/ledger/streams.ts";
import { aWorld } from "../../support/app/world.ts";

const aStream = (generation: string, more = {}): StreamRecord => ({
  ...{ version: 3, kind: "hub", name: "flights", generation },
  ...{ namespace: "ns", createdOn: "2026-01-01T00:00:00.000Z", epoch: "0" },
  ...{ partitions: ["0"], begins: { "0": 0 }, ...more },
});
const [A, B] = ["a".repeat(12), "b".repeat(12)];

test("a generation is registered once, and whoever comes later goes on with the first one", async () => {
  const { lake } = aWorld();
  const first = aStream(A);
  expect(await registerStream(lake, first)).toEqual(first);
  const later = aStream(A, { begins: { "0": 7 } });
  expect(await registerStream(lake, later)).toEqual(first);
  expect(lake.json(streamPath("hub", "flights", A))).toEqual(first);
});

test("the generations of a stream are those in its folder, and each is read once", async () => {
  const world = aWorld();
  const { lake } = world;
  const list = () => listGenerations(world, "hub", "flights");
  expect(await list()).toEqual([]);
  await registerStream(lake, aStream(A));
  await registerStream(lake, aStream(B));
  await registerStream(lake, { ...aStream(A), name: "others" });
  expect(await list()).toEqual([aStream(A), aStream(B)]);
  const reads = lake.counts.get("read");
  expect(await list()).toEqual([aStream(A), aStream(B)]);
  expect(lake.counts.get("read")).toBe(reads);
  // What is written anew is read anew.
  lake.put(streamPath("hub", "flights", A), aStream(A, { epoch: "1" }));
  expect(await list()).toEqual([aStream(A, { epoch: "1" }), aStream(B)]);
});

test("a file of another name in the folder is no generation", async () => {
  const world = aWorld();
  const folder = streamsFolder("hub", "flights");
  for (const name of [
    "notes.txt",
    `old/${A}.json`,
    `${A}.json.part`,
    "a.b.json",
  ])
    world.lake.drop(`${folder}/${name}`, "x");
  expect(await listGenerations(world, "hub", "flights")).toEqual([]);
});
