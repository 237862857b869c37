import { crc32 } from "node:zlib";
import type { Position } from "../amqp/annotations.ts";
import { Scratch } from "./scratch.ts";

/**
 * What one delivery brought, as it lies on disk. All of its events are there, or (after a kill in the middle of the
 * write) none, since the checksum covers them all:
 *
 *     4 bytes  length of the rest of the frame, from the time on
 *     4 bytes  CRC-32 of that rest
 *     8 bytes  when the events were enqueued, in ms
 *     4 bytes  number of events
 *     then for each event 4 bytes of length and the encoded message
 *
 * An event's offset is the place of its length in the partition's log.
 */
export const FRAME_HEAD_BYTES = 20;
export const EVENT_HEAD_BYTES = 4;
const CHECKED_FROM = 8;

/** An event to be stored. What it writes may depend on where it comes to stand. */
export interface Entry {
  readonly maxBytes: number;
  /** Writes itself and answers where it ends. */
  write(into: Buffer, start: number, position: Position): number;
}

interface FrameHead {
  /** Bytes of the whole frame. */
  readonly length: number;
  readonly at: number;
  readonly count: number;
}

/** Its bytes hold until the next one is encoded. */
interface EncodedFrame {
  readonly bytes: Buffer;
  readonly lastOffset: number;
}

const scratch = new Scratch();

/** `first` is where the frame begins: its first event comes right behind the head. */
export function encodeFrame(
  entries: readonly Entry[],
  first: Position,
): EncodedFrame {
  const most = entries.reduce(
    (sum, { maxBytes }) => sum + EVENT_HEAD_BYTES + maxBytes,
    FRAME_HEAD_BYTES,
  );
  const bytes = scratch.of(most);
  let end = FRAME_HEAD_BYTES;
  let lastOffset = first.offset;
  entries.forEach((entry, index) => {
    const start = end + EVENT_HEAD_BYTES;
    lastOffset = first.offset + end;
    end = entry.write(bytes, start, {
      sequence: first.sequence + index,
      offset: lastOffset,
      at: first.at,
    });
    bytes.writeUInt32BE(end - start, start - EVENT_HEAD_BYTES);
  });
  bytes.writeUInt32BE(end - CHECKED_FROM, 0);
  bytes.writeDoubleBE(first.at, 8);
  bytes.writeUInt32BE(entries.length, 16);
  bytes.writeUInt32BE(crc32(bytes.subarray(CHECKED_FROM, end)), 4);
  return { bytes: bytes.subarray(0, end), lastOffset };
}

export function frameHead(bytes: Buffer, start: number): FrameHead {
  return {
    length: bytes.readUInt32BE(start) + CHECKED_FROM,
    at: bytes.readDoubleBE(start + 8),
    count: bytes.readUInt32BE(start + 16),
  };
}

/** The frame that starts here, if all of it is there and as it was written. */
export function wholeFrame(
  bytes: Buffer,
  start: number,
): FrameHead | undefined {
  if (start + FRAME_HEAD_BYTES > bytes.length) return undefined;
  const head = frameHead(bytes, start);
  const end = start + head.length;
  if (head.length <= FRAME_HEAD_BYTES || end > bytes.length) return undefined;
  const expected = bytes.readUInt32BE(start + 4);
  return crc32(bytes.subarray(start + CHECKED_FROM, end)) === expected
    ? head
    : undefined;
}
