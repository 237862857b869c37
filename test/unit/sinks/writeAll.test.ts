import { tombstoneOf } from "../../../src/domain/documents.ts";
import { fenceOf } from "../../../src/domain/fences.ts";
import { patchFound, writeAll } from "../../../src/sinks/cosmos/writeAll.ts";
import { memoryStore } from "../../support/app/memoryStore.ts";

const FENCE = fenceOf("20260101T000000000Z-abcdef", 2);

const aWrite = (id: string, kind: "create" | "patch" = "create") => ({
  kind,
  bytes: 10,
  document: { ...tombstoneOf({ partition: "ORD", id }, 2, FENCE) },
});

test("a group that is refused for one document of it is sent one by one", async () => {
  const store = memoryStore();
  const write = store.write.bind(store);
  // What Cosmos DB does with a request of many that is too large as a whole.
  store.write = async (container, writes) =>
    writes.length > 50
      ? writes.map(() => ({ status: 413, substatus: 0 }))
      : write(container, writes);
  store.refuses = (_container, { document }) =>
    document.id === "7" ? { status: 413, substatus: 0 } : undefined;
  const writes = Array.from({ length: 60 }, (_, index) => aWrite(`${index}`));
  const written = await writeAll(store, "c", writes);
  const refused = written.flatMap(({ end }, index) =>
    end === "refused" ? [index] : [],
  );
  expect(refused).toEqual([7]);
  expect(store.documents.size).toBe(59);
});

test("a create that meets a document and a patch that meets none become each other", async () => {
  const store = memoryStore();
  await writeAll(store, "c", [aWrite("a")]);
  const written = await writeAll(store, "c", [
    aWrite("a"),
    aWrite("b", "patch"),
    aWrite("c"),
  ]);
  expect(written.map(({ end }) => end)).toEqual(new Array(3).fill("deleted"));
  expect(written.map(({ isExpected }) => isExpected)).toEqual([
    false,
    false,
    true,
  ]);
});

test("documents that come and go under the writer end in an error, not in rounds without an end", async () => {
  const store = memoryStore();
  let turn = 0;
  store.write = (_container, writes) => {
    turn += 1;
    return Promise.resolve(
      writes.map(({ kind }) => ({
        status: kind === "create" ? 409 : 404,
        substatus: 0,
      })),
    );
  };
  await expect(writeAll(store, "c", [aWrite("a")])).rejects.toMatchObject({
    code: "STORE_REFUSED",
  });
  expect(turn).toBeLessThan(10);
});

test("documents are written at once, and one by one only where their group is refused", async () => {
  const store = memoryStore();
  const write = store.write.bind(store);
  const groups: number[] = [];
  store.write = (container, writes) => {
    groups.push(writes.length);
    return write(container, writes);
  };
  const writes = Array.from({ length: 60 }, (_, index) => aWrite(`${index}`));
  await writeAll(store, "c", writes);
  expect(groups).toEqual([60]);
  expect(await writeAll(store, "c", [])).toEqual([]);
  expect(groups).toEqual([60]);
  store.refuses = () => ({ status: 400, substatus: 0 });
  const all = await writeAll(store, "c", writes.slice(0, 45));
  expect(groups).toEqual([60, 45, 20, 20, 5]);
  expect(all).toEqual(
    new Array(45).fill({ end: "refused", status: 400, isExpected: true }),
  );
});

test("what became of each document says the status, in the order of the writes", async () => {
  const store = memoryStore();
  const newer = fenceOf("20260101T000000000Z-abcdef", 3);
  const live = { ...aWrite("a").document, deleted: false };
  await writeAll(store, "c", [
    { ...aWrite("b"), document: { ...aWrite("b").document, fence: newer } },
  ]);
  expect(
    await writeAll(store, "c", [
      { ...aWrite("a"), document: live },
      aWrite("b", "patch"),
      aWrite("c"),
      aWrite("a", "patch"),
    ]),
  ).toEqual([
    { end: "upserted", status: 201, isExpected: true },
    { end: "skipped", status: 412, isExpected: true },
    { end: "deleted", status: 201, isExpected: true },
    { end: "deleted", status: 200, isExpected: true },
  ]);
});

test.each([
  [429, 0],
  [403, 0],
  [503, 1014],
  [300, 0],
  [199, 0],
  [409, 0],
  [404, 0],
])(
  "an answer of %i/%i that tells nothing of the document ends in an error that says it",
  async (status, substatus) => {
    const store = memoryStore();
    let turns = 0;
    store.write = (_container, writes) => {
      turns += 1;
      return Promise.resolve(writes.map(() => ({ status, substatus })));
    };
    const kind = status === 409 ? "patch" : "create";
    await expect(
      writeAll(store, "c", [aWrite("a", kind)]),
    ).rejects.toMatchObject({
      code: "STORE_REFUSED",
      detail: `c answered ${status} to a ${kind}.`,
    });
    expect(turns).toBe(1);
  },
);

test("a store that answers too few ends in an error", async () => {
  const store = memoryStore();
  store.write = () => Promise.resolve([]);
  await expect(writeAll(store, "c", [aWrite("a")])).rejects.toMatchObject({
    detail: "c answered 0 to a create.",
  });
});

test("eight rounds are made, no more", async () => {
  const store = memoryStore();
  let turn = 0;
  store.write = (_container, writes) => {
    turn += 1;
    const isLast = turn === 8;
    return Promise.resolve(
      writes.map(({ kind }) => ({
        status: isLast ? 200 : kind === "create" ? 409 : 404,
        substatus: 0,
      })),
    );
  };
  expect(await writeAll(store, "c", [aWrite("a")])).toMatchObject([
    { end: "deleted", isExpected: false },
  ]);
  turn = -1;
  await expect(writeAll(store, "c", [aWrite("a")])).rejects.toThrow();
});

test.each([
  [200, 0, []],
  [299, 0, []],
  [404, 0, []],
  [412, 0, []],
  [400, 0, [400]],
  [413, 0, [413]],
  [403, 1014, [403]],
])(
  "of what is written over documents that are there, an answer of %i/%i leaves %j",
  async (status, substatus, left) => {
    const store = memoryStore();
    store.write = (_container, writes) =>
      Promise.resolve(writes.map(() => ({ status, substatus })));
    const found = await patchFound(store, "c", [aWrite("a", "patch")]);
    expect(found.map((answer) => answer.status)).toEqual(left);
  },
);

test.each([199, 300, 403, 503])(
  "an answer of %i to a document that is there ends in an error",
  async (status) => {
    const store = memoryStore();
    store.write = (_container, writes) =>
      Promise.resolve(writes.map(() => ({ status, substatus: 0 })));
    await expect(
      patchFound(store, "c", [aWrite("a", "patch")]),
    ).rejects.toMatchObject({ detail: `c answered ${status} to a patch.` });
  },
);
