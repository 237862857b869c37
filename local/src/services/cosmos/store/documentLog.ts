import {
  closeSync,
  ftruncateSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from "node:fs";
import { documentOf, type Document } from "./document.ts";

/** A write to one document: a new version, or a deletion. */
export type Change =
  | { readonly kind: "put"; readonly document: Document }
  | {
      readonly kind: "delete";
      readonly lsn: number;
      readonly key: string;
      readonly id: string;
    };

/** The fields before the tab of a line; the document's JSON follows it. */
interface Head {
  readonly lsn: number;
  readonly key: string;
  readonly id: string;
  /** Writes of the same commit that follow: none of them counts without the last. */
  readonly more: number;
  readonly rank?: number;
  readonly ts?: number;
  readonly etag?: string;
  readonly ttl?: number;
  readonly deleted?: true;
}

/** The first line: what a compacted log no longer shows by its lines. */
interface Counters {
  readonly lsn: number;
  readonly nextRank: number;
}

const NEWLINE = 0x0a;
const TAB = 0x09;

/**
 * The documents of one container on disk: a line for each write, in order. JSON has no raw line feed,
 * so a line that is not finished can only be the torn end of the last commit, and is cut.
 */
export class DocumentLog {
  readonly #fd: number;
  #size: number;

  private constructor(fd: number, size: number) {
    this.#fd = fd;
    this.#size = size;
  }

  static open(
    path: string,
    onCounters: (counters: Counters) => void,
    onChange: (change: Change) => void,
  ): DocumentLog {
    const fd = openSync(path, "a+");
    const content = readFileSync(path);
    const size = replay(path, content, onCounters, onChange);
    if (size < content.length) ftruncateSync(fd, size);
    return new DocumentLog(fd, size);
  }

  /** Writes a whole compacted log beside the old one and puts it in its place. */
  static rewrite(
    path: string,
    counters: Counters,
    documents: Iterable<Document>,
  ): DocumentLog {
    const temporary = `${path}.new`;
    const fd = openSync(temporary, "w");
    let size = writeFully(fd, Buffer.from(`${JSON.stringify(counters)}\n`), 0);
    for (const document of documents)
      size = writeFully(fd, lineOf({ kind: "put", document }, 0), size);
    // The rename must not reach the disk before the content: the old log would be gone.
    fsyncSync(fd);
    closeSync(fd);
    renameSync(temporary, path);
    return new DocumentLog(openSync(path, "a"), size);
  }

  /** Has all of a commit written when it returns, or throws and leaves none of it. */
  append(changes: readonly Change[]): void {
    const lines = changes.map((change, i) =>
      lineOf(change, changes.length - 1 - i),
    );
    try {
      this.#size = writeFully(this.#fd, Buffer.concat(lines), this.#size);
    } catch (error) {
      ftruncateSync(this.#fd, this.#size);
      throw error;
    }
  }

  close(): void {
    closeSync(this.#fd);
  }
}

function writeFully(fd: number, bytes: Buffer, size: number): number {
  let written = 0;
  while (written < bytes.length) written += writeSync(fd, bytes, written);
  return size + bytes.length;
}

function lineOf(change: Change, more: number): Buffer {
  if (change.kind === "delete") {
    const { lsn, key, id } = change;
    const head: Head = { lsn, key, id, more, deleted: true };
    return Buffer.from(`${JSON.stringify(head)}\n`);
  }
  const { lsn, key, id, rank, ts, etag, ttl, text } = change.document;
  const head: Head = {
    ...{ lsn, key, id, more, rank, ts, etag },
    ...(ttl === undefined ? {} : { ttl }),
  };
  return Buffer.from(`${JSON.stringify(head)}\t${text}\n`);
}

/** Hands on every complete commit; returns where the last one ends. */
function replay(
  path: string,
  content: Buffer,
  onCounters: (counters: Counters) => void,
  onChange: (change: Change) => void,
): number {
  let good = 0;
  let commit: Change[] = [];
  for (let start = 0; ;) {
    const end = content.indexOf(NEWLINE, start);
    if (end === -1) return good;
    const line = content.subarray(start, end);
    start = end + 1;
    const read = readLine(path, line);
    if ("nextRank" in read) onCounters(read);
    else {
      commit.push(read.change);
      if (read.more > 0) continue;
      commit.forEach(onChange);
      commit = [];
    }
    good = start;
  }
}

function readLine(
  path: string,
  line: Buffer,
): Counters | { change: Change; more: number } {
  const tab = line.indexOf(TAB);
  const headText = line.toString("utf8", 0, tab === -1 ? line.length : tab);
  let head: Head | Counters;
  try {
    head = JSON.parse(headText) as Head | Counters;
  } catch {
    throw new Error(
      `${path} is damaged: a line within it is not readable. Start with --reset to begin anew.`,
    );
  }
  if ("nextRank" in head) return head;
  const { lsn, key, id, more, rank = 0, ts = 0, etag = "", ttl } = head;
  if (head.deleted) return { change: { kind: "delete", lsn, key, id }, more };
  const text = line.toString("utf8", tab + 1);
  const document = documentOf({ key, id, rank, lsn, ts, etag, ttl, text });
  return { change: { kind: "put", document }, more };
}
