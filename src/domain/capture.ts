/**
 * Writes an Avro object container file in the schema of Event Hubs Capture, bodies untouched.
 * https://learn.microsoft.com/azure/event-hubs/event-hubs-capture-overview
 *
 * This is the app's busiest code: sizes are summed first, then everything is copied once into one buffer.
 */
import { hash } from "node:crypto";
import { mapSize, writeMap } from "./captureMap.ts";
import type { SequenceRange } from "./sequenceRanges.ts";
import type { DeliveryPositions, Properties } from "./triggerMetadata.ts";
import { longSize, writeLong } from "./zigzag.ts";

const SCHEMA = JSON.stringify({
  type: "record",
  name: "EventData",
  namespace: "Microsoft.ServiceBus.Messaging",
  fields: [
    { name: "SequenceNumber", type: "long" },
    { name: "Offset", type: "string" },
    { name: "EnqueuedTimeUtc", type: "string" },
    {
      name: "SystemProperties",
      type: { type: "map", values: ["long", "double", "string", "bytes"] },
    },
    {
      name: "Properties",
      type: {
        type: "map",
        values: ["long", "double", "string", "bytes", "null"],
      },
    },
    { name: "Body", type: ["null", "bytes"] },
  ],
});

const SYNC_BYTES = 16;
/** Readers hold a block at a time. */
const BLOCK_BYTES = 4 * 2 ** 20;
/** Index of `bytes` in the union of Body, as Avro writes it. */
const BODY_IS_BYTES = 2;

/** Magic, file metadata with the schema and no compression; the file's sync marker follows. */
const HEADER = header();

function header(): Buffer {
  const metadata: [string, string][] = [
    ["avro.schema", SCHEMA],
    ["avro.codec", "null"],
  ];
  const target = Buffer.alloc(SCHEMA.length + 64);
  let at = target.write("Obj\u0001", "latin1");
  at = writeLong(target, at, metadata.length);
  for (const [name, value] of metadata) {
    at = writeLong(target, at, name.length);
    at += target.write(name, at, "latin1");
    at = writeLong(target, at, value.length);
    at += target.write(value, at, "latin1");
  }
  return target.subarray(0, writeLong(target, at, 0));
}

interface Block {
  readonly to: number;
  readonly bytes: number;
}

/** The events of `range` as one file. The same events give the same bytes: `name` seeds the sync marker. */
export function encodeCapture(
  bodies: readonly Uint8Array[],
  positions: DeliveryPositions,
  range: SequenceRange,
  name: string,
): Buffer {
  const blocks: Block[] = [];
  let fileBytes = HEADER.length + SYNC_BYTES;
  let blockFrom = range.from;
  let blockBytes = 0;
  for (let index = range.from; index < range.to; index += 1) {
    blockBytes += eventSize(bodies, positions, index);
    if (blockBytes < BLOCK_BYTES && index + 1 < range.to) continue;
    const count = index + 1 - blockFrom;
    fileBytes +=
      longSize(count) + longSize(blockBytes) + blockBytes + SYNC_BYTES;
    blocks.push({ to: index + 1, bytes: blockBytes });
    blockFrom = index + 1;
    blockBytes = 0;
  }

  const sync = hash("sha256", name, "buffer").subarray(0, SYNC_BYTES);
  const file = Buffer.allocUnsafe(fileBytes);
  file.set(HEADER, 0);
  file.set(sync, HEADER.length);
  let at = HEADER.length + SYNC_BYTES;
  let index = range.from;
  for (const block of blocks) {
    at = writeLong(file, at, block.to - index);
    at = writeLong(file, at, block.bytes);
    for (; index < block.to; index += 1)
      at = writeEvent(file, at, bodies, positions, index);
    file.set(sync, at);
    at += SYNC_BYTES;
  }
  return file;
}

const EMPTY = new Uint8Array(0);
const NONE: Properties = {};

function eventSize(
  bodies: readonly Uint8Array[],
  positions: DeliveryPositions,
  index: number,
): number {
  // Offsets and times are ASCII: one byte a character.
  const offset = (positions.offsets[index] ?? "").length;
  const time = (positions.enqueuedTimes[index] ?? "").length;
  const body = (bodies[index] ?? EMPTY).length;
  return (
    longSize(positions.sequenceNumbers[index] ?? 0) +
    longSize(offset) +
    offset +
    longSize(time) +
    time +
    mapSize(positions.systemProperties[index] ?? NONE, "system") +
    mapSize(positions.properties[index] ?? NONE, "application") +
    1 +
    longSize(body) +
    body
  );
}

function writeEvent(
  file: Buffer,
  start: number,
  bodies: readonly Uint8Array[],
  positions: DeliveryPositions,
  index: number,
): number {
  const body = bodies[index] ?? EMPTY;
  let at = writeLong(file, start, positions.sequenceNumbers[index] ?? 0);
  at = writeAscii(file, at, positions.offsets[index] ?? "");
  at = writeAscii(file, at, positions.enqueuedTimes[index] ?? "");
  at = writeMap(file, at, positions.systemProperties[index] ?? NONE, "system");
  at = writeMap(file, at, positions.properties[index] ?? NONE, "application");
  file[at] = BODY_IS_BYTES;
  at = writeLong(file, at + 1, body.length);
  file.set(body, at);
  return at + body.length;
}

function writeAscii(file: Buffer, start: number, text: string): number {
  let at = writeLong(file, start, text.length);
  for (let index = 0; index < text.length; index += 1) {
    file[at] = text.charCodeAt(index);
    at += 1;
  }
  return at;
}
