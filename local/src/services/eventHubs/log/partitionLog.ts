import { readFileSync } from "node:fs";
import type { Position } from "../amqp/annotations.ts";
import { READ_BYTES, SEGMENT_BYTES, TAIL_BYTES } from "../limits.ts";
import { Files } from "./files.ts";
import {
  EVENT_HEAD_BYTES,
  FRAME_HEAD_BYTES,
  encodeFrame,
  frameHead,
  type Entry,
} from "./frame.ts";
import { addMark, scan, type Mark, type Segment } from "./segment.ts";
import { Tail } from "./tail.ts";

/** Where a reader stands: before the event with this sequence number. */
export interface Cursor {
  readonly sequence: number;
  readonly position: number;
  /** Events of the frame around the position that are still to come; 0 before a frame. */
  readonly left: number;
}

/** Some consecutive events, as they lie in the log. The bytes hold until the log is next used. */
export interface Slice {
  readonly bytes: Buffer;
  /** Start and end of each event in the bytes: two numbers an event. */
  readonly ranges: readonly number[];
  readonly next: Cursor;
}

interface PartitionLogOptions {
  readonly segmentBytes?: number;
  readonly tailBytes?: number;
}

/** The events of one partition, on disk. Memory holds the last megabyte and a mark for every 64 KiB that was searched. */
export class PartitionLog {
  readonly #files: Files;
  readonly #tail: Tail;
  readonly #segmentBytes: number;
  #nextSequence: number;
  #end: number;
  #last: Position | undefined;

  constructor(dir: string, options: PartitionLogOptions = {}) {
    this.#segmentBytes = options.segmentBytes ?? SEGMENT_BYTES;
    this.#tail = new Tail(options.tailBytes ?? TAIL_BYTES);
    this.#files = new Files(dir);
    const { nextSequence, last } = this.#files.recover();
    const newest = this.#files.segments.at(-1);
    this.#nextSequence = nextSequence;
    this.#last = last;
    this.#end = newest ? newest.base + newest.size : 0;
  }

  /** The oldest event that is still here. */
  get beginSequence(): number {
    return this.#files.segments[0]?.firstSequence ?? 0;
  }

  get nextSequence(): number {
    return this.#nextSequence;
  }

  get last(): Position | undefined {
    return this.#last;
  }

  /** When this returns, the events are written: a kill no longer loses them. */
  append(entries: readonly Entry[], now: number): void {
    if (entries.length === 0) return;
    // A clock that was set back must not make enqueued times fall: they are searched by halving.
    const at = Math.max(now, this.#last?.at ?? 0);
    const start = { sequence: this.#nextSequence, offset: this.#end, at };
    const { bytes, lastOffset } = encodeFrame(entries, start);
    const segment = this.#segmentToWrite();
    // Without fsync: events survive the death of the process, not that of the machine. A laptop's loss of power is not
    // a fault that this platform is for.
    this.#files.append(segment, bytes);
    addMark(this.#marksOf(segment), {
      sequence: this.#nextSequence,
      position: this.#end,
      at,
    });
    this.#tail.push(this.#end, bytes);
    this.#end += bytes.length;
    this.#nextSequence += entries.length;
    this.#last = { sequence: this.#nextSequence - 1, offset: lastOffset, at };
  }

  get earliest(): Cursor {
    const position = this.#files.segments[0]?.base ?? 0;
    return { sequence: this.beginSequence, position, left: 0 };
  }

  get latest(): Cursor {
    return { sequence: this.#nextSequence, position: this.#end, left: 0 };
  }

  /** Before the first event that `isBefore` does not hold for. It must hold for a prefix of the log. */
  seek(isBefore: (event: Position) => boolean): Cursor {
    let from: Mark | undefined;
    for (const segment of this.#files.segments) {
      const first = this.#firstMarkOf(segment);
      if (!first || !isBefore(firstEventOf(first))) break;
      from = first;
    }
    if (!from) return this.earliest;
    from =
      this.#marksOf(this.#files.around(from.position)).findLast((mark) =>
        isBefore(firstEventOf(mark)),
      ) ?? from;
    return this.#seekFrom(from, isBefore);
  }

  /** The events after the cursor, as many as lie close together, at most `maxEvents`. None: undefined. */
  read(cursor: Cursor, maxEvents: number): Slice | undefined {
    if (cursor.position >= this.#end || !(maxEvents > 0)) return undefined;
    let bytes = this.#bytesFrom(cursor.position, READ_BYTES);
    let { sequence, left } = cursor;
    let at = 0;
    const ranges: number[] = [];
    while (ranges.length < 2 * maxEvents) {
      if (left === 0) {
        if (at + FRAME_HEAD_BYTES > bytes.length) break;
        left = frameHead(bytes, at).count;
        at += FRAME_HEAD_BYTES;
      }
      if (at + EVENT_HEAD_BYTES > bytes.length) break;
      const start = at + EVENT_HEAD_BYTES;
      const end = start + bytes.readUInt32BE(at);
      if (end > bytes.length) {
        if (ranges.length > 0) break;
        bytes = this.#bytesFrom(cursor.position, end);
      }
      ranges.push(start, end);
      at = end;
      left -= 1;
      sequence += 1;
    }
    const next = { sequence, position: cursor.position + at, left };
    return { bytes, ranges, next };
  }

  close(): void {
    this.#files.close();
  }

  #segmentToWrite(): Segment {
    const newest = this.#files.segments.at(-1);
    return newest && newest.size < this.#segmentBytes
      ? newest
      : this.#files.begin(this.#nextSequence, this.#end);
  }

  #bytesFrom(position: number, length: number): Buffer {
    return this.#tail.from(position) ?? this.#files.read(position, length);
  }

  #marksOf(segment: Segment): Mark[] {
    return (segment.marks ??= scan(readFileSync(segment.path), segment).marks);
  }

  #firstMarkOf(segment: Segment): Mark | undefined {
    if (segment.size === 0) return undefined;
    const { firstSequence: sequence, base: position } = segment;
    const known = segment.marks?.[0];
    if (known) return known;
    const head = frameHead(this.#files.read(position, FRAME_HEAD_BYTES), 0);
    return { sequence, position, at: head.at };
  }

  #seekFrom(mark: Mark, isBefore: (event: Position) => boolean): Cursor {
    let { sequence, position } = mark;
    while (position < this.#end) {
      const head = frameHead(this.#bytesFrom(position, FRAME_HEAD_BYTES), 0);
      const bytes = this.#bytesFrom(position, head.length);
      let event = FRAME_HEAD_BYTES;
      for (let left = head.count; left > 0; left -= 1) {
        const offset = position + event;
        if (!isBefore({ sequence, offset, at: head.at }))
          return left === head.count
            ? { sequence, position, left: 0 }
            : { sequence, position: offset, left };
        event += EVENT_HEAD_BYTES + bytes.readUInt32BE(event);
        sequence += 1;
      }
      position += head.length;
    }
    return this.latest;
  }
}

const firstEventOf = ({ sequence, position, at }: Mark): Position => ({
  sequence,
  offset: position + FRAME_HEAD_BYTES,
  at,
});
