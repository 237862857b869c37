import { latestEventPosition, type EventPosition } from "@azure/event-hubs";
import { ManualClock } from "../../../local/src/shared/clock.ts";
import {
  receive,
  sendAll,
  startEventHubs,
  type LocalEventHubs,
} from "../../support/eventHubs.ts";

const START = Date.now();
const SECOND = 1000;
let hubs: LocalEventHubs;
let offsets: string[];

/** Ten events, two a second. */
beforeAll(async () => {
  const clock = new ManualClock(START);
  hubs = await startEventHubs({ clock });
  const producer = hubs.producer("flights");
  for (let index = 0; index < 10; index += 2) {
    const pair = [{ body: index }, { body: index + 1 }];
    await sendAll(producer, pair, { partitionId: "0" });
    await clock.advance(SECOND);
  }
  await producer.close();
  const events = await read({ offset: "-1" }, 10);
  offsets = events.map(({ offset }) => offset);
});
afterAll(() => hubs.stop());

async function read(startPosition: EventPosition, count: number) {
  const consumer = hubs.consumer("flights");
  try {
    return await receive(consumer, { partitionId: "0", count, startPosition });
  } finally {
    await consumer.close();
  }
}

const sequences = async (position: EventPosition, count: number) =>
  (await read(position, count)).map(({ sequenceNumber }) => sequenceNumber);

it("a receiver begins after a sequence number, or with it", async () => {
  expect(await sequences({ sequenceNumber: 6 }, 3)).toEqual([7, 8, 9]);
  expect(await sequences({ sequenceNumber: 6, isInclusive: true }, 4)).toEqual([
    6, 7, 8, 9,
  ]);
});

it("a receiver begins after an offset, or with it", async () => {
  const offset = offsets[3] ?? "";
  expect(await sequences({ offset }, 6)).toEqual([4, 5, 6, 7, 8, 9]);
  expect((await sequences({ offset, isInclusive: true }, 7))[0]).toBe(3);
});

it("a receiver begins after a time", async () => {
  const enqueuedOn = START + 2 * SECOND;
  expect(await sequences({ enqueuedOn }, 4)).toEqual([6, 7, 8, 9]);
  expect((await sequences({ enqueuedOn: START - 1 }, 10))[0]).toBe(0);
});

it("a receiver that begins at the end gets only what comes later", async () => {
  const consumer = hubs.consumer("flights");
  const producer = hubs.producer("flights");
  const later = receive(consumer, {
    partitionId: "1",
    count: 1,
    startPosition: latestEventPosition,
  });
  let isRead = false;
  const sending = async (): Promise<void> => {
    for (let body = 0; !isRead; body += 1)
      await producer.sendBatch([{ body }], { partitionId: "1" });
  };
  const [[first]] = await Promise.all([
    later.finally(() => (isRead = true)),
    sending(),
  ]);
  expect(first?.sequenceNumber).toBeGreaterThanOrEqual(0);
  await Promise.all([producer.close(), consumer.close()]);
});

it("a position that the partition has not reached is refused, as after a hub was created anew", async () => {
  await expect(read({ sequenceNumber: 10 }, 1)).rejects.toThrow(
    "The supplied sequence number '10' is invalid. The last sequence number in the system is '9'",
  );
  await expect(read({ offset: "999999" }, 1)).rejects.toMatchObject({
    code: "ArgumentError",
  });
});
