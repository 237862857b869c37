import { messageOf } from "../../app/appFault.ts";
import { ValueReader } from "./values.ts";

type Values = Readonly<Record<string, unknown>>;

/** An event as it came over the wire, taken apart only as far as a function sees it. */
export interface Event {
  /** The whole message, encoded. */
  readonly message: Buffer;
  /** Undefined: the body is no data section, so it has no bytes to give. */
  readonly body: Buffer | undefined;
  readonly sequenceNumber: number;
  readonly offset: string;
  readonly enqueuedAt: number;
  readonly partitionKey: string | undefined;
  readonly properties: Values | undefined;
  readonly annotations: Values;
  readonly annotationCount: number;
  readonly messageProperties: readonly unknown[];
  /** Why the event is not to be had whole. Its place in the partition is known all the same. */
  readonly failure: string | undefined;
  /** Why it cannot be written again as a message, though it was read. */
  readonly unwritable: string | undefined;
}

/** The last byte of a section's descriptor (AMQP 1.0, part 3, 3.2). */
const DELIVERY_ANNOTATIONS = 0x71;
const ANNOTATIONS = 0x72;
const PROPERTIES = 0x73;
const APPLICATION_PROPERTIES = 0x74;
const DATA = 0x75;
const FOOTER = 0x78;

const NO_PROPERTIES: readonly unknown[] = [];

/** Does not throw: an event that nobody can read is to be passed over, not met again at every start. */
export function readEvent(bytes: Buffer): Event {
  const annotations: Record<string, unknown> = {};
  let properties: Record<string, unknown> | undefined;
  let messageProperties = NO_PROPERTIES;
  let body: Buffer | undefined;
  let failure: string | undefined;
  let unwritable: string | undefined;
  const readMap = (reader: ValueReader, into: Record<string, unknown>) => {
    reader.readMap(into);
    refuseMaps(into);
    unwritable ??= findList(into);
  };
  try {
    const reader = new ValueReader(bytes);
    while (reader.at < bytes.length) {
      const code = sectionCode(bytes, reader);
      // The service's own annotations come first: they are there even if a sender's are unreadable.
      if (code === ANNOTATIONS) readMap(reader, annotations);
      else if (code === PROPERTIES)
        messageProperties = reader.read() as readonly unknown[];
      else if (code === APPLICATION_PROPERTIES)
        readMap(reader, (properties = {}));
      else if (code === DELIVERY_ANNOTATIONS || code === FOOTER)
        readMap(reader, {});
      else if (code === DATA) body = joined(body, reader.binary());
      else reader.skip();
    }
  } catch (error) {
    failure = messageOf(error);
  }
  const {
    "x-opt-sequence-number": sequence,
    "x-opt-offset": offset,
    "x-opt-enqueued-time": enqueued,
    "x-opt-partition-key": key,
  } = annotations;
  return {
    message: bytes,
    body,
    annotations,
    annotationCount: countOf(annotations),
    properties,
    messageProperties,
    sequenceNumber: typeof sequence === "number" ? sequence : -1,
    offset: typeof offset === "string" ? offset : "",
    enqueuedAt: enqueued instanceof Date ? enqueued.getTime() : 0,
    partitionKey: typeof key === "string" ? key : undefined,
    failure,
    unwritable,
  };
}

/** Microsoft's client throws when it reads a map among the properties (Azure.Core.Amqp, AmqpAnnotatedMessageConverter). */
function refuseMaps(properties: Values): void {
  for (const name in properties) {
    const value = properties[name];
    const isMap =
      typeof value === "object" && value !== null && !(value instanceof Date);
    if (isMap && !Array.isArray(value))
      throw new Error(`the property ${name} is a map`);
  }
}

/** It reads lists and arrays, and throws when it writes them again for a binding to messages. */
function findList(properties: Values): string | undefined {
  for (const name in properties)
    if (Array.isArray(properties[name]))
      return `the property ${name} is a list or an array`;
  return undefined;
}

/** The place of an event in its partition. */
export const sequenceOf = (bytes: Buffer): number =>
  readEvent(bytes).sequenceNumber;

function countOf(values: Values): number {
  let count = 0;
  for (const name in values) if (name !== "") count += 1;
  return count;
}

/** Descriptors are small numbers; a name is looked up. */
function sectionCode(bytes: Buffer, reader: ValueReader): unknown {
  const { at } = reader;
  if (bytes[at] !== 0x00) throw new Error("An AMQP section has no descriptor.");
  if (bytes[at + 1] === 0x53) {
    reader.at = at + 3;
    return bytes[at + 2];
  }
  reader.at = at + 1;
  const descriptor = reader.read();
  return typeof descriptor === "string" ? NAMED[descriptor] : descriptor;
}

const NAMED: Readonly<Record<string, number>> = {
  "amqp:delivery-annotations:map": DELIVERY_ANNOTATIONS,
  "amqp:message-annotations:map": ANNOTATIONS,
  "amqp:properties:list": PROPERTIES,
  "amqp:application-properties:map": APPLICATION_PROPERTIES,
  "amqp:data:binary": DATA,
  "amqp:footer:map": FOOTER,
};

/** A body may be cut into several data sections. */
const joined = (
  first: Buffer | undefined,
  next: Buffer | undefined,
): Buffer | undefined =>
  first === undefined || next === undefined
    ? next
    : Buffer.concat([first, next]);
