import {
  fstatSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  rmdirSync,
  unlinkSync,
  type BigIntStats,
} from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Incoming } from "./bodies.ts";
import { checkWrite, type Conditions } from "./conditions.ts";
import { codeOf, Containers, lstatOf } from "./containers.ts";
import type { Entry } from "./entry.ts";
import { fail } from "./errors.ts";
import type { Address } from "./names.ts";
import type { EventDraft } from "./events.ts";
import type { Outbox } from "./outbox.ts";
import { identityOf, type Properties, type State } from "./state.ts";

/** Makes the event of a change once the change's result is known. */
type Draft = (entry: Entry) => EventDraft;

/** Every change of a container goes through here. Each method checks and commits in one turn of the event loop. */
export class Store {
  readonly state: State;
  readonly containers: Containers;
  readonly #outbox: Outbox;

  constructor(state: State, containers: Containers, outbox: Outbox) {
    this.state = state;
    this.containers = containers;
    this.#outbox = outbox;
  }

  find({ container, path }: Address): Entry | undefined {
    const file = this.containers.resolve(container, path);
    return file === undefined ? undefined : this.entryAt(file);
  }

  need(address: Address): Entry {
    return this.find(address) ?? fail("blobNotFound");
  }

  entryAt(file: string): Entry | undefined {
    const stats = lstatOf(file);
    return stats && this.#entry(file, stats);
  }

  /** For reading: what is described is what the descriptor reads, whatever happens to the path meanwhile. */
  open(address: Address): { entry: Entry; descriptor: number | undefined } {
    const entry = this.need(address);
    if (entry.isDirectory) return { entry, descriptor: undefined };
    const descriptor = openSync(entry.file, "r");
    const stats = fstatSync(descriptor, { bigint: true });
    return { entry: this.#entry(entry.file, stats), descriptor };
  }

  #entry(file: string, stats: BigIntStats): Entry {
    const identity = identityOf(stats);
    const record = this.state.record(identity);
    const { changedAt = 0 } = record.properties;
    return {
      file,
      identity,
      isDirectory: stats.isDirectory(),
      bytes: stats.isDirectory() ? 0 : Number(stats.size),
      modifiedAt:
        changedAt > Number(stats.mtimeMs) ? new Date(changedAt) : stats.mtime,
      createdAt: stats.birthtime,
      ...record,
    };
  }

  /** Puts a received body at a path, with its record. Missing directories are made, as ADLS does for files. */
  place(
    address: Address,
    incoming: Incoming,
    properties: Properties,
    conditions: Conditions,
    draft: Draft | undefined,
  ): Entry {
    try {
      const file = this.containers.resolveNew(address.container, address.path);
      const existing = this.entryAt(file);
      checkWrite(conditions, existing);
      if (existing?.isDirectory) fail("resourceTypeMismatch");
      const entry: Entry = {
        file,
        isDirectory: false,
        identity: incoming.identity,
        bytes: Number(incoming.identity.size),
        modifiedAt: incoming.modifiedAt,
        createdAt: incoming.modifiedAt,
        etag: this.state.newEtag(),
        properties,
      };
      const isOnce = conditions.ifNoneMatch === "*";
      this.#commit(address, entry, draft, () => {
        inDirectory(file, () => {
          if (isOnce) linkSync(incoming.file, file);
          else renameSync(incoming.file, file);
        });
      });
      if (existing) this.state.drop(existing.identity, existing.etag);
      if (isOnce) unlinkSync(incoming.file);
      return entry;
    } catch (error) {
      rmSync(incoming.file, { force: true });
      if (codeOf(error) === "EEXIST") fail("blobExists");
      throw error;
    }
  }

  /** New properties for what is there: one statement, so all or nothing. */
  change(entry: Entry, properties: Properties): Entry {
    const changed = this.#changed(entry, properties);
    this.state.put(entry.identity, changed);
    return changed;
  }

  /** Any change gives a new ETag and moves Last-Modified, as on Azure: readers ask by either. */
  #changed(entry: Entry, properties: Properties): Entry {
    const modifiedAt = new Date(
      Math.max(Date.now(), entry.modifiedAt.getTime()),
    );
    return {
      ...entry,
      modifiedAt,
      etag: this.state.newEtag(),
      properties: { ...properties, changedAt: modifiedAt.getTime() },
    };
  }

  /** As `change`, with an event: a flush that adds no bytes. */
  touch(
    address: Address,
    entry: Entry,
    properties: Properties,
    draft: Draft | undefined,
  ): Entry {
    const changed = this.#changed(entry, properties);
    this.#commit(address, changed, draft, () => undefined);
    return changed;
  }

  makeDirectory(
    address: Address,
    properties: Properties,
    conditions: Conditions,
    draft: Draft,
  ): Entry {
    const file = this.containers.resolveNew(address.container, address.path);
    const existing = this.entryAt(file);
    checkWrite(conditions, existing);
    if (existing && !existing.isDirectory) fail("pathConflict");
    // Made and described out of sight, then moved to its name: as for files.
    const made = existing?.file ?? this.state.newIncoming();
    if (!existing) mkdirSync(made);
    const entry = this.entryAt(made) ?? fail("internal");
    const described = { ...this.#changed(entry, properties), file };
    this.#commit(address, described, draft, () => {
      if (!existing) inDirectory(file, () => renameSync(made, file));
    });
    return described;
  }

  rename(
    source: Address,
    target: Address,
    conditions: { source: Conditions; target: Conditions },
    draft: Draft,
  ): Entry {
    const from = this.find(source) ?? fail("sourcePathNotFound");
    checkWrite(conditions.source, from, "sourceConditionNotMet");
    const file = this.containers.resolveNew(target.container, target.path);
    const existing = this.entryAt(file);
    checkWrite(conditions.target, existing);
    if (existing?.file === from.file) return from;
    if (isBelow(source, target)) fail("invalidRenameSource");
    if (existing && existing.isDirectory !== from.isDirectory)
      fail("resourceTypeConflict");
    if (existing?.isDirectory && readdirSync(file).length > 0)
      fail("directoryNotEmpty");
    if (!lstatOf(dirname(file))?.isDirectory()) fail("renameParentNotFound");
    const moved = { ...from, file };
    const rows = this.#outbox.announce(draft(moved), {
      file,
      inode: String(from.identity.inode),
    });
    try {
      renameSync(from.file, file);
    } catch (error) {
      this.#outbox.withdraw(rows);
      throw error;
    }
    this.#outbox.confirm(rows);
    if (existing) this.state.drop(existing.identity, existing.etag);
    return moved;
  }

  /** Removes a file, or a directory: an empty one, or `isRecursive` moves it out of sight in one step. */
  remove(entry: Entry, isRecursive: boolean, event: EventDraft): void {
    const rows = this.#outbox.announce(event, { file: entry.file });
    try {
      if (!entry.isDirectory) unlinkSync(entry.file);
      else if (isRecursive) this.discard(entry.file);
      else rmdirSync(entry.file);
    } catch (error) {
      this.#outbox.withdraw(rows);
      if (codeOf(error) === "ENOTEMPTY" || codeOf(error) === "EEXIST")
        fail("directoryIsNotEmpty");
      throw error;
    }
    this.#outbox.confirm(rows);
    this.state.drop(entry.identity, entry.etag);
  }

  removeContainer(name: string): void {
    this.#empty(this.containers.delete(name));
  }

  /** A directory disappears in one step; its files and their records are cleared away afterwards. */
  discard(dir: string): void {
    const gone = this.state.newIncoming();
    renameSync(dir, gone);
    this.#empty(gone);
  }

  #empty(dir: string): void {
    void this.#dropRecords(dir)
      .then(() => rm(dir, { recursive: true, force: true }))
      .catch(() => undefined); // The next start empties the folder.
  }

  async #dropRecords(dir: string): Promise<void> {
    for (const child of await readdir(dir, { withFileTypes: true })) {
      const file = join(dir, child.name);
      const entry = this.entryAt(file);
      if (entry) this.state.drop(entry.identity, entry.etag);
      if (child.isDirectory()) await this.#dropRecords(file);
    }
  }

  /** The record and the event go before the step that makes them true; the event's row is proved by that step. */
  #commit(
    address: Address,
    entry: Entry,
    draft: Draft | undefined,
    step: () => void,
  ): void {
    const event = draft?.(entry);
    let rows: readonly number[] = [];
    if (event && this.#outbox.isWanted(event)) {
      this.state.transaction(() => {
        this.state.put(entry.identity, entry);
        rows = this.#outbox.announce(event, {
          file: entry.file,
          inode: String(entry.identity.inode),
          etag: entry.etag,
        });
      });
    } else this.state.put(entry.identity, entry);
    try {
      step();
    } catch (error) {
      this.#outbox.withdraw(rows);
      this.state.drop(entry.identity, entry.etag);
      if (codeOf(error) === "ENOTDIR") fail("pathConflict", address.path);
      throw error;
    }
    this.#outbox.confirm(rows);
  }
}

/** Most writes find their directory: it is made only when the step misses it. */
function inDirectory(file: string, step: () => void): void {
  try {
    step();
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
    try {
      mkdirSync(dirname(file), { recursive: true });
    } catch (failure) {
      if (codeOf(failure) === "EEXIST" || codeOf(failure) === "ENOTDIR")
        fail("pathConflict");
      throw failure;
    }
    step();
  }
}

const isBelow = (source: Address, target: Address): boolean =>
  source.container === target.container &&
  `${target.path}/`.startsWith(`${source.path}/`);
