/**
 * The lake's state, and how a blob and its metadata become visible in one step.
 *
 * Content is plain files, so that Spark and people read and write the same directories without us:
 *
 *   <state>/lake/…                    the container that the pipelines use
 *   <state>/containers/<name>/…       other containers
 *   <state>/lakeService/incoming/     bodies that are being received; emptied at every start
 *   <state>/lakeService/blocks/       uncommitted blocks
 *   <state>/lakeService/appends/      appended, not yet flushed bytes, named by the content they follow
 *   <state>/lakeService/state.db      SQLite: records, outbox of events, queues
 *
 * What a file cannot hold (ETag, content type, metadata, block list) is its *record*. Its key is not the path but
 * the identity of the file's content: (inode, size, mtime in ns). A write goes
 *
 *   1. body -> new file in incoming/            nobody sees it; its identity is now known and final
 *   2. record under that identity -> state.db   nobody sees it; the identity is not reachable by any path
 *   3. link(2) or rename(2) to the path         content and record become visible together
 *
 * link and rename keep inode and mtime, so step 3 is the commit and it is atomic. A crash before it leaves a file
 * in incoming/ (removed at start) and an unreachable record (replaced when the inode is used again). Create-once
 * is link(2), which fails when the name exists, whoever made it. A rename moves the record along at no cost, and
 * the ETag with it, as on ADLS (hadoop-azure's rename recovery, HADOOP-18002, relies on that).
 *
 * A file that someone wrote or replaced directly has no record under its identity: its ETag is derived from the
 * identity (stable across restarts, new when the file changes), its metadata is empty, and what was recorded for
 * the file that stood there before no longer matches.
 *
 * Checks of conditions and step 2 and 3 run in one turn of the event loop (all calls are synchronous), and the
 * database is opened exclusively, so no other request can come between them.
 */
import { createHash } from "node:crypto";
import type { BigIntStats } from "node:fs";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { inTransaction } from "../../shared/transaction.ts";

/** What tells one content of a file from another. */
export interface Identity {
  readonly inode: bigint;
  readonly size: bigint;
  readonly stampNs: bigint;
}

/** What Azure keeps of a blob besides its bytes. */
export interface Properties {
  readonly contentType?: string;
  readonly contentEncoding?: string;
  readonly contentLanguage?: string;
  readonly contentDisposition?: string;
  readonly cacheControl?: string;
  readonly contentMd5?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** When they were last changed, in ms: the file's own time knows of its bytes only. */
  readonly changedAt?: number;
  /** Committed blocks in order: base64 id and bytes. */
  readonly blocks?: readonly (readonly [id: string, bytes: number])[];
}

export interface BlobRecord {
  readonly etag: string;
  readonly properties: Properties;
}

/** A directory's mtime moves with its children, so its birth stands for it. */
export const identityOf = (stats: BigIntStats): Identity =>
  stats.isDirectory()
    ? { inode: stats.ino, size: -1n, stampNs: stats.birthtimeNs }
    : { inode: stats.ino, size: stats.size, stampNs: stats.mtimeNs };

export class State {
  readonly database: DatabaseSync;
  readonly incomingDir: string;
  readonly blocksDir: string;
  readonly appendsDir: string;
  readonly #find;
  readonly #put;
  readonly #drop;
  #lastEtag: bigint;
  #incoming = 0;

  constructor(stateDir: string) {
    const dir = join(stateDir, "lakeService");
    this.incomingDir = join(dir, "incoming");
    this.blocksDir = join(dir, "blocks");
    this.appendsDir = join(dir, "appends");
    rmSync(this.incomingDir, { recursive: true, force: true });
    for (const folder of [this.incomingDir, this.blocksDir, this.appendsDir])
      mkdirSync(folder, { recursive: true });
    this.database = new DatabaseSync(join(dir, "state.db"));
    this.database.exec(SCHEMA);
    this.#find = this.database.prepare(
      "SELECT etag, properties FROM records WHERE inode = ? AND size = ? AND stamp = ?",
    );
    this.#put = this.database.prepare(
      "INSERT OR REPLACE INTO records (inode, size, stamp, etag, properties) VALUES (?, ?, ?, ?, ?)",
    );
    this.#drop = this.database.prepare(
      "DELETE FROM records WHERE inode = ? AND etag = ?",
    );
    const newest = this.database
      .prepare("SELECT max(etag) AS etag FROM records")
      .get() as { etag: string | null };
    this.#lastEtag = BigInt(newest.etag ?? 0);
  }

  /** A path nobody sees, for a body or for what is about to be deleted. */
  newIncoming(): string {
    this.#incoming += 1;
    return join(this.incomingDir, String(this.#incoming));
  }

  /** ETags of our writes are unique and grow: the time in 100 ns since year 1, as Azure's look. */
  newEtag(): string {
    const now = BigInt(Date.now()) * 10_000n + TICKS_AT_1970;
    this.#lastEtag = now > this.#lastEtag ? now : this.#lastEtag + 1n;
    return `0x${this.#lastEtag.toString(16).toUpperCase()}`;
  }

  record(identity: Identity): BlobRecord {
    const row = this.#find.get(
      key(identity.inode),
      identity.size,
      identity.stampNs,
    ) as { etag: string; properties: string } | undefined;
    return row
      ? {
          etag: row.etag,
          properties: JSON.parse(row.properties) as Properties,
        }
      : { etag: derivedEtag(identity), properties: {} };
  }

  put(identity: Identity, record: BlobRecord): void {
    this.#put.run(
      key(identity.inode),
      identity.size,
      identity.stampNs,
      record.etag,
      JSON.stringify(record.properties),
    );
  }

  /** The ETag guards against dropping the record of a newer file that was given the same inode. */
  drop(identity: Identity, etag: string): void {
    this.#drop.run(key(identity.inode), etag);
  }

  transaction(work: () => void): void {
    inTransaction(this.database, work);
  }

  close(): void {
    this.database.close();
  }
}

/** SQLite's integers are signed; NTFS uses all 64 bits. */
const key = (inode: bigint): bigint => BigInt.asIntN(64, inode);

function derivedEtag({ inode, size, stampNs }: Identity): string {
  const digest = createHash("sha256").update(`${inode}\n${size}\n${stampNs}`);
  // One digit shorter than our own: the two kinds can never meet.
  return `0x${digest.digest("hex").slice(0, 14).toUpperCase()}`;
}

/** 100 ns between year 1 and 1970. */
const TICKS_AT_1970 = 621_355_968_000_000_000n;

const SCHEMA = `
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA wal_autocheckpoint = 4000;
  CREATE TABLE IF NOT EXISTS records (
    inode INTEGER PRIMARY KEY, size INTEGER NOT NULL, stamp INTEGER NOT NULL,
    etag TEXT NOT NULL, properties TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS appends (
    content TEXT NOT NULL, first INTEGER NOT NULL, next INTEGER NOT NULL, at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS appendsByContent ON appends (content, first);
  CREATE TABLE IF NOT EXISTS outbox (
    id INTEGER PRIMARY KEY, subscription TEXT NOT NULL, event TEXT NOT NULL,
    proof TEXT
  ) STRICT;
  CREATE TABLE IF NOT EXISTS queues (name TEXT PRIMARY KEY, metadata TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS messages (
    number INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, id TEXT NOT NULL UNIQUE,
    text TEXT NOT NULL, insertedAt INTEGER NOT NULL, expiresAt INTEGER NOT NULL,
    visibleAt INTEGER NOT NULL, dequeueCount INTEGER NOT NULL, popReceipt TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS messagesByQueue ON messages (queue, visibleAt, number);
`;
