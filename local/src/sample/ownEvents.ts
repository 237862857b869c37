import type {
  EventHubConsumerClient,
  ReceivedEventData,
} from "@azure/event-hubs";

/** What the player's events bear, so that they are told from those that others send to the same hub. */
export const MARK = { sentBy: "assay-sample" } as const;

export const isOwn = ({ properties }: Pick<ReceivedEventData, "properties">) =>
  properties?.["sentBy"] === MARK.sentBy;

/** How many of the player's events a partition holds from one sequence number to another, both included. */
export async function countOwn(
  consumer: EventHubConsumerClient,
  partitionId: string,
  first: number,
  last: number,
): Promise<number> {
  if (last < first) {
    await consumer.close();
    return 0;
  }
  let own = 0;
  try {
    await new Promise<void>((resolve, reject) => {
      consumer.subscribe(
        partitionId,
        {
          processEvents: (events) => {
            const asked = events.filter(
              ({ sequenceNumber }) => sequenceNumber <= last,
            );
            own += asked.filter(isOwn).length;
            if ((events.at(-1)?.sequenceNumber ?? -1) >= last) resolve();
            return Promise.resolve();
          },
          processError: (error) => {
            reject(error);
            return Promise.resolve();
          },
        },
        {
          startPosition: { sequenceNumber: first, isInclusive: true },
          maxBatchSize: BATCH,
        },
      );
    });
  } finally {
    await consumer.close();
  }
  return own;
}

const BATCH = 1000;
