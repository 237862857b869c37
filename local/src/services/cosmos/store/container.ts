import { randomBytes } from "node:crypto";
import type { Clock } from "../../../shared/clock.ts";
import { errors, fail } from "../errors.ts";
import type { ContainerDefinition } from "./definition.ts";
import type { Document, Slot } from "./document.ts";
import { DocumentLog, type Change } from "./documentLog.ts";
import { pathParts } from "./partitionKey.ts";
import { documentRid } from "./resourceId.ts";
import { Sequence } from "./sequence.ts";

interface Entry {
  readonly lsn: number;
  readonly slot: Slot;
}

/** Compaction at start, when less than half of a log of some size is alive. */
const COMPACT_FROM_LINES = 1000;

/** The documents of one container: all in memory, each write first in the log. */
export class Container {
  readonly rid: string;
  readonly self: string;
  readonly #clock: Clock;
  readonly #partitions = new Map<string, Map<string, Slot>>();
  readonly #slots = new Sequence<Slot>(
    (slot) => slot.rank,
    (slot) => slot.current !== undefined,
  );
  readonly #changes = new Sequence<Entry>(
    (entry) => entry.lsn,
    (entry) => entry.slot.current?.lsn === entry.lsn,
  );
  // ETags of two runs differ, even if a number is given twice because its write was never acknowledged.
  readonly #run = randomBytes(4).toString("hex");
  #log: DocumentLog;
  #definition: ContainerDefinition;
  #keyPaths: readonly (readonly string[])[];
  #lsn = 0;
  #nextRank = 1;

  constructor(
    path: string,
    identity: { rid: string; self: string },
    definition: ContainerDefinition,
    clock: Clock,
  ) {
    this.rid = identity.rid;
    this.self = identity.self;
    this.#definition = definition;
    this.#keyPaths = definition.partitionKey.paths.map(pathParts);
    this.#clock = clock;
    const [log, lines] = this.#load(path);
    this.#log = log;
    this.commit(this.#expired());
    const isMostlyDead = this.#countLive() * 2 < lines;
    if (lines >= COMPACT_FROM_LINES && isMostlyDead) this.#compact(path);
  }

  get definition(): ContainerDefinition {
    return this.#definition;
  }

  /** The partition key's paths, each as names. */
  get keyPaths(): readonly (readonly string[])[] {
    return this.#keyPaths;
  }

  /** The number of the last write. */
  get lsn(): number {
    return this.#lsn;
  }

  get seconds(): number {
    return Math.floor(this.#clock.now() / 1000);
  }

  takeRank(): number {
    return this.#nextRank++;
  }

  etagOf(lsn: number): string {
    return `"${this.#run}-0000-0000-0000-${lsn.toString(16).padStart(12, "0")}"`;
  }

  ridOf(rank: number): string {
    return documentRid(this.rid, rank);
  }

  find(key: string, id: string): Document | undefined {
    const document = this.#partitions.get(key)?.get(id)?.current;
    return document && !this.#isExpired(document) ? document : undefined;
  }

  /** Live documents in the order of their creation, from a rank on. */
  *documents(key?: string, from = 0): Generator<Document> {
    const slots =
      key === undefined
        ? this.#slots.from(from)
        : (this.#partitions.get(key)?.values() ?? []);
    for (const { rank, current } of slots)
      if (rank >= from && current && !this.#isExpired(current)) yield current;
  }

  /** The newest versions that were written after `lsn`, in the order of their writing. */
  *changes(lsn: number): Generator<Document> {
    for (const { slot } of this.#changes.from(lsn + 1))
      if (slot.current && !this.#isExpired(slot.current)) yield slot.current;
  }

  /** Writes the changes to the log, then shows them. They are one commit: all or none. */
  commit(changes: readonly Change[]): void {
    if (changes.length === 0) return;
    this.#log.append(changes);
    for (const change of changes) this.#apply(change);
  }

  redefine(definition: ContainerDefinition): void {
    const before = JSON.stringify(this.#definition.partitionKey.paths);
    if (JSON.stringify(definition.partitionKey.paths) !== before)
      fail(errors.badRequest, "The partition key of a container is final.");
    // With another time to live what has expired would come back, so it is deleted for good.
    this.commit(this.#expired());
    this.#definition = definition;
  }

  close(): void {
    this.#log.close();
  }

  #isExpired(document: Document): boolean {
    const byDefault = this.#definition.defaultTtl;
    if (byDefault === undefined) return false;
    const ttl = document.ttl ?? byDefault;
    return ttl !== -1 && this.seconds >= document.ts + ttl;
  }

  #countLive(): number {
    let count = 0;
    for (const partition of this.#partitions.values()) count += partition.size;
    return count;
  }

  #expired(): Change[] {
    let lsn = this.#lsn;
    const expired: Change[] = [];
    for (const { current } of this.#slots.from(0))
      if (current && this.#isExpired(current))
        expired.push({
          kind: "delete",
          lsn: ++lsn,
          key: current.key,
          id: current.id,
        });
    return expired;
  }

  #apply(change: Change): void {
    if (change.kind === "delete") {
      this.#lsn = change.lsn;
      this.#remove(change.key, change.id);
      return;
    }
    const { document } = change;
    this.#lsn = document.lsn;
    this.#nextRank = Math.max(this.#nextRank, document.rank + 1);
    const previous = this.#partitions.get(document.key)?.get(document.id);
    if (previous?.rank === document.rank) {
      previous.current = document;
      this.#changes.bury();
      this.#changes.append({ lsn: document.lsn, slot: previous });
      return;
    }
    // Another rank under the same id is another document: the old one had expired.
    if (previous) this.#remove(document.key, document.id);
    const slot = this.#place(document);
    this.#changes.append({ lsn: document.lsn, slot });
  }

  #place(document: Document): Slot {
    const slot: Slot = { rank: document.rank, current: document };
    const partition =
      this.#partitions.get(document.key) ?? new Map<string, Slot>();
    partition.set(document.id, slot);
    this.#partitions.set(document.key, partition);
    this.#slots.append(slot);
    return slot;
  }

  #remove(key: string, id: string): void {
    const partition = this.#partitions.get(key);
    const slot = partition?.get(id);
    if (!partition || !slot) return;
    slot.current = undefined;
    partition.delete(id);
    if (partition.size === 0) this.#partitions.delete(key);
    this.#slots.bury();
    this.#changes.bury();
  }

  /** Reads the log and restores the documents; returns the log and how many lines it has. */
  #load(path: string): [DocumentLog, number] {
    const live = new Map<string, Document>();
    let lines = 0;
    const log = DocumentLog.open(
      path,
      (counters) => {
        this.#lsn = counters.lsn;
        this.#nextRank = counters.nextRank;
      },
      (change) => {
        lines += 1;
        const { key, id, lsn } =
          change.kind === "put" ? change.document : change;
        this.#lsn = lsn;
        live.delete(`${key}\n${id}`);
        if (change.kind === "delete") return;
        live.set(`${key}\n${id}`, change.document);
        this.#nextRank = Math.max(this.#nextRank, change.document.rank + 1);
      },
    );
    this.#restore([...live.values()]);
    return [log, lines];
  }

  /** Takes over documents that come in the order of their writes. */
  #restore(documents: readonly Document[]): void {
    const slots = new Map<Document, Slot>();
    for (const document of documents.toSorted((a, b) => a.rank - b.rank))
      slots.set(document, this.#place(document));
    for (const document of documents) {
      const slot = slots.get(document);
      if (slot) this.#changes.append({ lsn: document.lsn, slot });
    }
  }

  #compact(path: string): void {
    this.#log.close();
    this.#log = DocumentLog.rewrite(
      path,
      { lsn: this.#lsn, nextRank: this.#nextRank },
      this.changes(0),
    );
  }
}
