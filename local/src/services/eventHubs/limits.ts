/** What Event Hubs itself allows, Standard tier. Source where no other is named: learn.microsoft.com/azure/event-hubs/event-hubs-quotas. */

/** A publication: one event, or a batch with all its framing. The sender's link says so in max-message-size. */
export const MAX_PUBLICATION_BYTES = 1_048_576;

/** Per partition and consumer group ("Number of non-epoch receivers per consumer group"). */
export const MAX_RECEIVERS_WITHOUT_EPOCH = 5;

export const MAX_PARTITIONS = 32;
export const MAX_CONSUMER_GROUPS = 20;
export const MAX_HUB_NAME_LENGTH = 256;
export const MAX_CONSUMER_GROUP_NAME_LENGTH = 50;

/** learn.microsoft.com/dotnet/api/azure.messaging.eventhubs.producer.createbatchoptions.partitionkey */
export const MAX_PARTITION_KEY_LENGTH = 128;

/** Frames of the connection. Source: learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-protocol-guide (64 KiB). */
export const MAX_FRAME_BYTES = 65_536;

/** A connection without traffic is closed after it. Source: the same guide (4 minutes; clients are asked for half). */
export const IDLE_TIMEOUT_MS = 240_000;

/** Ours: deliveries that a sender may have under way. Azure gives some hundreds and does not document how many. */
export const SENDER_CREDIT = 500;

/** Ours: a partition's log is cut into files of about this size; opening one reads at most one of them. */
export const SEGMENT_BYTES = 32 * 1_048_576;

/** Ours: what was written last is kept in memory per partition, so that readers at the end do not read the disk. */
export const TAIL_BYTES = 1_048_576;

/** Ours: read from the log, and written to a socket, at once. */
export const READ_BYTES = 262_144;
