import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  EventHubConsumerClient,
  EventHubProducerClient,
} from "@azure/event-hubs";
import { sharedKey } from "../../../local/src/shared/keys.ts";
import {
  eventHubsContext,
  receive,
  sendAll,
  startEventHubs,
} from "../../support/eventHubs.ts";
import { forkEventHubs } from "../../support/eventHubsProcess.ts";

const patient = { timeout: 180_000 };

it("a restart finds the hub, its creation time and all its events", async () => {
  const first = await startEventHubs();
  const { stateDir } = first;
  let producer = first.producer("flights");
  const { createdOn } = await producer.getEventHubProperties();
  await sendAll(producer, [{ body: 1 }, { body: 2 }], { partitionId: "1" });
  await producer.close();
  await first.stop();

  const second = await startEventHubs({
    stateDir,
    hubs: [{ name: "flights", partitions: 3, consumerGroups: [] }],
  });
  producer = second.producer("flights");
  expect(await producer.getEventHubProperties()).toMatchObject({
    createdOn,
    partitionIds: ["0", "1", "2"],
  });
  await sendAll(producer, [{ body: 3 }], { partitionId: "1" });
  const consumer = second.consumer("flights");
  const events = await receive(consumer, { partitionId: "1", count: 3 });
  expect(events.map(({ body }) => body as number)).toEqual([1, 2, 3]);
  expect(events.map(({ sequenceNumber }) => sequenceNumber)).toEqual([0, 1, 2]);
  await Promise.all([producer.close(), consumer.close()]);
  await second.stop();
});

it("the number of partitions cannot fall", async () => {
  const earlier = await startEventHubs();
  await earlier.stop();
  const { stateDir } = earlier;
  const hubs = [{ name: "flights", partitions: 1, consumerGroups: [] }];
  await expect(startEventHubs({ stateDir, hubs })).rejects.toThrow(
    "their number can only grow",
  );
});

it(
  "what was acknowledged before a kill -9 is there after it, in order and whole",
  async () => {
    const stateDir = await mkdtemp(join(tmpdir(), "assay-eventHubs-"));
    await eventHubsContext({ stateDir });
    const BATCH = 20;
    let port = 0;
    let batches = 0;
    const acknowledged: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      const server = await forkEventHubs(stateDir, port);
      ({ port } = server);
      const producer = new EventHubProducerClient(
        connectionString(stateDir, port),
        "flights",
        { retryOptions: { maxRetries: 0, timeoutInMs: 30_000 } },
      );
      const target = 40 * (round + 1);
      const isEnough = (): boolean => acknowledged.length > target;
      const dead = new AbortController();
      const abortSignal = dead.signal;
      const killing = async (): Promise<void> => {
        await server.kill();
        // The SDK would wait for answers until its time is over.
        dead.abort();
      };
      const send = async (): Promise<void> => {
        while (!isEnough()) {
          const batch = batches++;
          const event = { body: { batch, padding: "x".repeat(2000) } };
          const events = Array.from({ length: BATCH }, () => event);
          try {
            await producer.sendBatch(events, { partitionId: "0", abortSignal });
          } catch (error) {
            if (isEnough()) return;
            throw error;
          }
          acknowledged.push(batch);
          if (isEnough()) await killing();
        }
      };
      try {
        await Promise.all(Array.from({ length: 4 }, send));
      } finally {
        await server.kill();
        await producer.close().catch(() => undefined);
      }
    }

    const server = await forkEventHubs(stateDir, port);
    const consumer = new EventHubConsumerClient(
      "assay",
      connectionString(stateDir, port),
      "flights",
    );
    const readAll = async () => {
      const { lastEnqueuedSequenceNumber } =
        await consumer.getPartitionProperties("0");
      const count = lastEnqueuedSequenceNumber + 1;
      return receive(consumer, { partitionId: "0", count });
    };
    const events = await readAll().finally(async () => {
      await consumer.close();
      await server.kill();
    });

    expect(events.map(({ sequenceNumber }) => sequenceNumber)).toEqual(
      events.map((_, index) => index),
    );
    const copies = new Map<number, number>();
    for (const { body } of events) {
      const { batch } = body as { batch: number };
      copies.set(batch, (copies.get(batch) ?? 0) + 1);
    }
    expect([...copies.values()].every((number) => number === BATCH)).toBe(true);
    expect(acknowledged.filter((batch) => !copies.has(batch))).toEqual([]);
    expect(acknowledged.length).toBeGreaterThan(120);
  },
  patient.timeout,
);

const connectionString = (stateDir: string, port: number): string =>
  `Endpoint=sb://localhost:${port};SharedAccessKeyName=Root;SharedAccessKey=${sharedKey(stateDir)}`;
