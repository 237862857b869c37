import { PartitionKeyKind } from "@azure/cosmos";
import type { Container, CosmosClient } from "@azure/cosmos";
import {
  startCosmos,
  statusOf,
  type LocalCosmos,
} from "../../support/cosmos.ts";

let platform: LocalCosmos;
let client: CosmosClient;
let container: Container;

beforeAll(async () => {
  platform = await startCosmos();
  client = platform.withKey();
});
afterAll(() => platform.stop());
beforeEach(async () => {
  container = await platform.aContainer({ defaultTtl: -1 }, client);
});

const item = (id: string, partition = "p") => container.item(id, partition);

describe("documents", () => {
  test("a created document comes back with its system properties, charge, etag and session", async () => {
    const made = await container.items.create({
      id: "a",
      partition: "p",
      n: 1,
    });
    expect(made.statusCode).toBe(201);
    expect(made.requestCharge).toBeGreaterThan(4);
    expect(made.headers["x-ms-session-token"]).toBe("0:-1#1");
    expect(made.activityId).toMatch(/^[0-9a-f-]{36}$/);
    expect(made.resource).toMatchObject({
      id: "a",
      n: 1,
      _etag: made.etag,
      _ts: platform.clock.now() / 1000,
    });
    const read = await item("a").read();
    expect(read.resource).toEqual(made.resource);
    expect(read.requestCharge).toBe(1);
  });

  test("a second create of the same id is refused, in another partition it is another document", async () => {
    await container.items.create({ id: "a", partition: "p", n: 1 });
    const again = container.items.create({ id: "a", partition: "p", n: 2 });
    expect(await statusOf(again)).toBe(409);
    await container.items.create({ id: "a", partition: "q", n: 3 });
    expect((await item("a").read()).resource).toMatchObject({ n: 1 });
    expect((await item("a", "q").read()).resource).toMatchObject({ n: 3 });
  });

  test("a partition has 2,048 bytes at most, and its quotes are not among them", async () => {
    const longest = "é".repeat(1024);
    await container.items.create({ id: "a", partition: longest });
    expect((await item("a", longest).read()).statusCode).toBe(200);
    const longer = container.items.create({
      id: "a",
      partition: `${longest}x`,
    });
    expect(await statusOf(longer)).toBe(400);
  });

  test("a read of what is not there is 404", async () => {
    const read = await item("a", "nowhere").read();
    expect(read.statusCode).toBe(404);
    expect(read.resource).toBeUndefined();
  });

  test("upsert creates, then replaces", async () => {
    const first = await container.items.upsert({ id: "a", partition: "p" });
    const second = await container.items.upsert({ id: "a", partition: "p" });
    expect([first.statusCode, second.statusCode]).toEqual([201, 200]);
    expect(second.etag).not.toBe(first.etag);
    expect(second.resource?._rid).toBe(first.resource?._rid);
  });

  test("replace changes a document that is there and no other", async () => {
    await container.items.create({ id: "a", partition: "p", n: 1 });
    const { resource } = await item("a").replace({
      id: "a",
      partition: "p",
      n: 2,
    });
    expect(resource).toMatchObject({ n: 2 });
    expect(await statusOf(item("b").replace({ id: "b", partition: "p" }))).toBe(
      404,
    );
    expect(await statusOf(item("a").replace({ id: "z", partition: "p" }))).toBe(
      400,
    );
  });

  test("delete takes a document away", async () => {
    await container.items.create({ id: "a", partition: "p" });
    expect((await item("a").delete()).statusCode).toBe(204);
    expect((await item("a").read()).statusCode).toBe(404);
    expect(await statusOf(item("a").delete())).toBe(404);
  });

  test.each(["ä ö", "a.b~2F:c", "日本", "%41", "a?b#c", "'\""])(
    "an id like %s is kept as it is",
    async (id) => {
      // The SDK refuses ? and # before sending; the service takes them.
      const operation = {
        operationType: "Create",
        partitionKey: id,
        resourceBody: { id, partition: id },
      } as const;
      const [made] = await container.items.executeBulkOperations([operation]);
      expect(made?.response?.statusCode).toBe(201);
      const { resources } = await container.items
        .query(
          {
            query: "SELECT VALUE c.id FROM c WHERE c.id = @id",
            parameters: [{ name: "@id", value: id }],
          },
          { partitionKey: id },
        )
        .fetchAll();
      expect(resources).toEqual([id]);
    },
  );

  test("a missing, null, number or boolean partition key is a key of its own", async () => {
    const keys = [undefined, null, 1, true, "1"];
    for (const [n, partition] of keys.entries())
      await container.items.create({
        id: "a",
        n,
        ...(partition === undefined ? {} : { partition }),
      });
    for (const [n, partition] of keys.entries()) {
      const read = await container.item("a", partition).read();
      expect(read.resource).toMatchObject({ n });
    }
  });

  test("a hierarchical key addresses a document, and its prefix a query", async () => {
    const tree = await platform.aContainer(
      {
        partitionKey: {
          paths: ["/tenant", "/user"],
          kind: PartitionKeyKind.MultiHash,
          version: 2,
        },
      },
      client,
    );
    for (const [tenant, user] of [
      ["t", "u"],
      ["t", "v"],
      ["s", "u"],
    ])
      await tree.items.create({ id: "1", tenant, user });
    expect((await tree.item("1", ["t", "v"]).read()).resource).toMatchObject({
      user: "v",
    });
    const { resources } = await tree.items
      .query("SELECT * FROM c", { partitionKey: ["t"] })
      .fetchAll();
    expect(resources).toHaveLength(2);
  });
});

describe("conditions", () => {
  const condition = (type: "IfMatch" | "IfNoneMatch", etag = '"other"') => ({
    accessCondition: { type, condition: etag },
  });

  test("a read of the version that is known is 304 and carries no body", async () => {
    const { etag } = await container.items.create({ id: "a", partition: "p" });
    const known = await item("a").read(condition("IfNoneMatch", etag));
    expect(known.statusCode).toBe(304);
    expect(known.resource).toBeNull();
    const other = await item("a").read(condition("IfNoneMatch"));
    expect(other.statusCode).toBe(200);
  });

  test("a write with another etag is refused and changes nothing", async () => {
    const { etag } = await container.items.create({ id: "a", partition: "p" });
    const body = { id: "a", partition: "p", n: 2 };
    const stale = condition("IfMatch");
    expect(await statusOf(item("a").replace(body, stale))).toBe(412);
    expect(await statusOf(container.items.upsert(body, stale))).toBe(412);
    expect(await statusOf(item("a").delete(stale))).toBe(412);
    expect(
      await statusOf(
        item("a").patch([{ op: "set", path: "/n", value: 2 }], stale),
      ),
    ).toBe(412);
    expect((await item("a").read()).etag).toBe(etag);
    const fresh = await item("a").replace(body, condition("IfMatch", etag));
    expect(fresh.statusCode).toBe(200);
  });
});

describe("limits", () => {
  test("a document over 2 MB is refused with 413", async () => {
    const size = 2 * 1024 * 1024;
    const large = { id: "a", partition: "p", text: "x".repeat(size) };
    expect(await statusOf(container.items.create(large))).toBe(413);
    const fitting = { id: "a", partition: "p", text: "x".repeat(size - 1000) };
    expect((await container.items.create(fitting)).statusCode).toBe(201);
  });

  test("a body that is too large to be read hears so, and the connection lives", async () => {
    const huge = { id: "a", partition: "p", text: "x".repeat(9 * 1024 * 1024) };
    expect(await statusOf(container.items.create(huge))).toBe(413);
    expect((await container.item("none", "p").read()).statusCode).toBe(404);
  });

  test("a body whose partition key is not the request's is refused", async () => {
    const [result] = await container.items.executeBulkOperations([
      {
        operationType: "Create",
        partitionKey: "q",
        resourceBody: { id: "a", partition: "p" },
      },
    ]);
    expect(result?.error).toMatchObject({ code: 400, substatus: 1001 });
  });

  test("an id with a slash is refused by the service", async () => {
    const [result] = await container.items.executeBulkOperations([
      {
        operationType: "Create",
        partitionKey: "p",
        resourceBody: { id: "a/b", partition: "p" },
      },
    ]);
    expect(result?.error?.code).toBe(400);
  });

  test("a time to live of nothing is refused", async () => {
    expect(
      await statusOf(
        container.items.create({ id: "a", partition: "p", ttl: 0 }),
      ),
    ).toBe(400);
  });
});

describe("time to live", () => {
  test("a document's own time to live ends it, and -1 keeps it", async () => {
    await container.items.create({ id: "short", partition: "p", ttl: 60 });
    await container.items.create({ id: "long", partition: "p", ttl: -1 });
    await container.items.create({ id: "none", partition: "p" });
    await platform.clock.advance(59_000);
    expect((await item("short").read()).statusCode).toBe(200);
    await platform.clock.advance(1000);
    expect((await item("short").read()).statusCode).toBe(404);
    const { resources } = await container.items
      .query("SELECT VALUE c.id FROM c")
      .fetchAll();
    expect(resources).toEqual(["long", "none"]);
    expect(
      (await container.items.create({ id: "short", partition: "p" }))
        .statusCode,
    ).toBe(201);
  });

  test("the container's time to live holds for documents without their own", async () => {
    const short = await platform.aContainer({ defaultTtl: 10 }, client);
    await short.items.create({ id: "a", partition: "p" });
    await short.items.create({ id: "b", partition: "p", ttl: -1 });
    await platform.clock.advance(10_000);
    const { resources } = await short.items
      .query("SELECT VALUE c.id FROM c")
      .fetchAll();
    expect(resources).toEqual(["b"]);
  });

  test("without a default on the container documents do not expire", async () => {
    const off = await platform.aContainer({}, client);
    await off.items.create({ id: "a", partition: "p", ttl: 1 });
    await platform.clock.advance(60_000);
    expect((await off.item("a", "p").read()).statusCode).toBe(200);
  });

  test("what has expired does not come back when the container's time to live is lengthened, nor after a restart", async () => {
    const short = await platform.aContainer({ defaultTtl: 10 }, client);
    await short.items.create({ id: "a", partition: "p" });
    await platform.clock.advance(10_000);
    const { resource } = await short.read();
    if (!resource) throw new Error("The container has a definition.");
    await short.replace({ ...resource, defaultTtl: 100_000 });
    expect((await short.item("a", "p").read()).statusCode).toBe(404);
    await platform.restart();
    expect((await short.item("a", "p").read()).statusCode).toBe(404);
  });
});
