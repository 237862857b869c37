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
  const second = await removeOlder(world, ASK);
  expect(second).toEqual({ kind: "done", hasMore: false });
  expect(live(world)).toEqual(["new"]);
});

test.each([3, 600])(
  "%i older documents that the store does not let go fail the removal",
  async (stuck) => {
    const world = await aFilledWorld(700);
    world.store.refuses = (_container, { document }) =>
      Number(document.id) < stuck ? FULL : undefined;
    await expect(removeOlder(world, ASK)).rejects.toMatchObject({
      code: "STORE_REFUSED",
      fault: "theirs",
    });
    // A page that holds only such documents ends the run.
    expect(live(world)).toHaveLength(stuck < 500 ? stuck + 1 : 701);
    world.store.refuses = () => undefined;
    await removeOlder(world, ASK);
    expect(live(world)).toEqual(["new"]);
  },
);
