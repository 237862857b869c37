import type { Position } from "../amqp/annotations.ts";
import {
  EVENT_HEAD_BYTES,
  FRAME_HEAD_BYTES,
  frameHead,
  wholeFrame,
} from "./frame.ts";

/** A place in the log from which reading can start: the first event of a frame, with the frame's own place. */
export interface Mark {
  readonly sequence: number;
  readonly position: number;
  readonly at: number;
}

/** One file of a partition's log. Its name says where it begins, so that older files need not be read at the start. */
export interface Segment {
  readonly path: string;
  readonly firstSequence: number;
  /** Bytes of the log before this file. */
  readonly base: number;
  size: number;
  /** One mark for about every MARK_BYTES, made when the file is first searched. */
  marks: Mark[] | undefined;
}

const MARK_BYTES = 65_536;
const NAME = /^(\d{20})-(\d{20})\.log$/;

const padded = (number: number): string => String(number).padStart(20, "0");

export const segmentName = (firstSequence: number, base: number): string =>
  `${padded(firstSequence)}-${padded(base)}.log`;

export function parseSegmentName(
  name: string,
): { firstSequence: number; base: number } | undefined {
  const match = NAME.exec(name);
  return match
    ? { firstSequence: Number(match[1]), base: Number(match[2]) }
    : undefined;
}

/** Notes a frame in the marks if the last mark is far enough back. */
export function addMark(marks: Mark[], mark: Mark): void {
  const last = marks.at(-1);
  if (!last || mark.position - last.position >= MARK_BYTES) marks.push(mark);
}

interface Scan {
  readonly marks: Mark[];
  /** Bytes up to the end of the last whole frame. */
  readonly length: number;
  readonly nextSequence: number;
  readonly last: Position | undefined;
}

/** Goes through a file's frames, up to the first one that is not whole. */
export function scan(
  bytes: Buffer,
  { firstSequence, base }: Pick<Segment, "firstSequence" | "base">,
): Scan {
  const marks: Mark[] = [];
  let sequence = firstSequence;
  let start = 0;
  let lastFrame = 0;
  for (;;) {
    const head = wholeFrame(bytes, start);
    if (!head) break;
    addMark(marks, { sequence, position: base + start, at: head.at });
    lastFrame = start;
    start += head.length;
    sequence += head.count;
  }
  const last =
    start === 0
      ? undefined
      : {
          sequence: sequence - 1,
          offset: base + lastEventOf(bytes, lastFrame),
          at: frameHead(bytes, lastFrame).at,
        };
  return { marks, length: start, nextSequence: sequence, last };
}

/** Where the frame's last event begins. */
function lastEventOf(bytes: Buffer, frame: number): number {
  let event = frame + FRAME_HEAD_BYTES;
  for (let left = frameHead(bytes, frame).count; left > 1; left -= 1)
    event += EVENT_HEAD_BYTES + bytes.readUInt32BE(event);
  return event;
}
