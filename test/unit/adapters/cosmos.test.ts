import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { CosmosClient, type Container } from "@azure/cosmos";
import { storeOver } from "../../../src/adapters/cosmos/operations.ts";
import { documentOf } from "../../../src/domain/documents.ts";
import { fenceOf } from "../../../src/domain/fences.ts";

const FENCE = fenceOf("20260101T000000000Z-abcdef", 1);

let server: Server;
afterEach(() => new Promise((resolve) => server.close(resolve)));

/** A store behind the vendor's client, and the documents that the client sends to it. */
async function aStore() {
  const sent: string[] = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      if (request.method === "POST")
        sent.push(Buffer.concat(chunks).toString());
      const partitionKey = { paths: ["/partition"], kind: "Hash" };
      response
        .writeHead(200, { connection: "close" })
        .end(JSON.stringify({ id: "delays", partitionKey }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const client = new CosmosClient({
    endpoint: `http://127.0.0.1:${port}/`,
    key: "a2V5",
    connectionPolicy: {
      enableEndpointDiscovery: false,
      enableBackgroundEndpointRefreshing: false,
    },
  });
  const container = client.database("assay").container("delays");
  return { store: storeOver(() => Promise.resolve(container)), sent };
}

const writeNameless = async (count: number, kind: "create" | "patch") => {
  const { store, sent } = await aStore();
  const document = documentOf(
    { op: "upsert", key: [""], value: "{}" },
    1,
    FENCE,
  );
  const answers = await store.write(
    "delays",
    Array.from({ length: count }, () => ({
      kind,
      document,
      bytes: 2,
    })),
  );
  return { statuses: answers.map(({ status }) => status), sent };
};

test.each([1, 60])(
  "documents without an id, %i of them, are sent as they are: the service refuses them",
  async (count) => {
    const { sent } = await writeNameless(count, "create");
    expect(sent).toHaveLength(count);
    for (const text of sent) expect(text).toContain('"id":""');
  },
);

test("no document without an id is there to be patched, and that is its own fault", async () => {
  const { statuses, sent } = await writeNameless(60, "patch");
  expect(new Set(statuses)).toEqual(new Set([400]));
  expect(sent).toEqual([]);
});

test("a page that the SDK gives without rows is an empty page", async () => {
  await aStore(); // The client of every test is closed by its server.
  const older = { partition: "ORD", id: "2001-01-01" };
  const pages: { resources?: object[] }[] = [{}, { resources: [older] }, {}];
  const query = {
    hasMoreResults: () => pages.length > 0,
    fetchNext: () => Promise.resolve(pages.shift()),
  };
  const container = { items: { query: () => query } } as unknown as Container;
  const store = storeOver(() => Promise.resolve(container));
  expect(await store.findOlder("delays", FENCE, 10)).toEqual([older]);
  expect(await store.findOlder("delays", FENCE, 10)).toEqual([]);
});
