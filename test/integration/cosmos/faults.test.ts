import {
  plannedFaults,
  type FaultRule,
} from "../../../local/src/shared/faults.ts";
import {
  inOneRequest,
  startCosmos,
  statusOf,
  type LocalCosmos,
} from "../../support/cosmos.ts";

let platform: LocalCosmos | undefined;
afterEach(() => platform?.stop());

const started = async (rule: Omit<FaultRule, "service">) => {
  platform = await startCosmos({
    faults: plannedFaults([{ service: "cosmos", ...rule }]),
  });
  const container = await platform.aContainer();
  return { container, item: container.item("a", "p") };
};

describe("planted faults", () => {
  test("a refused read is answered with the status", async () => {
    const { item } = await started({
      operation: "GET",
      path: "/docs/a$",
      action: "refuse",
      status: 500,
    });
    expect(await statusOf(item.read())).toBe(500);
    expect((await item.read()).statusCode).toBe(404);
  });

  test("a throttled write is sent again by the SDK", async () => {
    const { container } = await started({
      operation: "POST",
      path: "/docs$",
      times: 2,
      action: "refuse",
      status: 429,
    });
    const made = await container.items.create({ id: "a", partition: "p" });
    expect(made.statusCode).toBe(201);
    expect(made.headers["x-ms-throttle-retry-count"]).toBe(2);
  });

  test("a lost answer leaves the write done", async () => {
    const { container, item } = await started({
      operation: "POST",
      path: "/docs$",
      action: "lose",
    });
    await expect(
      container.items.create({ id: "a", partition: "p" }),
    ).rejects.toThrow();
    expect((await item.read()).statusCode).toBe(200);
  });

  test("a hanging request is not done and not answered", async () => {
    const { container, item } = await started({
      operation: "POST",
      path: "/docs$",
      action: "hang",
    });
    const abort = new AbortController();
    const write = container.items.create(
      { id: "a", partition: "p" },
      { abortSignal: abort.signal },
    );
    const refused = expect(write).rejects.toThrow();
    expect((await item.read()).statusCode).toBe(404);
    abort.abort();
    await refused;
  });

  test("a bulk request meets faults under a name of its own", async () => {
    const { container } = await started({
      operation: "BULK",
      action: "refuse",
      status: 503,
    });
    const create = {
      operationType: "Create",
      partitionKey: "p",
      resourceBody: { id: "a", partition: "p" },
    } as const;
    const [result] = await container.items.executeBulkOperations([create]);
    expect(result?.error?.code ?? result?.response?.statusCode).toBeDefined();
    expect(
      (await inOneRequest(container, [create]))[0]?.statusCode,
    ).toBeDefined();
  });
});
