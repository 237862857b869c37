import { plannedFaults } from "../../../local/src/shared/faults.ts";
import { receive, startEventHubs } from "../../support/eventHubs.ts";

it("a refused send is retried by the client and stored once", async () => {
  const hubs = await startEventHubs({
    faults: plannedFaults([
      {
        service: "eventHubs",
        operation: "send",
        action: "refuse",
        status: 500,
      },
    ]),
  });
  const producer = hubs.producer("flights");
  const send = () => producer.sendBatch([{ body: 1 }], { partitionId: "0" });
  await expect(send()).rejects.toMatchObject({
    code: "InternalServerError",
    retryable: true,
  });
  await send();
  const { lastEnqueuedSequenceNumber } =
    await producer.getPartitionProperties("0");
  expect(lastEnqueuedSequenceNumber).toBe(0);
  await producer.close();
  await hubs.stop();
});

it("a send whose answer is lost is stored", async () => {
  const hubs = await startEventHubs({
    faults: plannedFaults([
      {
        service: "eventHubs",
        operation: "send",
        path: "^flights/Partitions/0$",
        action: "lose",
      },
    ]),
  });
  const producer = hubs.producer("flights");
  const sending = producer.sendBatch([{ body: 1 }], { partitionId: "0" });
  await expect(sending).rejects.toThrow();
  const consumer = hubs.consumer("flights");
  const events = await receive(consumer, { partitionId: "0", count: 1 });
  expect(events).toHaveLength(1);
  await Promise.all([producer.close(), consumer.close()]);
  await hubs.stop();
}, 30_000);

it("a read of the hub that is refused fails with the status's error", async () => {
  const hubs = await startEventHubs({
    faults: plannedFaults([
      {
        service: "eventHubs",
        operation: "readHub",
        action: "refuse",
        status: 503,
      },
    ]),
  });
  const producer = hubs.producer("flights");
  await expect(producer.getPartitionIds()).rejects.toMatchObject({
    code: "ServerBusyError",
  });
  expect(await producer.getPartitionIds()).toEqual(["0", "1"]);
  await producer.close();
  await hubs.stop();
});
