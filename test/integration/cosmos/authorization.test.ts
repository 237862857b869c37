import { ConsistencyLevel, CosmosClient } from "@azure/cosmos";
import { sharedKey } from "../../../local/src/shared/keys.ts";
import {
  startCosmos,
  statusOf,
  type LocalCosmos,
} from "../../support/cosmos.ts";

let platform: LocalCosmos;

beforeAll(async () => {
  platform = await startCosmos({
    provision: {
      database: "assay",
      containers: [
        {
          name: "flights_delays",
          partitionKey: "/partition",
          defaultTtlSeconds: -1,
        },
      ],
    },
  });
});
afterAll(() => platform.stop());

describe("authorization", () => {
  test("a wrong key is 401", async () => {
    const client = platform.withKey({
      key: Buffer.from("wrong").toString("base64"),
    });
    expect(await statusOf(client.databases.readAll().fetchAll())).toBe(401);
  });

  test("a token for another resource is 401", async () => {
    const client = platform.withToken({
      aadScope: "https://storage.azure.com/.default",
    });
    expect(await statusOf(client.database("assay").read())).toBe(401);
  });

  test("a token that nobody here issued is 401", async () => {
    const client = platform.withToken({
      aadCredentials: {
        getToken: () =>
          Promise.resolve({
            token: "x.y.z",
            expiresOnTimestamp: Date.now() + 3_600_000,
          }),
      },
    });
    expect(await statusOf(client.database("assay").read())).toBe(401);
  });

  test("with a token the SDK asks for the endpoint's own scope, and the general one is taken too", async () => {
    const scopes: string[] = [];
    const aadCredentials = {
      getToken: (scope: string | string[]) => {
        scopes.push(...[scope].flat());
        return Promise.resolve({
          token: "x.y.z",
          expiresOnTimestamp: Date.now() + 3_600_000,
        });
      },
    };
    await statusOf(
      platform.withToken({ aadCredentials }).database("assay").read(),
    );
    expect(scopes[0]).toBe(`${platform.endpoint.replace(/\/$/, "")}/.default`);
    const general = platform.withToken({
      aadScope: "https://cosmos.azure.com/.default",
    });
    expect((await general.database("assay").read()).statusCode).toBe(200);
  });

  test("a bearer token is not sent without TLS", async () => {
    const client = new CosmosClient({
      endpoint: platform.endpoint.replace("https", "http"),
      aadCredentials: {
        getToken: () =>
          Promise.resolve({
            token: "x",
            expiresOnTimestamp: Date.now() + 3_600_000,
          }),
      },
    });
    await expect(client.database("assay").read()).rejects.toThrow(/non-TLS/);
    client.dispose();
  });
});

describe("with an Entra token", () => {
  test("the data plane of the provisioned container is open, metadata can be read", async () => {
    const database = platform.withToken().database("assay");
    const container = database.container("flights_delays");
    await container.items.create({ id: "a", partition: "p" });
    expect((await container.item("a", "p").read()).statusCode).toBe(200);
    const { resource } = await container.read();
    expect(resource).toMatchObject({
      defaultTtl: -1,
      partitionKey: { paths: ["/partition"] },
    });
    expect(
      (await container.readPartitionKeyRanges().fetchAll()).resources,
    ).toHaveLength(1);
    await database.containers.createIfNotExists({ id: "flights_delays" });
  });

  test("databases, containers and throughput cannot be changed: 403, substatus 5300", async () => {
    const client = platform.withToken();
    const database = client.database("assay");
    const container = database.container("flights_delays");
    const refused = { code: 403, substatus: 5300 };
    await expect(client.databases.create({ id: "x" })).rejects.toMatchObject(
      refused,
    );
    await expect(
      client.databases.createIfNotExists({ id: "x" }),
    ).rejects.toMatchObject(refused);
    await expect(database.delete()).rejects.toMatchObject(refused);
    await expect(
      database.containers.create({ id: "x", partitionKey: "/p" }),
    ).rejects.toMatchObject(refused);
    await expect(
      container.replace({
        id: "flights_delays",
        partitionKey: { paths: ["/partition"] },
      }),
    ).rejects.toMatchObject(refused);
    await expect(container.delete()).rejects.toMatchObject(refused);
    await expect(container.readOffer()).rejects.toMatchObject(refused);
    await expect(
      container.scripts.storedProcedures.readAll().fetchAll(),
    ).rejects.toMatchObject(refused);
  });
});

describe("the control plane with the key", () => {
  test("databases and containers are created, listed, queried, replaced and deleted", async () => {
    const client = platform.withKey();
    const { database } = await client.databases.create({ id: "d" });
    expect(await statusOf(client.databases.create({ id: "d" }))).toBe(409);
    const { container } = await database.containers.create({
      id: "c",
      partitionKey: { paths: ["/k"] },
    });
    const ids = async () =>
      (await database.containers.readAll().fetchAll()).resources.map(
        ({ id }) => id,
      );
    expect(await ids()).toEqual(["c"]);
    const query = {
      query: "SELECT * FROM r WHERE r.id = @id",
      parameters: [{ name: "@id", value: "d" }],
    };
    expect(
      (await client.databases.query(query).fetchAll()).resources,
    ).toHaveLength(1);
    const replaced = await container.replace({
      id: "c",
      partitionKey: { paths: ["/k"] },
      defaultTtl: 5,
    });
    expect(replaced.resource?.defaultTtl).toBe(5);
    const moved = container.replace({
      id: "c",
      partitionKey: { paths: ["/other"] },
    });
    expect(await statusOf(moved)).toBe(400);
    await platform.restart();
    expect((await container.read()).resource?.defaultTtl).toBe(5);
    await container.items.create({ id: "a", k: 1 });
    await container.delete();
    expect(await ids()).toEqual([]);
    expect(await statusOf(container.items.create({ id: "a", k: 1 }))).toBe(404);
    await database.delete();
    expect(
      await client
        .database("d")
        .read()
        .catch((error: unknown) => error),
    ).toMatchObject({ code: 404 });
  });

  test("what a container cannot do here is refused when it is asked for", async () => {
    const { database } = await platform
      .withKey()
      .databases.createIfNotExists({ id: "d2" });
    const unique = database.containers.create({
      id: "c",
      partitionKey: { paths: ["/k"] },
      uniqueKeyPolicy: { uniqueKeys: [{ paths: ["/a"] }] },
    });
    expect(await statusOf(unique)).toBe(400);
  });

  test("stored procedures are refused with a clear message", async () => {
    const { scripts } = platform
      .withKey()
      .database("assay")
      .container("flights_delays");
    await expect(
      scripts.storedProcedures.create({ id: "s", body: "function(){}" }),
    ).rejects.toMatchObject({
      code: 400,
      message: expect.stringContaining("stored procedures") as string,
    });
  });
});

describe("sessions", () => {
  test("a reader who has seen more than this state holds is told so", async () => {
    const container = platform
      .withKey({
        consistencyLevel: ConsistencyLevel.Session,
        connectionPolicy: { enableEndpointDiscovery: false },
      })
      .database("assay")
      .container("flights_delays");
    await container.items.upsert({ id: "s", partition: "p" });
    expect((await container.item("s", "p").read()).statusCode).toBe(200);
    const ahead = await container
      .item("s", "p")
      .read({ sessionToken: "0:-1#999999" });
    expect(ahead.statusCode).toBe(404);
    expect(ahead.substatus).toBe(1002);
  });
});

test("the account's key is the one of this state", () => {
  expect(Buffer.from(sharedKey(platform.stateDir), "base64")).toHaveLength(32);
});
