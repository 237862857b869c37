import type { QueueClient } from "@azure/storage-queue";
import { ManualClock } from "../../../local/src/shared/clock.ts";
import { refusalOf, startLake, type LocalLake } from "../../support/lake.ts";

let lake: LocalLake;
let queue: QueueClient;
const clock = new ManualClock();

beforeAll(async () => {
  lake = await startLake({ clock });
});
beforeEach(async () => {
  queue = lake.queuesAsApp.getQueueClient("work-items");
  await queue.createIfNotExists();
  await queue.clearMessages();
});
afterAll(() => lake.stop());

const texts = async (): Promise<string[]> =>
  (
    await queue.receiveMessages({ numberOfMessages: 32, visibilityTimeout: 30 })
  ).receivedMessageItems.map(({ messageText }) => messageText);

test("a message is put, peeked, got once, hidden, seen again and deleted", async () => {
  await queue.sendMessage("<text> & 'more' ümlaut");
  const peeked = await queue.peekMessages();
  expect(peeked.peekedMessageItems[0]).toMatchObject({
    messageText: "<text> & 'more' ümlaut",
    dequeueCount: 0,
  });
  expect(await texts()).toHaveLength(1);
  expect(await texts()).toHaveLength(0);
  await clock.advance(30_000);
  const { receivedMessageItems } = await queue.receiveMessages();
  const message = receivedMessageItems[0];
  expect(message?.dequeueCount).toBe(2);
  await queue.deleteMessage(
    message?.messageId ?? "",
    message?.popReceipt ?? "",
  );
  await clock.advance(60_000);
  expect(await texts()).toEqual([]);
});

test("an older receipt is refused after the message was got again", async () => {
  await queue.sendMessage("x");
  const first = (await queue.receiveMessages({ visibilityTimeout: 1 }))
    .receivedMessageItems[0];
  await clock.advance(1000);
  await queue.receiveMessages();
  expect(
    await refusalOf(
      queue.deleteMessage(first?.messageId ?? "", first?.popReceipt ?? ""),
    ),
  ).toEqual({ status: 400, code: "PopReceiptMismatch" });
  expect(await refusalOf(queue.deleteMessage("absent", "x"))).toEqual({
    status: 404,
    code: "MessageNotFound",
  });
});

test("an update changes text, visibility and receipt", async () => {
  const sent = await queue.sendMessage("before");
  const updated = await queue.updateMessage(
    sent.messageId,
    sent.popReceipt,
    "after",
    10,
  );
  expect(updated.popReceipt).not.toBe(sent.popReceipt);
  expect(await texts()).toEqual([]);
  await clock.advance(10_000);
  expect(await texts()).toEqual(["after"]);
});

test("messages come in the order they were put, wait for their delay and expire", async () => {
  for (const text of ["1", "2"]) await queue.sendMessage(text);
  await queue.sendMessage("later", { visibilityTimeout: 60 });
  await queue.sendMessage("short", { messageTimeToLive: 5 });
  await clock.advance(5000);
  expect(await texts()).toEqual(["1", "2"]);
  expect((await queue.getProperties()).approximateMessagesCount).toBe(3);
  await clock.advance(55_000);
  expect(await texts()).toEqual(["1", "2", "later"]);
});

test("queues are created, described, listed and deleted", async () => {
  const other = lake.queues.getQueueClient("other-queue");
  await other.create({ metadata: { a: "1" } });
  expect(await refusalOf(other.create({ metadata: { a: "2" } }))).toEqual({
    status: 409,
    code: "QueueAlreadyExists",
  });
  await other.setMetadata({ b: "2" });
  expect(await other.getProperties()).toMatchObject({
    metadata: { b: "2" },
    approximateMessagesCount: 0,
  });
  const names: string[] = [];
  for await (const { name } of lake.queues.listQueues()) names.push(name);
  expect(names).toEqual(["other-queue", "work-items"]);
  await other.delete();
  expect(await refusalOf(other.sendMessage("x"))).toEqual({
    status: 404,
    code: "QueueNotFound",
  });
});

test("limits of the service are kept", async () => {
  expect(await refusalOf(queue.sendMessage("x".repeat(65_537)))).toMatchObject({
    code: "RequestBodyTooLarge",
  });
  expect(
    await refusalOf(queue.receiveMessages({ numberOfMessages: 33 })),
  ).toEqual({ status: 400, code: "OutOfRangeQueryParameterValue" });
});
