import { EventHubConsumerClient } from "@azure/event-hubs";
import { eventHubsOver } from "../../../src/adapters/eventHubs/operations.ts";
import {
  sendAll,
  startEventHubs,
  type LocalEventHubs,
} from "../../support/eventHubs.ts";

let server: LocalEventHubs;
let client: EventHubConsumerClient;

beforeAll(async () => {
  server = await startEventHubs();
  client = new EventHubConsumerClient(
    "$Default",
    server.host,
    "flights",
    server.credential(),
  );
});
afterAll(async () => {
  await client.close();
  await server.stop();
});

test("a hub tells its generation, under the namespace that is configured", async () => {
  const hubs = eventHubsOver(
    () => server.host,
    () => Promise.resolve(client),
  );
  const generation = await hubs.generation("flights");
  expect(generation).toMatchObject({
    namespace: server.host,
    hub: "flights",
    partitions: ["0", "1"],
  });
  expect(await hubs.generation("flights")).toEqual(generation);
});

test("positions tell the last event, and that there is none", async () => {
  const hubs = eventHubsOver(
    () => server.host,
    () => Promise.resolve(client),
  );
  const producer = server.producer("flights");
  await sendAll(
    producer,
    [1, 2, 3].map((body) => ({ body })),
    { partitionId: "1" },
  );
  await producer.close();
  const [empty, filled] = await hubs.positions("flights");
  expect(empty).toEqual({ partition: "0", begin: 0, last: -1 });
  expect(filled).toMatchObject({ partition: "1", begin: 0, last: 2 });
  expect(
    Math.abs(Date.now() - Date.parse(filled?.lastEnqueuedAt ?? "")),
  ).toBeLessThan(60_000);
});
