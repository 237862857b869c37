import {
  writePart,
  type WritePart,
} from "../../../src/sinks/cosmos/writePart.ts";
import type { Line } from "../../../src/domain/documents.ts";
import { aRow, INCARNATION } from "../../support/app/delivering.ts";
import { aWorld, type World } from "../../support/app/world.ts";

const FULL = { status: 403, substatus: 1014 };

/** Writes these lines as a part of this batch. */
function write(
  world: World,
  batch: number,
  lines: readonly Line[],
  more: Partial<WritePart> = {},
) {
  const path = `parts/${batch}.json`;
  world.lake.drop(path, lines.map((line) => JSON.stringify(line)).join("\n"));
  return writePart(world, {
    pipeline: "flights",
    sink: "cosmos",
    batch,
    incarnation: INCARNATION,
    part: { table: "routes", path, rows: lines.length },
    mode: "changes",
    refused: 0,
    ...more,
  });
}

const refusedFiles = ({ lake }: World): string[] =>
  [...lake.files.keys()].filter((path) => path.includes("/refused/"));

test.each<[string, Line]>([
  ["delete", { op: "delete", key: ["ORD", "a"] }],
  ["change", { ...aRow("a", { flights: 9 }) }],
])(
  "a %s in a full partition, which leaves an older document served, fails the part",
  async (_name, line) => {
    const world = aWorld();
    await write(world, 1, [aRow("a")]);
    world.store.refuses = () => FULL;
    await expect(write(world, 2, [line])).rejects.toMatchObject({
      code: "STORE_REFUSED",
      fault: "theirs",
    });
    expect(refusedFiles(world)).toEqual([]);
    world.store.refuses = () => undefined;
    expect(await write(world, 2, [line])).toMatchObject({ refused: 0 });
  },
);

const days = (count: number): Line[] =>
  Array.from({ length: count }, (_, day) => aRow(`day-${day}`));

test("a part stops at its limit of refused documents, and one that was refused before does not count", async () => {
  const world = aWorld();
  world.store.refuses = (_container, { document }) =>
    document.deleted ? undefined : { status: 413, substatus: 0 };
  const failed = await write(world, 1, days(40), { limit: 30 });
  expect(failed).toMatchObject({
    kind: "failed",
    refused: 30,
    failure: { code: "DOCUMENTS_REFUSED", fault: "input" },
  });
  expect(refusedFiles(world)).toHaveLength(30);
  const again = await write(world, 1, days(40), { refused: 30, limit: 9 });
  expect(again).toMatchObject({ kind: "failed", refused: 9 });
  expect(refusedFiles(world)).toHaveLength(39);
  const rest = await write(world, 1, days(40), { refused: 39, limit: 1 });
  expect(rest).toEqual({ kind: "done", refused: 1, cleared: 0 });
  expect(refusedFiles(world)).toHaveLength(40);
});

test.each<[number, number, string]>([
  [400, 0, "Cosmos DB takes no document of this form"],
  [403, 1014, "The logical partition is full"],
  [413, 0, "The document is larger than 2 MB."],
])(
  "a refused document is remembered with its status and a reason: %i/%i",
  async (status, substatus, reason) => {
    const world = aWorld();
    world.store.refuses = (_container, { document }) =>
      document.deleted ? undefined : { status, substatus };
    await write(world, 1, [aRow("a")]);
    // Of a document that was never there nothing is left in the store.
    expect(world.store.documents.size).toBe(0);
    const [path = ""] = refusedFiles(world);
    expect(world.lake.json(path)).toEqual({
      ...{ version: 3, table: "routes", key: ["ORD", "a"], batch: 1, status },
      reason: expect.stringContaining(reason) as unknown,
    });
  },
);

test("what became of a part's rows is told, and rows that the job refused are none of them", async () => {
  const world = aWorld();
  await write(world, 2, [aRow("newer")]);
  world.store.refuses = (_container, { document }) =>
    document.id === "large" && !document.deleted
      ? { status: 413, substatus: 0 }
      : undefined;
  world.logged.length = 0;
  const lines: Line[] = [
    aRow("a"),
    aRow("b"),
    aRow("large"),
    aRow("newer"),
    { op: "delete", key: ["ORD", "c"] },
    { op: "refused", key: ["ORD", "d"], why: "empty" } as unknown as Line,
  ];
  expect(await write(world, 1, lines)).toEqual({
    ...{ kind: "done", refused: 1, cleared: 0 },
  });
  expect(world.logged).toEqual([
    {
      event: "part.delivered",
      fields: {
        ...{ pipeline: "flights", sink: "cosmos", batch: 1, table: "routes" },
        ...{ upserted: 2, deleted: 1, skipped: 1, refused: 1 },
      },
    },
  ]);
  world.store.refuses = () => undefined;
  expect(
    await write(world, 3, [aRow("large"), aRow("a")], { refused: 1 }),
  ).toEqual({ kind: "done", refused: 0, cleared: 1 });
  expect(refusedFiles(world)).toEqual([]);
});

test("what most of a chunk of a snapshot met is expected of the next one", async () => {
  const world = aWorld();
  await write(world, 1, days(2_000));
  const kinds: string[] = [];
  const send = world.store.write.bind(world.store);
  world.store.write = (container, writes) => {
    kinds.push(...new Set(writes.map(({ kind }) => kind)));
    return send(container, writes);
  };
  await write(world, 2, days(4_000), { mode: "snapshot" });
  expect(kinds).toEqual([
    // The first chunk is there, as is the second.
    ...["create", "patch", "patch"],
    // The third is new, as is the fourth.
    ...["patch", "create", "create"],
  ]);
});

test("where half of a chunk is as expected, the next one is expected to be, too", async () => {
  const world = aWorld();
  await write(world, 1, days(500));
  const kinds: string[] = [];
  const send = world.store.write.bind(world.store);
  world.store.write = (container, writes) => {
    kinds.push(...new Set(writes.map(({ kind }) => kind)));
    return send(container, writes);
  };
  await write(world, 2, days(1_001), { mode: "snapshot" });
  expect(kinds).toEqual(["create", "patch", "create"]);
});

test.each<[Line, string]>([
  [aRow("a"), "create"],
  [{ ...aRow("a"), isNew: false } as Line, "patch"],
  [{ op: "delete", key: ["ORD", "a"] }, "patch"],
])("of changes a line says what is to be met: %j", async (line, kind) => {
  const world = aWorld();
  const writes: { kind: string; bytes: number }[] = [];
  const send = world.store.write.bind(world.store);
  world.store.write = (container, all) => {
    writes.push(...all);
    return send(container, all);
  };
  await write(world, 1, [line]);
  const bytes = Buffer.byteLength(JSON.stringify(line));
  expect(writes[0]).toMatchObject({ kind, bytes });
});
