import { createHash } from "node:crypto";
import {
  fstatSync,
  mkdirSync,
  opendirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { Incoming } from "./bodies.ts";
import { lstatOf } from "./containers.ts";
import { copyPart, type FilePart } from "./copy.ts";
import { fail } from "./errors.ts";
import { MAX_BLOCK_ID_BYTES, UNCOMMITTED_LIFETIME_MS } from "./limits.ts";
import type { Address } from "./names.ts";
import { identityOf, type Properties, type State } from "./state.ts";
import type { Entry } from "./entry.ts";

type BlockList = NonNullable<Properties["blocks"]>;

export interface ListedBlock {
  readonly id: string;
  readonly from: "Latest" | "Committed" | "Uncommitted";
}

interface Part extends FilePart {
  readonly id: string;
}

/** Uncommitted blocks: a folder per blob, a file per block, named by its id. */
export class Blocks {
  readonly #state: State;

  constructor(state: State) {
    this.#state = state;
    const before = Date.now() - UNCOMMITTED_LIFETIME_MS;
    for (const name of readdirSync(state.blocksDir)) {
      const dir = join(state.blocksDir, name);
      if (statSync(dir).mtimeMs < before) rmSync(dir, { recursive: true });
    }
  }

  put(address: Address, id: string, incoming: Incoming): void {
    const dir = this.#dir(address);
    mkdirSync(dir, { recursive: true });
    const name = fileName(id);
    const other = anyName(dir);
    // "For a given blob, all block IDs must be the same length."
    if (other !== undefined && other.length !== name.length)
      fail("invalidBlockId", "All ids of a blob's blocks have one length.");
    renameSync(incoming.file, join(dir, name));
  }

  /** In the order of their ids. */
  uncommitted(address: Address): BlockList {
    const dir = this.#dir(address);
    if (!lstatOf(dir)) return [];
    return readdirSync(dir)
      .sort()
      .map((name) => [
        Buffer.from(name, "base64url").toString("base64"),
        statSync(join(dir, name)).size,
      ]);
  }

  /** Writes the listed blocks, in their order, to a file that nobody sees. */
  async assemble(
    address: Address,
    existing: Entry | undefined,
    list: readonly ListedBlock[],
  ): Promise<{ incoming: Incoming; blocks: BlockList }> {
    const committed = existing
      ? committedParts(existing)
      : new Map<string, Part>();
    const parts = list.map(({ id, from }) => {
      const staged =
        from === "Committed" ? undefined : this.#staged(address, id);
      const part =
        staged ?? (from === "Uncommitted" ? undefined : committed.get(id));
      return part ?? fail("invalidBlockList", id);
    });
    const file = this.#state.newIncoming();
    const target = await open(file, "wx");
    try {
      let at = 0;
      for (const part of parts) {
        if (!(await copyPart(part, target, at)))
          fail("invalidBlockList", part.id);
        at += part.bytes;
      }
      const stats = fstatSync(target.fd, { bigint: true });
      const incoming: Incoming = {
        file,
        identity: identityOf(stats),
        modifiedAt: stats.mtime,
        md5: undefined,
      };
      return { incoming, blocks: parts.map(({ id, bytes }) => [id, bytes]) };
    } catch (error) {
      rmSync(file, { force: true });
      throw error;
    } finally {
      await target.close();
    }
  }

  /** A commit discards all uncommitted blocks, those that were not listed too. */
  forget(address: Address): void {
    rmSync(this.#dir(address), { recursive: true, force: true });
  }

  #staged(address: Address, id: string): Part | undefined {
    const file = join(this.#dir(address), fileName(id));
    const stats = lstatOf(file);
    return stats && { id, bytes: Number(stats.size), file, at: 0 };
  }

  #dir({ container, path }: Address): string {
    const digest = createHash("sha256").update(`${container}\n${path}`);
    return join(this.#state.blocksDir, digest.digest("hex"));
  }
}

/** One name of a folder, without reading them all: a blob has up to 100,000 blocks. */
function anyName(path: string): string | undefined {
  const dir = opendirSync(path, { bufferSize: 1 });
  try {
    return dir.readSync()?.name;
  } finally {
    dir.closeSync();
  }
}

/** A block id is base64 of at most 64 bytes; base64url of the same bytes is safe in a file's name. */
function fileName(id: string): string {
  const bytes = Buffer.from(id, "base64");
  if (
    bytes.length === 0 ||
    bytes.length > MAX_BLOCK_ID_BYTES ||
    bytes.toString("base64").replace(/=+$/, "") !== id.replace(/=+$/, "")
  )
    fail("invalidQuery", "blockid");
  return bytes.toString("base64url");
}

function committedParts(entry: Entry): Map<string, Part> {
  const parts = new Map<string, Part>();
  let at = 0;
  for (const [id, bytes] of entry.properties.blocks ?? []) {
    parts.set(id, { id, bytes, file: entry.file, at });
    at += bytes;
  }
  return parts;
}
