import type { Clients } from "./clients.ts";

interface PartitionRange {
  readonly first: number;
  /** -1 where the partition has never held an event. */
  readonly last: number;
  readonly isEmpty: boolean;
}

/** What the hub's management says of each partition. */
export async function hubPartitions(
  clients: Clients,
  hub: string,
): Promise<ReadonlyMap<string, PartitionRange>> {
  const producer = clients.producer(hub);
  try {
    const partitions = new Map<string, PartitionRange>();
    for (const id of await producer.getPartitionIds()) {
      const { beginningSequenceNumber, lastEnqueuedSequenceNumber, isEmpty } =
        await producer.getPartitionProperties(id);
      partitions.set(id, {
        first: beginningSequenceNumber,
        last: lastEnqueuedSequenceNumber,
        isEmpty,
      });
    }
    return partitions;
  } finally {
    await producer.close();
  }
}

/** The last sequence number of each partition. */
export async function lastSequences(
  clients: Clients,
  hub: string,
): Promise<ReadonlyMap<string, number>> {
  const partitions = await hubPartitions(clients, hub);
  return new Map([...partitions].map(([id, { last }]) => [id, last]));
}
