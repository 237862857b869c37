import { ValueReader } from "./values.ts";

/** An event as it came over the wire, taken apart only as far as a function sees it. */
export interface Event {
  /** Undefined: the body is no data section, so it has no bytes to give. */
  readonly body: Buffer | undefined;
  readonly sequenceNumber: number;
  readonly offset: string;
  readonly enqueuedAt: number;
  readonly partitionKey: string | undefined;
  readonly properties: Readonly<Record<string, unknown>> | undefined;
  readonly annotations: Readonly<Record<string, unknown>>;
  readonly messageProperties: readonly unknown[];
}

/** The last byte of a section's descriptor (AMQP 1.0, part 3, 3.2). */
const ANNOTATIONS = 0x72;
const PROPERTIES = 0x73;
const APPLICATION_PROPERTIES = 0x74;
const DATA = 0x75;

type Values = Readonly<Record<string, unknown>>;

export function readEvent(bytes: Buffer): Event {
  const reader = new ValueReader(bytes);
  let annotations: Values = {};
  let properties: Values | undefined;
  let messageProperties: readonly unknown[] = [];
  let body: Buffer | undefined;
  while (reader.at < bytes.length) {
    const code = sectionCode(bytes, reader);
    if (code === ANNOTATIONS) annotations = reader.read() as Values;
    else if (code === PROPERTIES)
      messageProperties = reader.read() as readonly unknown[];
    else if (code === APPLICATION_PROPERTIES)
      properties = reader.read() as Values;
    else if (code === DATA) body = joined(body, reader.binary());
    else reader.skip();
  }
  const { [SEQUENCE]: sequence, [ENQUEUED]: enqueued } = annotations;
  const { "x-opt-partition-key": key, "x-opt-offset": offset } = annotations;
  return {
    body,
    annotations,
    properties,
    messageProperties,
    sequenceNumber: Number(sequence ?? -1),
    offset: typeof offset === "string" ? offset : "",
    enqueuedAt: enqueued instanceof Date ? enqueued.getTime() : 0,
    partitionKey: typeof key === "string" ? key : undefined,
  };
}

const SEQUENCE = "x-opt-sequence-number";
const ENQUEUED = "x-opt-enqueued-time";

/** The place of an event in its partition, without reading the rest. */
export const sequenceOf = (bytes: Buffer): number =>
  readEvent(bytes).sequenceNumber;

/** Descriptors are small numbers; a symbolic or a wide one is read the long way. */
function sectionCode(bytes: Buffer, reader: ValueReader): unknown {
  if (bytes[reader.at] !== 0x00)
    throw new Error("An AMQP section has no descriptor.");
  reader.at += 1;
  const descriptor = reader.read();
  return typeof descriptor === "string" ? SYMBOLIC[descriptor] : descriptor;
}

const SYMBOLIC: Readonly<Record<string, number>> = {
  "amqp:message-annotations:map": ANNOTATIONS,
  "amqp:properties:list": PROPERTIES,
  "amqp:application-properties:map": APPLICATION_PROPERTIES,
  "amqp:data:binary": DATA,
};

/** A body may be cut into several data sections. */
const joined = (
  first: Buffer | undefined,
  next: Buffer | undefined,
): Buffer | undefined =>
  first === undefined || next === undefined
    ? next
    : Buffer.concat([first, next]);
