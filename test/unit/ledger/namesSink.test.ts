import { batchPaths, definitionPath } from "../../../src/domain/paths.ts";
import { namesSink } from "../../../src/ledger/namesSink.ts";
import { sealBatch } from "../../support/app/delivering.ts";
import { putManifest, putSkipped } from "../../support/app/ended.ts";
import { aDefinition, aWorld, type World } from "../../support/app/world.ts";

const cosmos = { kind: "cosmos", tables: ["routes"], settings: {} };
const notify = { kind: "notify", tables: ["routes"], settings: {} };
const withCosmos = aDefinition({ sinks: { cosmos } });
const withNotify = aDefinition({ sinks: { notify } });

const names = async ({ lake }: World) => ({
  cosmos: await namesSink(lake, "flights", 1, "cosmos"),
  notify: await namesSink(lake, "flights", 1, "notify"),
});

/** Batch 1 is planned by the one definition, and perhaps unblocked with the other. */
function plan(world: World, unblockedWith?: typeof withCosmos): void {
  for (const definition of [withCosmos, withNotify])
    world.lake.put(definitionPath("flights", definition.digest), definition);
  putManifest(world, 1, { definition: withCosmos.digest });
  if (unblockedWith)
    world.lake.put(batchPaths("flights", 1).definition, {
      ...{ version: 3, definition: unblockedWith.digest, firstAttempt: 2 },
    });
}

test("where there is no batch it names none", async () => {
  expect(await names(aWorld())).toEqual({ cosmos: false, notify: false });
});

test("a planned batch names the sinks of its definition, and of the one that it was unblocked with", async () => {
  const world = aWorld();
  plan(world);
  expect(await names(world)).toEqual({ cosmos: true, notify: false });
  plan(world, withNotify);
  expect(await names(world)).toEqual({ cosmos: true, notify: true });
});

test("a processed batch names what its seal names, whatever its definitions do, and a skipped one nothing", async () => {
  const world = aWorld();
  plan(world, withNotify);
  sealBatch(world, 1, { definition: withNotify });
  expect(await names(world)).toEqual({ cosmos: false, notify: true });
  const skipped = aWorld();
  plan(skipped, withNotify);
  putSkipped(skipped, 1);
  putManifest(skipped, 1, { definition: withCosmos.digest });
  expect(await names(skipped)).toEqual({ cosmos: false, notify: false });
});
