import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { receiveInto, type Incoming } from "./bodies.ts";
import { copyPart } from "./copy.ts";
import { fail } from "./errors.ts";
import type { Exchange } from "./exchange.ts";
import { MAX_APPEND_BYTES, UNCOMMITTED_LIFETIME_MS } from "./limits.ts";
import { identityOf, type Identity, type State } from "./state.ts";
import type { Entry } from "./entry.ts";

/**
 * Bytes that were appended and not yet flushed. They lie in a file of their own at their final offsets; a flush
 * puts the committed bytes in front of them and moves the whole into place, so a reader sees all or nothing.
 */
export class Appends {
  readonly #state: State;
  readonly #insert;
  readonly #ranges;
  readonly #forget;

  constructor(state: State) {
    this.#state = state;
    const { database } = state;
    this.#insert = database.prepare(
      "INSERT INTO appends (content, first, next, at) VALUES (?, ?, ?, ?)",
    );
    this.#ranges = database.prepare(
      "SELECT first, next FROM appends WHERE content = ? ORDER BY first",
    );
    this.#forget = database.prepare("DELETE FROM appends WHERE content = ?");
    this.#dropOld();
  }

  /** Appends arrive in parallel and in any order; each says where it belongs. */
  async receive(
    exchange: Exchange,
    entry: Entry,
    position: number,
  ): Promise<number> {
    if (position < entry.bytes) fail("invalidFlushPosition");
    const bytes = exchange.contentLength;
    const content = nameOf(entry.identity);
    await receiveInto(exchange, this.#file(content), MAX_APPEND_BYTES, {
      flags: constants.O_RDWR | constants.O_CREAT,
      position,
    });
    const next = position + bytes;
    if (bytes > 0) this.#insert.run(content, position, next, Date.now());
    return next;
  }

  /** The file as it will be after a flush up to `length`; undefined when nothing is added. */
  async assemble(entry: Entry, length: number): Promise<Incoming | undefined> {
    const content = nameOf(entry.identity);
    const ranges = this.#ranges.all(content) as unknown as {
      first: number;
      next: number;
    }[];
    let reached = entry.bytes;
    for (const { first, next } of ranges)
      if (first <= reached) reached = Math.max(reached, next);
    if (length < entry.bytes || length > reached) fail("invalidFlushPosition");
    if (length === entry.bytes) return undefined;
    const file = this.#file(content);
    if (entry.bytes > 0) await copyFront(entry.file, file, entry.bytes);
    const descriptor = openSync(file, "r+");
    try {
      ftruncateSync(descriptor, length);
      const stats = fstatSync(descriptor, { bigint: true });
      return {
        file,
        identity: identityOf(stats),
        modifiedAt: stats.mtime,
        md5: undefined,
      };
    } finally {
      closeSync(descriptor);
    }
  }

  forget(identity: Identity): void {
    const content = nameOf(identity);
    this.#forget.run(content);
    rmSync(this.#file(content), { force: true });
  }

  #file(content: string): string {
    return join(this.#state.appendsDir, content);
  }

  #dropOld(): void {
    const before = Date.now() - UNCOMMITTED_LIFETIME_MS;
    this.#state.database
      .prepare("DELETE FROM appends WHERE at < ?")
      .run(before);
    for (const name of readdirSync(this.#state.appendsDir)) {
      const file = this.#file(name);
      if (statSync(file).mtimeMs < before) rmSync(file, { force: true });
    }
  }
}

const nameOf = ({ inode, size, stampNs }: Identity): string =>
  `${inode}-${size}-${stampNs}`;

async function copyFront(
  from: string,
  to: string,
  bytes: number,
): Promise<void> {
  const target = await open(to, "r+");
  try {
    const isWhole = await copyPart({ file: from, at: 0, bytes }, target, 0);
    if (!isWhole) fail("internal", "The file became shorter.");
  } finally {
    await target.close();
  }
}
