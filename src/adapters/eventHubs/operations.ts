import type { PartitionPosition } from "../../domain/slices.ts";
import type { HubClients } from "./client.ts";
import type { EventHubs } from "./index.ts";

export function eventHubsOver(
  namespace: () => string,
  clients: HubClients,
): EventHubs {
  return {
    async generation(hub) {
      const found = await (await clients(hub)).getEventHubProperties();
      return {
        // As configured: the SDK's own property leaves the port out.
        namespace: namespace(),
        hub,
        createdOn: found.createdOn.toISOString(),
        partitions: [...found.partitionIds].sort(),
      };
    },

    async positions(hub) {
      const client = await clients(hub);
      const partitions = await client.getPartitionIds();
      return Promise.all(
        partitions.map(async (partition): Promise<PartitionPosition> => {
          const found = await client.getPartitionProperties(partition);
          const begin = found.beginningSequenceNumber;
          if (found.isEmpty)
            return {
              partition,
              begin,
              // All that was there is gone, or nothing was ever there.
              last: Math.max(found.lastEnqueuedSequenceNumber, begin - 1),
            };
          return {
            partition,
            begin,
            last: found.lastEnqueuedSequenceNumber,
            lastEnqueuedAt: new Date(found.lastEnqueuedOnUtc).toISOString(),
          };
        }),
      );
    },
  };
}
