import type { Container, OperationInput } from "@azure/cosmos";
import { plannedFaults } from "../../../local/src/shared/faults.ts";
import {
  inOneRequest,
  startCosmos,
  type LocalCosmos,
} from "../../support/cosmos.ts";

let platform: LocalCosmos;
let container: Container;

beforeAll(async () => {
  platform = await startCosmos({
    faults: plannedFaults([
      {
        service: "cosmos.bulk",
        operation: "Create",
        path: "/throttled$",
        times: 2,
        action: "refuse",
        status: 429,
      },
      {
        service: "cosmos",
        operation: "BULK",
        path: "container2/docs",
        action: "refuse",
        status: 429,
      },
    ]),
  });
});
afterAll(() => platform.stop());
beforeEach(async () => {
  container = await platform.aContainer({ defaultTtl: -1 });
});

const statuses = async (operations: OperationInput[]) => {
  const results = await container.items.executeBulkOperations(operations);
  return results.map(
    ({ response, error }) => response?.statusCode ?? error?.code,
  );
};

const body = (
  id: string,
  more: Record<string, string | number | boolean | null> = {},
) => ({
  id,
  partition: "p",
  fence: "20260101T000000000Z-abcdef/0000000005",
  ...more,
});

const create = (id: string): OperationInput => ({
  operationType: "Create",
  partitionKey: "p",
  resourceBody: body(id),
});

const publish = (
  id: string,
  batch: number,
  value: number | null,
): OperationInput => {
  const fence = `20260101T000000000Z-abcdef/${String(batch).padStart(10, "0")}`;
  return {
    operationType: "Patch",
    partitionKey: "p",
    id,
    resourceBody: {
      condition: `FROM c WHERE c.fence <= "${fence}"`,
      operations: [
        { op: "set", path: "/fence", value: fence },
        { op: "set", path: "/value", value },
        { op: "set", path: "/ttl", value: value === null ? 60 : -1 },
      ],
    },
  };
};

describe("bulk", () => {
  test("a throttled operation is sent again by the SDK and the rest is done", async () => {
    expect(
      await statuses([create("a"), create("throttled"), create("b")]),
    ).toEqual([201, 201, 201]);
  });

  test("a throttled request is sent again by the SDK", async () => {
    expect(await statuses([create("a")])).toEqual([201]);
  });

  test("every operation has a status of its own, and none keeps another from its work", async () => {
    await container.items.create(body("old"));
    expect(
      await statuses([
        create("new"),
        create("old"),
        {
          operationType: "Upsert",
          partitionKey: "q",
          resourceBody: { id: "x", partition: "q" },
        },
        { operationType: "Read", partitionKey: "p", id: "old" },
        { operationType: "Read", partitionKey: "p", id: "none" },
        {
          operationType: "Replace",
          partitionKey: "p",
          id: "old",
          resourceBody: body("old", { n: 1 }),
        },
        { operationType: "Delete", partitionKey: "p", id: "none" },
        { operationType: "Delete", partitionKey: "p", id: "new" },
      ]),
    ).toEqual([201, 409, 201, 200, 404, 200, 404, 204]);
  });

  test("a conditional patch lets newer batches write, older ones not, and tells who is missing", async () => {
    await container.items.create(body("a"));
    expect(await statuses([publish("a", 6, 1), publish("b", 6, 1)])).toEqual([
      200, 404,
    ]);
    expect(await statuses([publish("a", 5, 2), publish("a", 6, 3)])).toEqual([
      412, 200,
    ]);
    expect((await container.item("a", "p").read()).resource).toMatchObject({
      value: 3,
    });
  });

  test("a tombstone expires, and a re-insert before that lives on", async () => {
    await container.items.create(body("a"));
    await container.items.create(body("b"));
    await statuses([
      publish("a", 6, null),
      publish("b", 6, null),
      publish("b", 7, 1),
    ]);
    await platform.clock.advance(60_000);
    expect((await container.item("a", "p").read()).statusCode).toBe(404);
    expect((await container.item("b", "p").read()).resource).toMatchObject({
      value: 1,
    });
  });

  test("the older form sends one request and gives the results in order", async () => {
    const results = await inOneRequest(container, [
      create("a"),
      create("a"),
      publish("a", 6, 1),
      { operationType: "Read", partitionKey: "p", id: "a" },
    ]);
    expect(results.map((result) => result.statusCode)).toEqual([
      201, 409, 200, 200,
    ]);
    expect(results[3]?.resourceBody).toMatchObject({ value: 1 });
    expect(results[0]?.requestCharge).toBeGreaterThan(5);
  });

  test("without continueOnError the first failure ends the request, what was done stays", async () => {
    const results = await inOneRequest(
      container,
      [create("a"), create("a"), create("b")],
      { continueOnError: false },
    );
    expect(results.map((result) => result.statusCode)).toEqual([201, 409, 424]);
    expect((await container.item("a", "p").read()).statusCode).toBe(200);
    expect((await container.item("b", "p").read()).statusCode).toBe(404);
  });

  test("contents may be left out of the answer", async () => {
    const [result] = await inOneRequest(
      container,
      [create("a")],
      {},
      { contentResponseOnWriteEnabled: false },
    );
    expect(result).toMatchObject({ statusCode: 201 });
    expect(result).not.toHaveProperty("resourceBody");
  });

  test("each of 10,000 creates is done", async () => {
    const operations = Array.from(
      { length: 10_000 },
      (_, i): OperationInput => ({
        operationType: "Create",
        partitionKey: `p${String(i % 50)}`,
        resourceBody: {
          id: String(i),
          partition: `p${String(i % 50)}`,
          value: { n: i, text: "x".repeat(200) },
        },
      }),
    );
    const made = await statuses(operations);
    expect(made.filter((status) => status === 201)).toHaveLength(10_000);
    const { resources } = await container.items
      .query<number>("SELECT VALUE COUNT(1) FROM c")
      .fetchAll();
    expect(resources).toEqual([10_000]);
  }, 60_000);
});

describe("transactional batch", () => {
  test("its operations see each other and are done together", async () => {
    const { result } = await container.items.batch(
      [
        { operationType: "Create", resourceBody: body("a", { n: 1 }) },
        {
          operationType: "Patch",
          id: "a",
          resourceBody: { operations: [{ op: "incr", path: "/n", value: 1 }] },
        },
        { operationType: "Read", id: "a" },
      ],
      "p",
    );
    expect(result?.map((one) => one.statusCode)).toEqual([201, 200, 200]);
    expect(result?.[2]?.resourceBody).toMatchObject({ n: 2 });
  });

  test("one failure undoes all of it, the others being 424", async () => {
    await container.items.create(body("old"));
    const response = await container.items.batch(
      [
        { operationType: "Create", resourceBody: body("a") },
        { operationType: "Create", resourceBody: body("old") },
        { operationType: "Delete", id: "old" },
      ],
      "p",
    );
    expect(response.code).toBe(207);
    expect(response.result?.map((one) => one.statusCode)).toEqual([
      424, 409, 424,
    ]);
    expect((await container.item("a", "p").read()).statusCode).toBe(404);
    expect((await container.item("old", "p").read()).statusCode).toBe(200);
  });

  test("a document of another partition fails it", async () => {
    const response = await container.items.batch(
      [{ operationType: "Create", resourceBody: { id: "a", partition: "q" } }],
      "p",
    );
    expect(response.result?.map((one) => one.statusCode)).toEqual([400]);
  });

  test("more than 2 MB are refused", async () => {
    const large = Array.from({ length: 3 }, (_, i) => ({
      operationType: "Create" as const,
      resourceBody: body(String(i), { text: "x".repeat(800_000) }),
    }));
    await expect(container.items.batch(large, "p")).rejects.toMatchObject({
      cause: { code: 413 },
    });
  });
});
