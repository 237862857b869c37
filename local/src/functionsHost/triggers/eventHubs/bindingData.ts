import { dotnetTime } from "../shared/dotnetTime.ts";
import type { Long, TypedData } from "../../worker/typedData.ts";
import { json } from "../../worker/typedData.ts";
import type { Event } from "./event.ts";

type Metadata = Record<string, TypedData>;

/** Where a batch comes from. */
export interface PartitionContext {
  readonly fullyQualifiedNamespace: string;
  readonly eventHubName: string;
  readonly consumerGroup: string;
  readonly partitionId: string;
}

/** The binding data of a batch: arrays in the order of its events. Null and empty texts are left out of lists of texts. */
export function batchMetadata(
  partition: TypedData,
  events: readonly Event[],
  longs: boolean,
): Metadata {
  const keys: string[] = [];
  const offsets: string[] = [];
  const sequences: (number | Long)[] = [];
  const times: string[] = [];
  let hasProperties = false;
  for (const event of events) {
    if (event.partitionKey) keys.push(event.partitionKey);
    offsets.push(event.offset);
    sequences.push(longs ? toLong(event.sequenceNumber) : event.sequenceNumber);
    times.push(timeText(event.enqueuedAt));
    hasProperties ||= event.properties !== undefined;
  }
  return {
    PartitionContext: partition,
    PartitionKeyArray: { collectionString: { string: keys } },
    OffsetArray: { collectionString: { string: offsets } },
    SequenceNumberArray: { collectionSint64: { sint64: sequences } },
    EnqueuedTimeUtcArray: json(times),
    PropertiesArray: hasProperties
      ? json(events.map(({ properties = {} }) => properties))
      : { json: `[${"{},".repeat(events.length).slice(0, -1)}]` },
    SystemPropertiesArray: {
      json: `[${events.map(systemPropertiesText).join(",")}]`,
    },
  };
}

/** The binding data of a single event, with the properties of its body where that is a JSON object. */
export function singleMetadata(partition: TypedData, event: Event): Metadata {
  const { partitionKey, properties = {} } = event;
  return {
    PartitionContext: partition,
    ...(partitionKey !== undefined && {
      PartitionKey: { string: partitionKey },
    }),
    Offset: { string: event.offset },
    SequenceNumber: json(event.sequenceNumber),
    EnqueuedTimeUtc: json(timeText(event.enqueuedAt)),
    Properties: json(properties),
    SystemProperties: json(systemProperties(event)),
  };
}

/** The names of the message's properties section, in its order (AMQP 1.0, part 3, 3.2.4). */
const MESSAGE_PROPERTIES = [
  "message-id",
  "user-id",
  "to",
  "subject",
  "reply-to",
  "correlation-id",
  "content-type",
  "content-encoding",
  "absolute-expiry-time",
  "creation-time",
  "group-id",
  "group-sequence",
  "reply-to-group-id",
];

function systemProperties(event: Event): Record<string, unknown> {
  const all: Record<string, unknown> = { ...event.annotations };
  const { messageProperties } = event;
  for (let index = 0; index < messageProperties.length; index += 1) {
    const value = messageProperties[index];
    const name = MESSAGE_PROPERTIES[index];
    if (name !== undefined && value !== null) all[name] = value;
  }
  all["SequenceNumber"] = event.sequenceNumber;
  all["Offset"] = event.offset;
  all["PartitionKey"] = event.partitionKey ?? null;
  all["EnqueuedTimeUtc"] = timeText(event.enqueuedAt);
  return all;
}

/** What the service adds to every event; an event without more has its text made without an object. */
const SERVICE_ANNOTATIONS = 3;
const isPlain = (text: string): boolean => /^\d+$/.test(text);

function systemPropertiesText(event: Event): string {
  const { annotationCount, messageProperties, partitionKey, offset } = event;
  const isUsual =
    annotationCount === SERVICE_ANNOTATIONS &&
    messageProperties.length === 0 &&
    partitionKey === undefined &&
    isPlain(offset);
  if (!isUsual) return JSON.stringify(systemProperties(event));
  const { sequenceNumber, enqueuedAt } = event;
  const time = timeText(enqueuedAt);
  return `{"x-opt-sequence-number":${sequenceNumber},"x-opt-offset":"${offset}","x-opt-enqueued-time":"${time}Z","SequenceNumber":${sequenceNumber},"Offset":"${offset}","PartitionKey":null,"EnqueuedTimeUtc":"${time}"}`;
}

let lastTime = { ms: -1, text: "" };

function timeText(ms: number): string {
  // Events of a batch often share their millisecond.
  if (lastTime.ms !== ms) lastTime = { ms, text: dotnetTime(new Date(ms)) };
  return lastTime.text;
}

const toLong = (value: number): Long => ({
  low: Number(BigInt.asIntN(32, BigInt(value))),
  high: Math.floor(value / 2 ** 32),
  unsigned: false,
});
