import { once } from "node:events";
import type { ReceivedEventData } from "@azure/event-hubs";
import rhea, { type EventContext, type Message } from "rhea";
import {
  publicationOf,
  BATCH_FORMAT,
} from "../../../local/src/services/eventHubs/amqp/event.ts";
import {
  receive,
  sasToken,
  startEventHubs,
  type LocalEventHubs,
} from "../../support/eventHubs.ts";

let hubs: LocalEventHubs;
beforeAll(async () => {
  hubs = await startEventHubs();
});
afterAll(() => hubs.stop());

async function roundTrip(partitionId: string): Promise<ReceivedEventData[]> {
  const consumer = hubs.consumer("flights");
  try {
    return await receive(consumer, { partitionId, count: 3 });
  } finally {
    await consumer.close();
  }
}

it("bodies that are AMQP values and sequences, as JMS sends them, are delivered as they are", async () => {
  const producer = hubs.producer("flights");
  await producer.sendBatch(
    [
      { bodyType: "value", body: "a JMS text" },
      { bodyType: "sequence", body: [[1, "two"], [3]] },
      { bodyType: "value", body: { key: 5 } },
    ].map((message) => ({ ...message, bodyType: message.bodyType as "value" })),
    { partitionId: "0" },
  );
  const events = await roundTrip("0");
  expect(
    events.map((event) => event.getRawAmqpMessage().bodyType as string),
  ).toEqual(["value", "sequence", "value"]);
  expect(events.map(({ body }) => body as unknown)).toEqual([
    "a JMS text",
    [[1, "two"], [3]],
    { key: 5 },
  ]);
  await producer.close();
});

it("sections are stored as the bytes they came in, whatever their types", () => {
  const { message, types } = rhea;
  const encoded = message.encode({
    durable: true,
    priority: 7,
    application_properties: { short: types.wrap_short(5), unset: null },
    body: types.wrap_ubyte(9),
  });
  const [event] = publicationOf(encoded, 0).events;
  const bytes = Buffer.alloc(event?.maxBytes ?? 0);
  const end = event?.write(bytes, 0, { sequence: 5, offset: 77, at: 9 });
  const stored = bytes.subarray(0, end);
  const header = encoded.subarray(0, stored.indexOf(Buffer.from([0x72])) - 2);
  expect(stored.subarray(0, header.length)).toEqual(header);
  expect(stored.subarray(-(encoded.length - header.length))).toEqual(
    encoded.subarray(header.length),
  );
  expect(message.decode(stored)["message_annotations"]).toEqual({
    "x-opt-sequence-number": 5,
    "x-opt-enqueued-time": new Date(9),
    "x-opt-offset": "77",
  });
});

it("a sender's own annotations are kept, except those that are the service's", () => {
  const { message } = rhea;
  const inner = message.encode({
    message_annotations: { "x-opt-sequence-number": 99, "x-mine": "kept" },
    body: "x",
  });
  const batch = message.encode({
    message_annotations: { "x-opt-partition-key": "ORD" },
    body: message.data_sections([inner, inner]) as unknown,
  });
  const { partitionKey, events } = publicationOf(batch, BATCH_FORMAT);
  expect(partitionKey).toBe("ORD");
  expect(events).toHaveLength(2);
  const bytes = Buffer.alloc(events[0]?.maxBytes ?? 0);
  const end = events[0]?.write(bytes, 0, { sequence: 1, offset: 2, at: 3 });
  expect(
    message.decode(bytes.subarray(0, end))["message_annotations"],
  ).toMatchObject({
    "x-opt-sequence-number": 1,
    "x-mine": "kept",
    "x-opt-partition-key": "ORD",
  });
});

it.each([
  ["nothing but a number", Buffer.from([5])],
  ["a section that ends early", Buffer.from([0, 0x53, 0x75, 0xa0, 9, 1])],
  ["a section that is none", Buffer.from([0, 0x53, 0x10, 0x45])],
])("%s is not taken for a message", (_, bytes) => {
  expect(() => publicationOf(bytes, 0)).toThrow("not an encoded AMQP 1.0");
});

it("a client of another kind, with plain messages and small frames, is served as well", async () => {
  const container = rhea.create_container();
  const connection = container.connect({
    transport: "tls",
    host: "localhost",
    port: hubs.port,
    username: "any",
    max_frame_size: 512,
    reconnect: false,
  });
  const done = Promise.withResolvers<Message[]>();
  const received: Message[] = [];
  connection.on("message", ({ message, receiver }: EventContext) => {
    if (!message) return;
    if (receiver?.source.address === "$cbs") {
      sendEvents();
      return;
    }
    received.push(message);
    if (received.length === 2) done.resolve(received);
  });
  function sendEvents(): void {
    const sender = connection.open_sender("flights/Partitions/1");
    sender.once("sendable", () => {
      sender.send({ body: "plain" });
      sender.send({ body: "z".repeat(5000) });
      connection.open_receiver("flights/ConsumerGroups/assay/Partitions/1");
    });
  }
  const token = sasToken(hubs.stateDir, "sb://localhost/flights");
  connection.open_receiver({ source: "$cbs", name: "answers" });
  const requests = connection.open_sender("$cbs");
  requests.once("sendable", () =>
    requests.send({
      reply_to: "answers",
      message_id: 1,
      application_properties: {
        operation: "put-token",
        type: "servicebus.windows.net:sastoken",
        name: "sb://localhost/flights",
      },
      body: token,
    }),
  );
  const [plain, large] = await done.promise;
  expect(plain?.body).toBe("plain");
  expect(large?.body).toBe("z".repeat(5000));
  expect(plain?.message_annotations?.["x-opt-sequence-number"]).toBe(0);
  const closed = once(connection, "connection_close");
  connection.close();
  await closed;
});

it("descriptors nested as deep as a message is long are no message, and no overflow", () => {
  expect(() => publicationOf(Buffer.alloc(300_000), 0)).toThrow(
    "it ends within a value",
  );
});
