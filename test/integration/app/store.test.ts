import type { Container } from "@azure/cosmos";
import type { Store } from "../../../src/adapters/cosmos/index.ts";
import { storeOver } from "../../../src/adapters/cosmos/operations.ts";
import { documentOf, type Change } from "../../../src/domain/documents.ts";
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

const row = (day: string, flights = 1): Change => ({
  op: "upsert",
  key: ["ORD", day],
  value: { day, flights },
});

const write = (kind: "create" | "patch", batch: number, ...changes: Change[]) =>
  store.write(
    "any",
    changes.map((change) => ({
      kind,
      document: documentOf(
        change,
        batch,
        fenceOf("20260101T000000000Z-abcdef", batch),
      ),
    })),
  );

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
