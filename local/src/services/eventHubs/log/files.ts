import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  statSync,
  truncateSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import type { Position } from "../amqp/annotations.ts";
import { Scratch } from "./scratch.ts";
import {
  parseSegmentName,
  scan,
  segmentName,
  type Segment,
} from "./segment.ts";

const scratch = new Scratch();

/** The files of one partition's log on disk, oldest first. Only the newest is written. */
export class Files {
  readonly #dir: string;
  readonly #segments: Segment[];
  #writing: { segment: Segment; fd: number } | undefined;
  /** The older file that was read last. */
  #reading: { segment: Segment; fd: number } | undefined;

  constructor(dir: string) {
    this.#dir = dir;
    mkdirSync(dir, { recursive: true });
    this.#segments = readdirSync(dir)
      .sort()
      .flatMap((name) => {
        const begin = parseSegmentName(name);
        if (!begin) return [];
        const path = join(dir, name);
        return [
          { path, ...begin, size: statSync(path).size, marks: undefined },
        ];
      });
  }

  get segments(): readonly Segment[] {
    return this.#segments;
  }

  /** Cuts off what a kill left half written, and answers where the log ends. */
  recover(): { nextSequence: number; last: Position | undefined } {
    const segment = this.#segments.at(-1);
    if (!segment) return { nextSequence: 0, last: undefined };
    const found = scan(readFileSync(segment.path), segment);
    if (found.length === 0 && this.#segments.length > 1) {
      unlinkSync(segment.path);
      this.#segments.pop();
      return this.recover();
    }
    if (found.length < segment.size) truncateSync(segment.path, found.length);
    segment.size = found.length;
    segment.marks = found.marks;
    return found;
  }

  /** Starts a new file. */
  begin(firstSequence: number, base: number): Segment {
    if (this.#writing) closeSync(this.#writing.fd);
    const path = join(this.#dir, segmentName(firstSequence, base));
    const segment = { path, firstSequence, base, size: 0, marks: [] };
    this.#writing = { segment, fd: openSync(path, "w+") };
    this.#segments.push(segment);
    return segment;
  }

  /** Writes at the end of the newest file. What fails half-way is cut off, so that the log stays whole. */
  append(segment: Segment, bytes: Buffer): void {
    const fd = this.#fdOf(segment);
    try {
      let written = 0;
      while (written < bytes.length)
        written += writeSync(
          fd,
          bytes,
          written,
          bytes.length - written,
          segment.size + written,
        );
    } catch (error) {
      ftruncateSync(fd, segment.size);
      throw error;
    }
    segment.size += bytes.length;
  }

  /** What is read holds until the next read. */
  read(position: number, length: number): Buffer {
    const segment = this.around(position);
    const start = position - segment.base;
    const bytes = scratch.of(Math.min(length, segment.size - start));
    const fd = this.#fdOf(segment);
    let read = 0;
    while (read < bytes.length) {
      const step = readSync(fd, bytes, read, bytes.length - read, start + read);
      if (step === 0) throw new Error(`${segment.path} is shorter than it was`);
      read += step;
    }
    return bytes;
  }

  /** The file that holds this position. */
  around(position: number): Segment {
    let low = 0;
    let high = this.#segments.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#segments[middle]?.base ?? 0) <= position) low = middle + 1;
      else high = middle;
    }
    const segment = this.#segments[low - 1];
    if (!segment || position >= segment.base + segment.size)
      throw new Error(`The log in ${this.#dir} has no position ${position}`);
    return segment;
  }

  close(): void {
    for (const open of [this.#writing, this.#reading])
      if (open) closeSync(open.fd);
    this.#writing = undefined;
    this.#reading = undefined;
  }

  #fdOf(segment: Segment): number {
    if (segment === this.#writing?.segment) return this.#writing.fd;
    if (segment === this.#segments.at(-1)) {
      this.#writing = { segment, fd: openSync(segment.path, "r+") };
      return this.#writing.fd;
    }
    if (segment !== this.#reading?.segment) {
      if (this.#reading) closeSync(this.#reading.fd);
      this.#reading = { segment, fd: openSync(segment.path, "r") };
    }
    return this.#reading.fd;
  }
}
