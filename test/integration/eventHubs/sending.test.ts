import { EventHubBufferedProducerClient } from "@azure/event-hubs";
import {
  receive,
  sendAll,
  startEventHubs,
  type LocalEventHubs,
} from "../../support/eventHubs.ts";

let hubs: LocalEventHubs;
beforeAll(async () => {
  hubs = await startEventHubs({
    hubs: ["batches", "keys", "buffered", "turns", "sizes"].map((name) => ({
      name,
      partitions: 4,
      consumerGroups: [],
    })),
  });
});
afterAll(() => hubs.stop());

// What is missing shows in the counts.
const onSendEventsErrorHandler = () => undefined;

const bodies = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ body: { index } }));

it("an event comes back with its body, its properties and its place", async () => {
  const producer = hubs.producer("batches");
  const consumer = hubs.consumer("batches");
  const before = Date.now();
  await producer.sendBatch(
    [
      { body: { a: 1 }, properties: { source: "x" }, messageId: "m-1" },
      { body: Buffer.from([0, 255]), contentType: "application/octet-stream" },
      { body: "text", correlationId: "c-1" },
    ],
    { partitionId: "3" },
  );
  const events = await receive(consumer, { partitionId: "3", count: 3 });
  expect(events.map(({ body }) => body as unknown)).toEqual([
    { a: 1 },
    Buffer.from([0, 255]),
    "text",
  ]);
  expect(events[0]).toMatchObject({
    properties: { source: "x" },
    messageId: "m-1",
    sequenceNumber: 0,
  });
  expect(events[1]?.contentType).toBe("application/octet-stream");
  expect(events[2]?.correlationId).toBe("c-1");
  expect(events.map(({ sequenceNumber }) => sequenceNumber)).toEqual([0, 1, 2]);
  expect(typeof events[0]?.offset).toBe("string");
  expect(events[0]?.enqueuedTimeUtc.getTime()).toBeGreaterThanOrEqual(before);
  const partition = await producer.getPartitionProperties("3");
  expect(partition).toMatchObject({
    beginningSequenceNumber: 0,
    lastEnqueuedSequenceNumber: 2,
    lastEnqueuedOffset: events[2]?.offset,
    isEmpty: false,
  });
  await Promise.all([producer.close(), consumer.close()]);
});

it("a partition key always leads to the same partition, the one that buffered producers compute", async () => {
  const producer = hubs.producer("keys");
  const keys = ["ORD", "device-7", "äöü", "a-longer-key-of-many-blocks"];
  for (const partitionKey of keys)
    await sendAll(producer, [{ body: partitionKey }], { partitionKey });
  const buffered = new EventHubBufferedProducerClient(
    hubs.connectionString,
    "keys",
    { onSendEventsErrorHandler },
  );
  for (const partitionKey of keys)
    await buffered.enqueueEvent({ body: partitionKey }, { partitionKey });
  await buffered.close();

  const consumer = hubs.consumer("keys");
  let found = 0;
  for (const partitionId of await consumer.getPartitionIds()) {
    const { lastEnqueuedSequenceNumber } =
      await consumer.getPartitionProperties(partitionId);
    const count = lastEnqueuedSequenceNumber + 1;
    if (count === 0) continue;
    const events = await receive(consumer, { partitionId, count });
    const received = events.map(({ body }) => body as string);
    for (const key of new Set(received))
      expect(received.filter((other) => other === key)).toHaveLength(2);
    found += count;
  }
  expect(found).toBe(2 * keys.length);
  await Promise.all([producer.close(), consumer.close()]);
});

it("a buffered producer's events all arrive", async () => {
  const buffered = new EventHubBufferedProducerClient(
    hubs.connectionString,
    "buffered",
    { onSendEventsErrorHandler },
  );
  for (const event of bodies(500)) await buffered.enqueueEvent(event);
  await buffered.close();
  const consumer = hubs.consumer("buffered");
  const partitions = await Promise.all(
    (await consumer.getPartitionIds()).map((id) =>
      consumer.getPartitionProperties(id),
    ),
  );
  expect(
    partitions.reduce(
      (sum, { lastEnqueuedSequenceNumber }) =>
        sum + lastEnqueuedSequenceNumber + 1,
      0,
    ),
  ).toBe(500);
  await consumer.close();
});

it("batches without a key go to the partitions in turn, and a batch stays together", async () => {
  const producer = hubs.producer("turns");
  for (let round = 0; round < 8; round += 1) await sendAll(producer, bodies(3));
  for (const partitionId of ["0", "1", "2", "3"]) {
    const { lastEnqueuedSequenceNumber } =
      await producer.getPartitionProperties(partitionId);
    expect(lastEnqueuedSequenceNumber).toBe(5);
  }
  await producer.close();
});

it("a batch may be as large as 1 MiB, and one event as large as fits into it", async () => {
  const producer = hubs.producer("sizes");
  const consumer = hubs.consumer("sizes");
  const batch = await producer.createBatch({ partitionId: "0" });
  expect(batch.maxSizeInBytes).toBe(1_048_576);
  const body = Buffer.alloc(1_048_000, 7);
  expect(batch.tryAdd({ body })).toBe(true);
  await producer.sendBatch(batch);
  const [event] = await receive(consumer, { partitionId: "0", count: 1 });
  expect(body.equals(event?.body as Buffer)).toBe(true);
  await Promise.all([producer.close(), consumer.close()]);
});

it("more than 1 MiB is refused, and the link goes on", async () => {
  const producer = hubs.producer("sizes");
  const events = [{ body: Buffer.alloc(1_048_576) }];
  await expect(
    producer.sendBatch(events, { partitionId: "1" }),
  ).rejects.toMatchObject({ code: "MessageTooLargeError", retryable: false });
  await producer.sendBatch([{ body: 1 }], { partitionId: "1" });
  const { lastEnqueuedSequenceNumber } =
    await producer.getPartitionProperties("1");
  expect(lastEnqueuedSequenceNumber).toBe(0);
  await producer.close();
});
