import type { InsightDocument } from "../../../src/domain/documents.ts";
import { tombstoneOf } from "../../../src/domain/documents.ts";
import { fenceOf } from "../../../src/domain/fences.ts";
import { removeOlder } from "../../../src/sinks/cosmos/removeOlder.ts";
import { INCARNATION } from "../../support/app/delivering.ts";
import { aWorld, type World } from "../../support/app/world.ts";

const ASK = {
  pipeline: "flights",
  sink: "cosmos",
  batch: 2,
  incarnation: INCARNATION,
  table: "routes",
  refused: 0,
};

const FULL = { status: 403, substatus: 1014 };

/** A world whose container holds so many documents of batch 1, and one of batch 2. */
async function aFilledWorld(old: number): Promise<World> {
  const world = aWorld();
  const aDocument = (id: string, batch: number): InsightDocument => ({
    ...tombstoneOf(
      { partition: "ORD", id },
      batch,
      fenceOf(INCARNATION, batch),
    ),
    deleted: false,
  });
  const documents = Array.from({ length: old }, (_, index) =>
    aDocument(`${index}`, 1),
  );
  await world.store.write(
    "flights_routes",
    [...documents, aDocument("new", 2)].map((document) => ({
      kind: "create" as const,
      document,
      bytes: 10,
    })),
  );
  return world;
}

const live = ({ store }: World): string[] =>
  [...store.documents.values()].flatMap(({ id, deleted }) =>
    deleted ? [] : [id],
  );

test("short pages do not end a snapshot while older documents are served", async () => {
  const world = await aFilledWorld(3_000);
  world.store.pageOfOlder = 50;
  const first = await removeOlder(world, ASK);
  expect(first).toEqual({ kind: "done", hasMore: true });
  // Forty pages.
  expect(live(world)).toHaveLength(1_001);
  const second = await removeOlder(world, ASK);
  expect(second).toEqual({ kind: "done", hasMore: false });
  expect(live(world)).toEqual(["new"]);
  const told = { pipeline: "flights", sink: "cosmos", batch: 2 };
  expect(world.logged).toEqual(
    [2_000, 1_000].map((documents) => ({
      event: "oldDocuments.removed",
      fields: { ...told, table: "routes", documents },
    })),
  );
  await removeOlder(world, ASK);
  expect(world.logged).toHaveLength(2);
});

test("documents that are left count as none that was removed", async () => {
  const world = await aFilledWorld(10);
  world.store.pageOfOlder = 4;
  let isFirst = true;
  world.store.refuses = (_container, { document }) => {
    if (document.id !== "1") return undefined;
    if (!isFirst) return undefined;
    isFirst = false;
    return FULL;
  };
  expect(await removeOlder(world, ASK)).toEqual({
    ...{ kind: "done", hasMore: false },
  });
  expect(world.logged).toMatchObject([{ fields: { documents: 10 } }]);
});

test.each([3, 600])(
  "%i older documents that the store does not let go fail the removal",
  async (stuck) => {
    const world = await aFilledWorld(700);
    world.store.refuses = (_container, { document }) =>
      Number(document.id) < stuck ? FULL : undefined;
    await expect(removeOlder(world, ASK)).rejects.toMatchObject({
      code: "STORE_REFUSED",
      detail: "flights_routes answered 403 to a patch.",
      fault: "theirs",
    });
    // A page that holds only such documents ends the run.
    expect(live(world)).toHaveLength(stuck < 500 ? stuck + 1 : 701);
    world.store.refuses = () => undefined;
    await removeOlder(world, ASK);
    expect(live(world)).toEqual(["new"]);
  },
);
