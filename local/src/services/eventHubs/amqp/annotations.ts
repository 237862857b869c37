import { DELIVERY_ANNOTATIONS, MESSAGE_ANNOTATIONS } from "./sections.ts";

/** Where an event stands in its partition. */
export interface Position {
  readonly sequence: number;
  /** Bytes of the log before it; a string on the wire. */
  readonly offset: number;
  /** When it was enqueued, in ms. */
  readonly at: number;
}

const symbol = (text: string): Buffer =>
  Buffer.concat([Buffer.from([0xa3, text.length]), Buffer.from(text)]);

const LONG = 0x81;
const TIMESTAMP = 0x83;
const SHORT_STRING = 0xa1;
/** Descriptor, constructor of a map with four-byte size and count. */
const MAP_HEAD_BYTES = 12;
const MAX_OFFSET_DIGITS = 16;

const SEQUENCE_NUMBER = symbol("x-opt-sequence-number");
const ENQUEUED_TIME = symbol("x-opt-enqueued-time");
const OFFSET = symbol("x-opt-offset");

/** Everything before the value of the offset, with room for the two numbers. */
const template = Buffer.concat([
  Buffer.from([0, 0x53, MESSAGE_ANNOTATIONS, 0xd1, 0, 0, 0, 0, 0, 0, 0, 0]),
  SEQUENCE_NUMBER,
  Buffer.from([LONG, ...Buffer.alloc(8)]),
  ENQUEUED_TIME,
  Buffer.from([TIMESTAMP, ...Buffer.alloc(8)]),
  OFFSET,
  Buffer.from([SHORT_STRING, 0]),
]);
const SEQUENCE_AT = MAP_HEAD_BYTES + SEQUENCE_NUMBER.length + 1;
const TIME_AT = SEQUENCE_AT + 8 + ENQUEUED_TIME.length + 1;

export const MAX_ANNOTATIONS_BYTES = template.length + MAX_OFFSET_DIGITS;

/** What the service sets itself: a sender's own values under these names are dropped. */
export const RESERVED: ReadonlySet<string> = new Set([
  "x-opt-sequence-number",
  "x-opt-enqueued-time",
  "x-opt-offset",
]);

/** Writes the annotations of an event by hand, followed by the sender's own. Answers where they end. */
export function writeAnnotations(
  into: Buffer,
  start: number,
  position: Position,
  pairs: readonly Buffer[],
): number {
  template.copy(into, start);
  writeInt64(into, start + SEQUENCE_AT, position.sequence);
  writeInt64(into, start + TIME_AT, position.at);
  let end = start + template.length;
  const digits = into.write(String(position.offset), end, "latin1");
  into[end - 1] = digits;
  end += digits;
  for (const item of pairs) {
    into.set(item, end);
    end += item.length;
  }
  into.writeUInt32BE(end - start - 8, start + 4);
  into.writeUInt32BE(6 + pairs.length, start + 8);
  return end;
}

/** The delivery annotations that tell a receiver how far the partition has got. */
export function runtimeMetrics(last: Position, now: number): Buffer {
  const offset = String(last.offset);
  const body = Buffer.concat([
    symbol("last_enqueued_sequence_number"),
    int64(LONG, last.sequence),
    symbol("last_enqueued_offset"),
    Buffer.from([SHORT_STRING, offset.length]),
    Buffer.from(offset),
    symbol("last_enqueued_time_utc"),
    int64(TIMESTAMP, last.at),
    symbol("runtime_info_retrieval_time_utc"),
    int64(TIMESTAMP, now),
  ]);
  const head = Buffer.from([
    0,
    0x53,
    DELIVERY_ANNOTATIONS,
    0xd1,
    ...Buffer.alloc(8),
  ]);
  head.writeUInt32BE(body.length + 4, 4);
  head.writeUInt32BE(8, 8);
  return Buffer.concat([head, body]);
}

function int64(constructor: number, value: number): Buffer {
  const bytes = Buffer.alloc(9);
  bytes[0] = constructor;
  writeInt64(bytes, 1, value);
  return bytes;
}

/** Without a BigInt per number: sequence numbers and times stay far below 2^53. */
function writeInt64(into: Buffer, at: number, value: number): void {
  into.writeInt32BE(Math.floor(value / 2 ** 32), at);
  into.writeUInt32BE(value >= 0 ? value % 2 ** 32 : value >>> 0, at + 4);
}
