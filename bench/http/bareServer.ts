/**
 * Side B of the HTTP bench: `node:http` and the same point read by the same SDK, nothing between.
 * GET /partition/id answers the row as our API does. Prints one line, `listening <port>`.
 *
 * Settings, as the app has them: COSMOS_ENDPOINT, COSMOS_DATABASE, IDENTITY_ENDPOINT, IDENTITY_HEADER;
 * besides COSMOS_CONTAINER and PORT (0: any).
 */
import { createServer } from "node:http";
import { CosmosClient } from "@azure/cosmos";
import { ManagedIdentityCredential } from "@azure/identity";

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "")
    throw new Error(`${name} is not set.`);
  return value;
}

// The options of src/adapters/cosmos/client.ts: the SDK's own agent keeps connections.
const container = new CosmosClient({
  endpoint: setting("COSMOS_ENDPOINT"),
  aadCredentials: new ManagedIdentityCredential(),
})
  .database(setting("COSMOS_DATABASE"))
  .container(setting("COSMOS_CONTAINER"));

async function read(url: string): Promise<string | undefined> {
  const [, partition = "", id = ""] = url.split("/").map(decodeURIComponent);
  const { resource } = await container
    .item(id, partition)
    .read<{ value: object; batch: number }>();
  if (!resource) return undefined;
  const { value, batch } = resource;
  return JSON.stringify({
    ...TABLE,
    key: [partition, id],
    value,
    asOf: { batch },
  });
}

/** The words around a row in our API's answer: both sides of the bench send the same bytes. */
const TABLE = { pipeline: "flights", table: "airport_delays" };

const server = createServer((request, response) => {
  read(request.url ?? "").then(
    (body) => {
      response.writeHead(body === undefined ? 404 : 200, {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body ?? ""),
      });
      response.end(body);
    },
    (error: unknown) => {
      response.writeHead(500).end(String(error));
    },
  );
});

server.listen(Number(process.env["PORT"] ?? "0"), "127.0.0.1", () => {
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  process.stdout.write(`listening ${String(port)}\n`);
});
