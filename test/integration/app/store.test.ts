import type { Container } from "@azure/cosmos";
import type { Store } from "../../../src/adapters/cosmos/index.ts";
import { storeOver } from "../../../src/adapters/cosmos/operations.ts";
import { documentOf, type ChangeLine } from "../../../src/domain/documents.ts";
import { fenceOf } from "../../../src/domain/fences.ts";
import { startCosmos, type LocalCosmos } from "../../support/cosmos.ts";

let server: LocalCosmos;
let store: Store;

beforeAll(async () => {
  server = await startCosmos();
});
afterAll(() => server.stop());
beforeEach(async () => {
  const made = await server.aContainer({ defaultTtl: -1 });
  const asApp = server.withToken().database("test").container(made.id);
  store = storeOver((): Promise<Container> => Promise.resolve(asApp));
});

const row = (day: string, flights = 1): ChangeLine => ({
  op: "upsert",
  key: ["ORD", day],
  value: JSON.stringify({ day, flights }),
});

const fence = (batch: number): string =>
  fenceOf("20260101T000000000Z-abcdef", batch);

const write = async (
  kind: "create" | "patch",
  batch: number,
  ...lines: ChangeLine[]
): Promise<number[]> => {
  const answers = await store.write(
    "any",
    lines.map((line) => ({
      kind,
      document: documentOf(line, batch, fence(batch)),
      bytes: JSON.stringify(line).length,
    })),
  );
  return answers.map(({ status }) => status);
};

const days = (count: number): string[] =>
  Array.from(
    { length: count },
    (_, index) => `day-${String(index).padStart(4, "0")}`,
  );

test("a row is read by its key, and told unchanged by its ETag", async () => {
  expect(await store.read("any", "ORD", "a")).toBeUndefined();
  expect(await write("create", 1, row("a"))).toEqual([201]);
  const found = await store.read("any", "ORD", "a");
  expect(found).toMatchObject({ value: { day: "a", flights: 1 }, batch: 1 });
  const etag = typeof found === "object" ? found._etag : "";
  expect(await store.read("any", "ORD", "a", etag)).toBe("unchanged");
  await write("patch", 2, row("a", 2));
  expect(await store.read("any", "ORD", "a", etag)).toMatchObject({
    value: { flights: 2 },
    batch: 2,
  });
});

test.each([3, 120])(
  "%i writes are each told what became of them",
  async (count) => {
    expect(
      new Set(await write("create", 5, ...days(count).map((day) => row(day)))),
    ).toEqual(new Set([201]));
    expect(
      new Set(await write("create", 5, ...days(count).map((day) => row(day)))),
    ).toEqual(new Set([409]));
    expect(
      new Set(
        await write("patch", 4, ...days(count).map((day) => row(day, 4))),
      ),
    ).toEqual(new Set([412]));
    expect(
      new Set(
        await write("patch", 6, ...days(count).map((day) => row(day, 6))),
      ),
    ).toEqual(new Set([200]));
    expect(
      await write("patch", 6, ...days(count).map((day) => row(`${day}-new`))),
    ).toEqual(new Array(count).fill(404));
    expect(await store.read("any", "ORD", "day-0001")).toMatchObject({
      value: { flights: 6 },
      batch: 6,
    });
  },
  30_000,
);

test("a partition is paged through by id, without the deleted", async () => {
  await write("create", 1, ...days(30).map((day) => row(day)));
  await write("patch", 2, { op: "delete", key: ["ORD", "day-0003"] });
  const page = (after: string, idPrefix = "") =>
    store.page("any", { partition: "ORD", idPrefix, after, limit: 10 });
  const first = await page("");
  expect(first.map(({ id }) => id)).toEqual(
    days(11).filter((day) => day !== "day-0003"),
  );
  expect((await page("day-0025")).map(({ id }) => id)).toEqual(
    days(30).slice(26),
  );
  expect(await page("", "day-002")).toHaveLength(10);
  expect(await page("", "night")).toEqual([]);
});

test("large documents are written by themselves, and one beyond the limit is refused alone", async () => {
  const of = (day: string, characters: number): ChangeLine => ({
    op: "upsert",
    key: ["ORD", day],
    value: JSON.stringify({ day, text: "x".repeat(characters) }),
  });
  const lines = [
    ...days(60).map((day) => row(day)),
    of("large", 1_000_000),
    of("too-large", 2_200_000),
  ];
  const statuses = await write("create", 1, ...lines);
  expect(statuses.slice(0, 61)).toEqual(new Array(61).fill(201));
  expect(statuses[61]).toBe(413);
}, 30_000);

test("documents of older batches are found in all partitions, without the deleted", async () => {
  const key = (partition: string, day: string): ChangeLine => ({
    op: "upsert",
    key: [partition, day],
    value: "{}",
  });
  await write("create", 1, key("ORD", "a"), key("JFK", "b"), key("LAX", "c"));
  await write("create", 1, key("SFO", "d"));
  await write("patch", 2, key("JFK", "b"));
  await write("patch", 1, { op: "delete", key: ["SFO", "d"] });
  const older = await store.findOlder("any", fence(2), 100);
  const names = older.map(({ partition, id }) => `${partition}/${id}`);
  expect(names.sort()).toEqual(["LAX/c", "ORD/a"]);
  expect(await store.findOlder("any", fence(1), 100)).toEqual([]);
});

test("a container of the same name that was made anew is told from the one before", async () => {
  const id = await store.findContainer("any");
  expect(id).toBeDefined();
  expect(await store.findContainer("any")).toBe(id);
  const another = await server.aContainer({ defaultTtl: -1 });
  const nowhere = storeOver((name) =>
    Promise.resolve(server.withToken().database("test").container(name)),
  );
  expect(await nowhere.findContainer(another.id)).not.toBe(id);
  expect(await nowhere.findContainer("nowhere")).toBeUndefined();
});
