import {
  EventHubBufferedProducerClient,
  EventHubConsumerClient,
  EventHubProducerClient,
} from "@azure/event-hubs";
import { ManualClock } from "../../../local/src/shared/clock.ts";
import {
  receive,
  startEventHubs,
  type LocalEventHubs,
} from "../../support/eventHubs.ts";

let hubs: LocalEventHubs;
beforeAll(async () => {
  hubs = await startEventHubs();
});
afterAll(() => hubs.stop());

const once = { retryOptions: { maxRetries: 0, timeoutInMs: 10_000 } };

it("a bearer token of Entra for Event Hubs lets in, at the address that the setting holds", async () => {
  const host = `127.0.0.1:${hubs.port}`;
  const credential = hubs.credential();
  const producer = new EventHubProducerClient(host, "flights", credential);
  await producer.sendBatch([{ body: 1 }], { partitionId: "0" });
  const consumer = new EventHubConsumerClient(
    "assay",
    host,
    "flights",
    credential,
  );
  expect(await receive(consumer, { partitionId: "0", count: 1 })).toHaveLength(
    1,
  );
  await Promise.all([producer.close(), consumer.close()]);
});

it("a bearer token for another service is refused", async () => {
  const producer = new EventHubProducerClient(
    hubs.host,
    "flights",
    hubs.credential("https://storage.azure.com"),
    once,
  );
  await expect(producer.getPartitionIds()).rejects.toMatchObject({
    code: "UnauthorizedError",
  });
  await expect(producer.sendBatch([{ body: 1 }])).rejects.toMatchObject({
    code: "UnauthorizedError",
  });
  await producer.close();
});

it("a wrong key is refused", async () => {
  const key = Buffer.alloc(32).toString("base64");
  for (const connectionString of [
    hubs.connectionString.replace(
      /SharedAccessKey=.*/,
      `SharedAccessKey=${key}`,
    ),
    hubs.connectionString.replace("=Root;", "=Other;"),
  ]) {
    const producer = new EventHubProducerClient(
      connectionString,
      "flights",
      once,
    );
    await expect(producer.getPartitionIds()).rejects.toMatchObject({
      code: "UnauthorizedError",
      message: expect.stringContaining("InvalidSignature") as string,
    });
    await producer.close();
  }
});

it("a token that has run out closes its links and opens no more", async () => {
  const clock = new ManualClock(Date.now());
  const other = await startEventHubs({ clock });
  const consumer = other.consumer("flights");
  const producer = other.producer("flights");
  await producer.sendBatch([{ body: 1 }], { partitionId: "0" });
  const attached = Promise.withResolvers<undefined>();
  const reading = receive(consumer, {
    partitionId: "0",
    count: 2,
    onFirst: () => attached.resolve(undefined),
  });
  const closed = expect(reading).rejects.toMatchObject({
    code: "UnauthorizedError",
    message: expect.stringContaining("ExpiredToken") as string,
  });
  await Promise.race([attached.promise, reading]);
  await clock.advance(61 * 60_000);
  await closed;
  const late = other.producer("flights");
  await expect(late.sendBatch([{ body: 2 }])).rejects.toMatchObject({
    code: "UnauthorizedError",
  });
  const clients = [producer, consumer, late];
  await Promise.all(clients.map((client) => client.close()));
  await other.stop();
});

it("an unknown hub is not found, by every operation", async () => {
  const producer = hubs.producer("nowhere");
  const consumer = hubs.consumer("nowhere");
  const expected = { code: "MessagingEntityNotFoundError", retryable: false };
  await expect(producer.getPartitionIds()).rejects.toMatchObject(expected);
  await expect(producer.sendBatch([{ body: 1 }])).rejects.toMatchObject(
    expected,
  );
  await expect(
    receive(consumer, { partitionId: "0", count: 1 }),
  ).rejects.toMatchObject(expected);
  await Promise.all([producer.close(), consumer.close()]);
});

it("an unknown partition is out of range, by every operation", async () => {
  const producer = hubs.producer("flights");
  const consumer = hubs.consumer("flights");
  const expected = {
    code: "ArgumentOutOfRangeError",
    message: expect.stringContaining("between 0 and 1") as string,
  };
  await expect(producer.getPartitionProperties("7")).rejects.toMatchObject(
    expected,
  );
  await expect(
    producer.sendBatch([{ body: 1 }], { partitionId: "7" }),
  ).rejects.toMatchObject(expected);
  await expect(
    receive(consumer, { partitionId: "7", count: 1 }),
  ).rejects.toMatchObject(expected);
  await Promise.all([producer.close(), consumer.close()]);
});

it("an unknown consumer group is not found", async () => {
  const consumer = hubs.consumer("flights", "nobody");
  await expect(
    receive(consumer, { partitionId: "0", count: 1 }),
  ).rejects.toMatchObject({ code: "MessagingEntityNotFoundError" });
  await consumer.close();
});

it("names of hubs and groups are compared without case", async () => {
  const consumer = hubs.consumer("FLIGHTS", "ASSAY");
  const { name } = await consumer.getEventHubProperties();
  expect(name).toBe("flights");
  await consumer.close();
});

it("an idempotent producer is refused with a clear error", async () => {
  const refused = Promise.withResolvers<unknown>();
  const producer = new EventHubBufferedProducerClient(
    hubs.connectionString,
    "flights",
    {
      ...once,
      enableIdempotentRetries: true,
      onSendEventsErrorHandler: ({ error }) => {
        refused.resolve(error);
      },
    },
  );
  await producer.enqueueEvent({ body: 1 }, { partitionId: "0" });
  expect(await refused.promise).toMatchObject({ code: "NotImplementedError" });
  await producer.close({ flush: false });
});
