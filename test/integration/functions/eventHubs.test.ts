import { jest } from "@jest/globals";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EventHubProducerClient, type EventData } from "@azure/event-hubs";
import rhea from "rhea";
import { bodiesOf } from "../../../src/sources/hub/bodies.ts";
import { startCloud, type Cloud } from "../../support/functions/cloud.ts";
import {
  appDir,
  startHost,
  type HostOptions,
  type RunningHost,
} from "../../support/functions/host.ts";

// A host is a process of its own: on a busy machine it takes seconds to start.
jest.setTimeout(60_000);

interface Call {
  function: string;
  value: unknown;
  triggerMetadata: Record<string, unknown>;
  retryContext: { retryCount: number; maxRetryCount: number } | null;
}

let cloud: Cloud;
let hubs = 0;
const TESTS = 19;

beforeAll(async () => {
  cloud = await startCloud({
    hubs: Array.from({ length: TESTS }, (_, index) => ({
      name: `hub${index + 1}`,
      partitions: 1,
      consumerGroups: ["first"],
    })),
  });
});
afterAll(async () => {
  await cloud.stop();
});

/** Rhea has decimals, and its typings leave them out. */
const decimals = rhea.types as unknown as Record<
  "Decimal32" | "Decimal64" | "Decimal128",
  (bytes: Buffer) => object
>;

/** A hub of its own for a test, and what sends to it. */
function freshHub(): {
  readonly hub: string;
  readonly send: (...events: unknown[]) => Promise<void>;
} {
  hubs += 1;
  const hub = `hub${hubs}`;
  return {
    hub,
    send: async (...events) => {
      const producer = new EventHubProducerClient(
        cloud.eventHubsConnectionString,
        hub,
      );
      await producer.sendBatch(
        events.map((event) =>
          typeof event === "object" && event !== null && "body" in event
            ? (event as EventData)
            : { body: event },
        ),
        { partitionKey: "K1" },
      );
      await producer.close();
    },
  };
}

const start = (
  hub: string,
  name: string,
  options: Partial<HostOptions> = {},
): Promise<RunningHost> =>
  startHost({
    appDir: appDir("events"),
    stateDir: mkdtempSync(join(tmpdir(), "assay-host-")),
    ...options,
    settings: {
      ...cloud.settings,
      ...options.settings,
      HUB: hub,
      CASE: name,
    },
  });

const callsOf = (host: RunningHost, count: number): Promise<Call[]> =>
  host.until<Call[]>("/api/calls", ({ length }) => length >= count);

/** The binding fails, as the host says, and the function is not called. */
async function isRefused(host: RunningHost, words: string): Promise<void> {
  await host.logged(({ message = "" }) => message.includes(words));
  expect(await callsOf(host, 0)).toEqual([]);
  await host.stop();
}

/** What host.json would say of `extensions.eventHubs`. */
const saying = (options: Readonly<Record<string, number | string>>) => ({
  settings: Object.fromEntries(
    Object.entries(options).map(([name, value]) => [
      `AzureFunctionsJobHost__extensions__eventHubs__${name}`,
      String(value),
    ]),
  ),
});
const waiting = (minEventBatchSize: number, maxWaitTime: string) =>
  saying({ minEventBatchSize, maxWaitTime });

test("fewer events than the least size wait for maxWaitTime", async () => {
  const { hub, send } = freshHub();
  const host = await start(hub, "text", waiting(10, "00:00:02"));
  const sentAt = Date.now();
  await send("a", "b");
  const [call] = await callsOf(host, 1);
  expect(Date.now() - sentAt).toBeGreaterThanOrEqual(2_000);
  expect(call?.value).toEqual(["a", "b"]);
  await host.stop();
});

test("as many events as the least size wait for nothing, however few of them come at once", async () => {
  const { hub, send } = freshHub();
  const host = await start(hub, "text", waiting(10, "01:00:00"));
  const texts = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
  for (const text of texts) await send(text);
  expect(await callsOf(host, 0)).toEqual([]);
  await send("j");
  const [call] = await callsOf(host, 1);
  expect(call?.value).toEqual([...texts, "j"]);
  await host.stop();
});

test("however little is fetched ahead, a batch reaches its least size, also behind one that did not", async () => {
  const { hub, send } = freshHub();
  const host = await start(
    hub,
    "text",
    saying({
      minEventBatchSize: 10,
      maxWaitTime: "00:00:02",
      prefetchCount: 2,
    }),
  );
  await send("a", "b", "c");
  await callsOf(host, 1);
  const texts = ["d", "e", "f", "g", "h", "i", "j", "k", "l", "m"];
  await send(...texts);
  const calls = await callsOf(host, 2);
  await host.stop();
  expect(calls.map(({ value }) => value)).toEqual([["a", "b", "c"], texts]);
});

test("binary events arrive as their bytes, with arrays of binding data in their order", async () => {
  const { hub, send } = freshHub();
  await send(
    {
      body: Buffer.from([0xff, 1]),
      properties: { TenantId: "x" },
      messageId: "m1",
    },
    Buffer.from("two"),
  );
  const host = await start(hub, "binary");
  const [call] = await callsOf(host, 1);
  await host.stop();
  expect(call?.value).toEqual([{ bytes: "/wE=" }, { bytes: "dHdv" }]);
  const metadata = call?.triggerMetadata;
  expect(metadata).toMatchObject({
    partitionContext: {
      eventHubName: hub,
      consumerGroup: "first",
      partitionId: "0",
    },
    partitionKeyArray: ["K1", "K1"],
    sequenceNumberArray: [0, 1],
    propertiesArray: [{ tenantId: "x" }, {}],
    systemPropertiesArray: [
      { sequenceNumber: 0, "message-id": "m1", partitionKey: "K1" },
      { sequenceNumber: 1, "x-opt-sequence-number": 1 },
    ],
  });
  // No Z: Node reads it as local time.
  for (const time of metadata?.["enqueuedTimeUtcArray"] as string[])
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?$/);
  for (const offset of metadata?.["offsetArray"] as unknown[])
    expect(typeof offset).toBe("number");
});

const texts = ["42", "null", "1e3", '"x"', "", "plain", '{"a":1}'].map((text) =>
  Buffer.from(text),
);

test("texts are guessed to be JSON, and empty ones are dropped", async () => {
  const { hub, send } = freshHub();
  await send(...texts);
  const host = await start(hub, "text");
  const [call] = await callsOf(host, 1);
  await host.stop();
  expect(call?.value).toEqual([42, null, 1000, "x", "plain", { a: 1 }]);
  expect(call?.triggerMetadata["sequenceNumberArray"]).toHaveLength(7);
});

test("empty texts are kept with the capability that says so", async () => {
  const { hub, send } = freshHub();
  await send(...texts);
  const host = await start(hub, "keeping");
  const [call] = await callsOf(host, 1);
  await host.stop();
  expect(call?.value).toHaveLength(7);
});

test("64-bit integers arrive as low and high where the switch says so", async () => {
  const { hub, send } = freshHub();
  await send("a");
  const host = await start(hub, "binary", { longs: true });
  const [call] = await callsOf(host, 1);
  await host.stop();
  expect(call?.triggerMetadata["sequenceNumberArray"]).toEqual([
    { low: 0, high: 0, unsigned: false },
  ]);
});

test("without cardinality many each event comes alone, its JSON merged into the binding data", async () => {
  const { hub, send } = freshHub();
  await send({ body: { Kind: "a", list: [1], ok: true } }, "plain");
  const host = await start(hub, "single");
  const [first, second] = await callsOf(host, 2);
  await host.stop();
  expect(first?.value).toEqual({ Kind: "a", list: [1], ok: true });
  expect(first?.triggerMetadata).toMatchObject({
    sequenceNumber: 0,
    kind: "a",
    ok: "True",
  });
  expect(first?.triggerMetadata).not.toHaveProperty("list");
  expect(second?.value).toBe("plain");
});

test("a batch that fails without a retry policy is passed over, and a restart goes on behind it", async () => {
  const { hub, send } = freshHub();
  const stateDir = mkdtempSync(join(tmpdir(), "assay-host-"));
  await send("first");
  let host = await start(hub, "failing", { stateDir });
  expect((await callsOf(host, 1))[0]?.value).toEqual(["first"]);
  await host.stop();
  await send("second");
  host = await start(hub, "failing", { stateDir });
  const calls = await callsOf(host, 1);
  await host.kill();
  expect(calls.map(({ value }) => value)).toEqual([["second"]]);
});

test("a retry policy gives the same batch again with its context, and the checkpoint only after the last try", async () => {
  const { hub, send } = freshHub();
  await send("again");
  const host = await start(hub, "retried");
  const first = await callsOf(host, 3);
  await send("next");
  const calls = await callsOf(host, 6);
  await host.stop();
  expect(first.map(({ value }) => value)).toEqual([
    ["again"],
    ["again"],
    ["again"],
  ]);
  expect(calls.map(({ retryContext }) => retryContext?.retryCount)).toEqual([
    undefined,
    1,
    2,
    undefined,
    1,
    2,
  ]);
  expect(calls[1]?.retryContext).toMatchObject({
    maxRetryCount: 2,
    exception: { message: "no good" },
  });
});

test("an AMQP body that is no data fails the binding, and the function is not called", async () => {
  const { hub, send } = freshHub();
  await send({ bodyType: "value", body: { a: 1 } });
  await isRefused(await start(hub, "binary"), "is no data");
});

test("a function that binds messages is given those whose bodies are no data, and the rest goes on", async () => {
  const { hub, send } = freshHub();
  await send({ bodyType: "value", body: { a: 1 } });
  await send({ bodyType: "sequence", body: [1, 2] });
  await send(Buffer.from("data"));
  const host = await start(hub, "messages");
  const calls = await host.until<Call[]>(
    "/api/calls",
    (made) => made.flatMap(({ value }) => value).length >= 3,
  );
  await host.stop();
  const messages = calls
    .flatMap(({ value }) => value as { bytes: string }[])
    .map(({ bytes }) => ({ content: Buffer.from(bytes, "base64") }));
  expect((await bodiesOf(messages)).map(String)).toEqual([
    '{"a":1}',
    "[1,2]",
    "data",
  ]);
});

test.each([
  ["a list", ["x", 1]],
  ["an array", rhea.types.wrap_array([1, -2], 0x71, undefined)],
  ["an empty list", []],
])(
  "a property that is %s fails the binding to messages, as it does in the extension, and no other",
  async (_, list) => {
    const { hub, send } = freshHub();
    await send({ body: "x", properties: { list, bytes: Buffer.from("b") } });
    await isRefused(await start(hub, "messages"), "property list is a list");
    const host = await start(hub, "binary");
    const [call] = await callsOf(host, 1);
    await host.stop();
    expect(call?.value).toEqual([{ bytes: "Ingi" }]);
  },
);

test("a property that is a map cannot be read, whatever the binding", async () => {
  const { hub, send } = freshHub();
  await send({ body: "x", properties: { map: { a: 1 } } });
  await isRefused(await start(hub, "binary"), "property map is a map");
});

test("decimals of other languages arrive as null, and arrays as lists", async () => {
  const { hub, send } = freshHub();
  const { types } = rhea;
  const properties: Record<string, unknown> = {
    decimal32: decimals.Decimal32(Buffer.alloc(4)),
    decimal64: decimals.Decimal64(Buffer.alloc(8)),
    decimal128: decimals.Decimal128(Buffer.alloc(16)),
    numbers: types.wrap_array([1, -2], 0x71, undefined),
    texts: types.wrap_array(["a", "b"], 0xa1, undefined),
    none: types.wrap_array([], 0x71, undefined),
  };
  await send({ body: "x", properties });
  const host = await start(hub, "single");
  const [call] = await callsOf(host, 1);
  await host.stop();
  expect(call?.triggerMetadata["properties"]).toEqual({
    decimal32: null,
    decimal64: null,
    decimal128: null,
    numbers: [1, -2],
    texts: ["a", "b"],
    none: [],
  });
});

test("an event that cannot be read fails its binding, and the host goes on behind it, also at its next start", async () => {
  const { hub, send } = freshHub();
  const stateDir = mkdtempSync(join(tmpdir(), "assay-host-"));
  const noCharacter = rhea.types.wrap_char(0xffff_ffff);
  await send({ body: "bad", properties: { noCharacter } });
  await isRefused(await start(hub, "binary", { stateDir }), "cannot be read");
  await send("good");
  const host = await start(hub, "binary", { stateDir });
  const calls = await callsOf(host, 1);
  await host.stop();
  expect(calls.map(({ value }) => value)).toEqual([
    [{ bytes: Buffer.from('"good"').toString("base64") }],
  ]);
});

test("the host comes back after its connection is lost, and misses nothing", async () => {
  const { hub, send } = freshHub();
  await send("before");
  const host = await start(hub, "binary");
  await callsOf(host, 1);
  await cloud.restart();
  await send("after");
  const calls = await callsOf(host, 2);
  await host.stop();
  expect(calls.map(({ value }) => value)).toEqual([
    [{ bytes: Buffer.from('"before"').toString("base64") }],
    [{ bytes: Buffer.from('"after"').toString("base64") }],
  ]);
});

test("two functions on one consumer group are refused", async () => {
  await expect(start("hub1", "twice")).rejects.toThrow(
    "The functions 'one' and 'two' read the same consumer group '$Default' of 'hub1'",
  );
});
