import {
  earliestEventPosition,
  type EventHubConsumerClient,
  type LastEnqueuedEventProperties,
} from "@azure/event-hubs";
import {
  receive,
  sendAll,
  startEventHubs,
  type LocalEventHubs,
} from "../../support/eventHubs.ts";

let hubs: LocalEventHubs;
const open: EventHubConsumerClient[] = [];
beforeAll(async () => {
  hubs = await startEventHubs({
    hubs: [{ name: "flights", partitions: 4, consumerGroups: ["assay"] }],
  });
  const producer = hubs.producer("flights");
  for (const partitionId of ["0", "1", "2", "3"])
    await sendAll(producer, [{ body: 1 }, { body: 2 }], { partitionId });
  await producer.close();
});
afterAll(async () => {
  await Promise.all(open.map((consumer) => consumer.close()));
  await hubs.stop();
});

/** A receiver that stays: `received` is its first event, `failed` its first error. */
function follow(partitionId: string, ownerLevel?: number, group = "$Default") {
  const consumer = hubs.consumer("flights", group);
  open.push(consumer);
  const received = Promise.withResolvers<LastEnqueuedEventProperties>();
  const failed = Promise.withResolvers<Error & { code?: string }>();
  consumer.subscribe(
    partitionId,
    {
      processEvents: ([event], { lastEnqueuedEventProperties }) => {
        if (event) received.resolve(lastEnqueuedEventProperties ?? {});
        return Promise.resolve();
      },
      processError: (error) => {
        failed.resolve(error);
        return Promise.resolve();
      },
    },
    {
      startPosition: earliestEventPosition,
      trackLastEnqueuedEventProperties: true,
      ...(ownerLevel !== undefined && { ownerLevel }),
    },
  );
  return { received: received.promise, failed: failed.promise };
}

it("a higher owner level takes the partition over", async () => {
  const lower = follow("0", 1);
  await lower.received;
  const higher = follow("0", 2);
  await higher.received;
  expect(await lower.failed).toMatchObject({
    code: "ReceiverDisconnectedError",
  });
});

it("the same owner level takes the partition over, as after a restart", async () => {
  const earlier = follow("1", 3);
  await earlier.received;
  await follow("1", 3).received;
  expect((await earlier.failed).code).toBe("ReceiverDisconnectedError");
});

it("a lower owner level, or none, is refused while a higher one reads", async () => {
  await follow("2", 5).received;
  const { message, code } = await follow("2", 4).failed;
  expect(code).toBe("ReceiverDisconnectedError");
  expect(message).toContain("with a higher epoch '5' already exists");
  expect((await follow("2").failed).message).toContain(
    "created with epoch of '5', and so non-epoch receiver is not allowed",
  );
});

it("owner levels of one consumer group do not concern another", async () => {
  await follow("2", 5).received;
  await follow("2", 1, "assay").received;
});

it("a sixth receiver without an owner level is refused", async () => {
  for (let number = 1; number <= 5; number += 1) await follow("3").received;
  expect(await follow("3").failed).toMatchObject({
    code: "QuotaExceededError",
    message: expect.stringContaining("which is 5") as string,
  });
});

it("a receiver that asks for it hears how far the partition has got", async () => {
  const last = await follow("2", 9).received;
  expect(last.sequenceNumber).toBe(1);
  expect(last.enqueuedOn).toBeInstanceOf(Date);
  const consumer = hubs.consumer("flights");
  open.push(consumer);
  const { lastEnqueuedOffset } = await consumer.getPartitionProperties("2");
  expect(last.offset).toBe(lastEnqueuedOffset);
});

it("two consumer groups both get every event", async () => {
  for (const group of ["$Default", "assay"]) {
    const consumer = hubs.consumer("flights", group);
    open.push(consumer);
    const ownerLevel = 20;
    const events = await receive(consumer, {
      partitionId: "0",
      count: 2,
      ownerLevel,
    });
    expect(events.map(({ body }) => body as unknown)).toEqual([1, 2]);
  }
});
