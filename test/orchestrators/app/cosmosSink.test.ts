import type { Line } from "../../../src/domain/documents.ts";
import { sinkPaths } from "../../../src/domain/paths.ts";
import {
  aRow,
  beginHead,
  deliverOver,
  deliverToTheEnd,
  headOf,
  sealBatch,
  type SealedBatch,
} from "../../support/app/delivering.ts";
import { aDefinition, aWorld, type World } from "../../support/app/world.ts";
import type { DurableBench } from "../../support/durable.ts";

let world: World;
let bench: DurableBench;
beforeEach(() => {
  world = aWorld();
  bench = deliverOver(world);
  beginHead(world, "cosmos");
});
afterEach(() => bench.close());

const definition = aDefinition({
  sinks: {
    cosmos: { kind: "cosmos", tables: ["airport_delays"], settings: {} },
  },
});

const seal = (
  batch: number,
  lines: readonly Line[],
  more: SealedBatch = {},
): void =>
  sealBatch(world, batch, {
    definition,
    parts: { airport_delays: [lines] },
    modes: batch === 1 ? { airport_delays: "snapshot" } : {},
    ...more,
  });

const deliver = (): Promise<string> => deliverToTheEnd(world, bench, "cosmos");

const served = () =>
  [...world.store.documents.values()]
    .filter(({ deleted }) => !deleted)
    .map(({ id, batch }) => `${id}@${batch}`)
    .sort();

const refused = () =>
  [...world.lake.files.keys()]
    .filter((path) =>
      path.startsWith(`${sinkPaths("flights", "cosmos").refused}/`),
    )
    .map((path) => world.lake.json(path));

const refuseDay =
  (day: string, status = 413, substatus = 0): World["store"]["refuses"] =>
  (_container, { document }) =>
    document.id === day && !document.deleted
      ? { status, substatus }
      : undefined;

test("numbers keep their digits beside the value, and what is no number is null", async () => {
  seal(1, [
    {
      op: "upsert",
      key: ["ORD", "a"],
      isNew: true,
      value:
        '{"n":9007199254740993,"d":12345678901234567.89,"x":"NaN","y":null}',
      exact: { n: "9007199254740993", d: "12345678901234567.89", x: "NaN" },
    },
  ]);
  expect(await deliver()).toBe("idle");
  const [document] = world.store.documents.values();
  expect(document).toMatchObject({
    value: { x: null, y: null },
    exact: { n: "9007199254740993", d: "12345678901234567.89" },
  });
  seal(2, [{ op: "upsert", key: ["ORD", "a"], value: '{"n":1}' }]);
  await deliver();
  const [later] = world.store.documents.values();
  expect(later).toMatchObject({ value: { n: 1 }, exact: {} });
});

test("a deleted row that comes back lives without an end, and a deleted one keeps its fence for a fortnight", async () => {
  seal(1, [aRow("a")]);
  seal(2, [{ op: "delete", key: ["ORD", "a"] }]);
  await deliver();
  const [gone] = world.store.documents.values();
  expect(gone).toMatchObject({ deleted: true, ttl: 14 * 86_400, value: null });
  seal(3, [aRow("a")]);
  await deliver();
  const [back] = world.store.documents.values();
  expect(back).toMatchObject({ deleted: false, ttl: -1, batch: 3 });
});

test("a document that is newer than its batch stays", async () => {
  seal(1, [aRow("a")]);
  await deliver();
  const [name, document] = [...world.store.documents][0] ?? [];
  if (name && document)
    world.store.documents.set(name, {
      ...document,
      batch: 9,
      fence: "20260101T000000000Z-abcdef/0000000009",
    });
  seal(2, [{ op: "delete", key: ["ORD", "a"] }]);
  expect(await deliver()).toBe("idle");
  expect(served()).toEqual(["a@9"]);
});

test.each([
  [400, 0],
  [413, 0],
  [403, 1014],
])(
  "a document that is refused by its own fault (%i/%i) is remembered with its reason, nothing older is served, and a later one clears it",
  async (status, substatus) => {
    seal(1, [aRow("a"), aRow("b")]);
    await deliver();
    world.store.refuses = refuseDay("a", status, substatus);
    seal(2, [aRow("a"), aRow("b")]);
    expect(await deliver()).toBe("idle");
    expect(served()).toEqual(["b@2"]);
    expect(refused()).toMatchObject([
      { table: "airport_delays", key: ["ORD", "a"], batch: 2, status },
    ]);
    expect(headOf(world, "cosmos")).toMatchObject({ nextBatch: 3, refused: 1 });
    world.store.refuses = () => undefined;
    seal(3, [aRow("a")]);
    await deliver();
    expect(served()).toEqual(["a@3", "b@2"]);
    expect(refused()).toEqual([]);
    expect(headOf(world, "cosmos")).toMatchObject({ nextBatch: 4, refused: 0 });
  },
);

test("a refusal for another reason than the document is the platform's", async () => {
  seal(1, [aRow("a")]);
  world.store.refuses = refuseDay("a", 403, 5300);
  expect(await deliver()).toBe("blocked");
  expect(refused()).toEqual([]);
});

test("a snapshot makes tombstones of the documents that the table has no more", async () => {
  seal(1, [aRow("a"), aRow("b"), aRow("c")]);
  seal(2, [aRow("b"), aRow("d")], { modes: { airport_delays: "snapshot" } });
  expect(await deliver()).toBe("idle");
  expect(served()).toEqual(["b@2", "d@2"]);
  expect(world.store.documents.size).toBe(4);
});

test("a snapshot clears what was refused of rows that are gone", async () => {
  world.store.refuses = refuseDay("a");
  seal(1, [aRow("a"), aRow("b")]);
  await deliver();
  expect(headOf(world, "cosmos")?.refused).toBe(1);
  seal(2, [aRow("b")], { modes: { airport_delays: "snapshot" } });
  await deliver();
  expect(refused()).toEqual([]);
  expect(headOf(world, "cosmos")?.refused).toBe(0);
});

test.each([["another-one"], [undefined]])(
  "a container that is %s blocks the sink until a batch with a snapshot fills it",
  async (id) => {
    seal(1, [aRow("a"), aRow("b")]);
    await deliver();
    world.store.documents.clear();
    world.store.containers = () => id;
    seal(2, [aRow("b")]);
    expect(await deliver()).toBe("blocked");
    expect(headOf(world, "cosmos")?.blocked).toMatchObject({
      code: "SINK_TARGET_REPLACED",
      fault: "ours",
    });
    expect(served()).toEqual([]);
    world.store.containers = () => "another-one";
    seal(3, [aRow("a"), aRow("b")], {
      modes: { airport_delays: "snapshot" },
    });
    expect(await deliver()).toBe("idle");
    expect(served()).toEqual(["a@3", "b@3"]);
    expect(headOf(world, "cosmos")?.blocked).toBeUndefined();
  },
);

test("an id of dots is a document like any other", async () => {
  seal(1, [aRow("."), aRow("..")]);
  await deliver();
  expect(served()).toEqual(["~2E@1", "~2E~2E@1"]);
});

test("a part that is not in the lake blocks the sink and says which", async () => {
  seal(1, [aRow("a")]);
  for (const path of world.lake.files.keys())
    if (path.includes("/snapshots/")) world.lake.files.delete(path);
  expect(await deliver()).toBe("blocked");
  expect(headOf(world, "cosmos")?.blocked?.message).toContain("part-0.json");
});
