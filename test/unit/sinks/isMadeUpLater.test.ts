import { isMadeUpLater } from "../../../src/sinks/cosmos/isMadeUpLater.ts";
import { sealBatch } from "../../support/app/delivering.ts";
import { putManifest, putSkipped } from "../../support/app/ended.ts";
import { aDefinition, aWorld, type World } from "../../support/app/world.ts";

const cosmosOf = (...tables: string[]) => ({
  kind: "cosmos",
  tables,
  settings: {},
});
const both = aDefinition({
  sinks: { cosmos: cosmosOf("airport_delays", "routes") },
});
const onlyRoutes = aDefinition({ sinks: { cosmos: cosmosOf("routes") } });

const isMadeUp = (
  world: World,
  table: string,
  batch = 1,
  { pipeline = "flights", sink = "cosmos" } = {},
) => isMadeUpLater(world, { pipeline, sink, from: { batch } }, table);

const reads = ({ lake }: World): number => lake.counts.get("read") ?? 0;

test("a batch that has not ended is looked at again when it has", async () => {
  const world = aWorld();
  for (const batch of [1, 2]) sealBatch(world, batch, { definition: both });
  putManifest(world, 3);
  expect(await isMadeUp(world, "routes")).toBe(false);
  sealBatch(world, 3, { definition: both, modes: { routes: "snapshot" } });
  expect(await isMadeUp(world, "routes")).toBe(true);
  expect(await isMadeUp(world, "airport_delays")).toBe(false);
  expect(await isMadeUp(world, "routes", 3)).toBe(false);
});

test("where the newest batch has not ended, the one before says what is delivered", async () => {
  const world = aWorld();
  sealBatch(world, 1, { definition: both });
  sealBatch(world, 2, { definition: onlyRoutes });
  putManifest(world, 3);
  expect(await isMadeUp(world, "airport_delays")).toBe(true);
  expect(await isMadeUp(world, "routes")).toBe(false);
});

test("what an older batch delivers does not count against the newest one", async () => {
  const world = aWorld();
  for (const batch of [1, 2]) sealBatch(world, batch, { definition: both });
  sealBatch(world, 3, { definition: onlyRoutes });
  // This one looks back to the second batch.
  expect(await isMadeUp(world, "routes")).toBe(false);
  expect(await isMadeUp(world, "airport_delays")).toBe(true);
});

test("of several snapshots the newest one counts", async () => {
  const world = aWorld();
  for (const batch of [1, 2, 3, 4])
    sealBatch(world, batch, {
      definition: both,
      modes: batch % 2 === 0 ? { airport_delays: "snapshot" } : {},
    });
  expect(await isMadeUp(world, "routes")).toBe(false);
  expect(await isMadeUp(world, "airport_delays", 3)).toBe(true);
  expect(await isMadeUp(world, "airport_delays", 4)).toBe(false);
});

test("behind a skipped batch the later ones are looked at", async () => {
  const world = aWorld();
  sealBatch(world, 1, { definition: both });
  putSkipped(world, 2);
  expect(await isMadeUp(world, "routes")).toBe(false);
  sealBatch(world, 3, { definition: both, modes: { routes: "snapshot" } });
  expect(await isMadeUp(world, "routes")).toBe(true);
});

test("two sinks of a pipeline have their own answers", async () => {
  const world = aWorld();
  const definition = aDefinition({
    sinks: { cosmos: cosmosOf("airport_delays"), other: cosmosOf("routes") },
  });
  for (const batch of [1, 2]) sealBatch(world, batch, { definition });
  expect(await isMadeUp(world, "routes")).toBe(true);
  expect(await isMadeUp(world, "routes", 1, { sink: "other" })).toBe(false);
});

test("the batches behind the one that is asked for are read, each once, and only until there is an answer", async () => {
  const world = aWorld();
  for (let batch = 1; batch <= 9; batch += 1)
    sealBatch(world, batch, {
      definition: both,
      modes: batch === 7 ? { routes: "snapshot" } : {},
    });
  await isMadeUp(world, "routes");
  expect(reads(world)).toBe(3);
  await isMadeUp(world, "airport_delays", 4);
  expect(reads(world)).toBe(5);
  await isMadeUp(world, "airport_delays", 4);
  await isMadeUp(world, "routes", 4);
  expect(reads(world)).toBe(5);
});
