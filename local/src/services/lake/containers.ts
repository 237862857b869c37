import {
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  type BigIntStats,
} from "node:fs";
import { join } from "node:path";
import { fail } from "./errors.ts";
import { checkContainerName, checkNewPath, isServedName } from "./names.ts";
import { identityOf, type State } from "./state.ts";

interface Container {
  readonly name: string;
  readonly dir: string;
  readonly etag: string;
  readonly modifiedAt: Date;
}

/** Containers are directories: the pipelines' one beside the state's other folders, the rest under `containers`. */
export class Containers {
  readonly #stateDir: string;
  readonly #main: string;
  readonly #state: State;

  constructor(stateDir: string, main: string, state: State) {
    this.#stateDir = stateDir;
    this.#main = main;
    this.#state = state;
    mkdirSync(join(stateDir, "containers"), { recursive: true });
  }

  create(name: string): Container {
    checkContainerName(name);
    if (this.find(name)) fail("containerExists");
    mkdirSync(this.#dir(name), { recursive: true });
    return this.need(name);
  }

  find(name: string): Container | undefined {
    checkContainerName(name);
    const dir = this.#dir(name);
    const stats = lstatOf(dir);
    if (!stats?.isDirectory()) return undefined;
    const { etag } = this.#state.record(identityOf(stats));
    return { name, dir, etag, modifiedAt: stats.birthtime };
  }

  /** The directory of a container that exists: each request asks, so no more than that is looked up. */
  needDir(name: string): string {
    checkContainerName(name);
    const dir = this.#dir(name);
    return lstatOf(dir)?.isDirectory() ? dir : fail("containerNotFound");
  }

  need(name: string): Container {
    return this.find(name) ?? fail("containerNotFound");
  }

  list(): Container[] {
    return [this.#main, ...readdirSync(join(this.#stateDir, "containers"))]
      .filter((name) => /^[a-z0-9-]{3,63}$/.test(name))
      .sort()
      .flatMap((name) => this.find(name) ?? []);
  }

  /** Moves the container out of sight in one step and answers where it is now, to be emptied. */
  delete(name: string): string {
    const dir = this.needDir(name);
    const gone = this.#state.newIncoming();
    renameSync(dir, gone);
    return gone;
  }

  /** The file of a path. A name that is not served leads nowhere. */
  resolve(container: string, path: string): string | undefined {
    const dir = this.needDir(container);
    const segments = path.split("/");
    return segments.every(isServedName) ? join(dir, ...segments) : undefined;
  }

  /** As `resolve`, for a path that is about to be made. */
  resolveNew(container: string, path: string): string {
    const dir = this.needDir(container);
    checkNewPath(path);
    return join(dir, ...path.split("/"));
  }

  #dir(name: string): string {
    return name === this.#main
      ? join(this.#stateDir, "lake")
      : join(this.#stateDir, "containers", name);
  }
}

/** Links are not followed: the lake ends at its own directories. */
export function lstatOf(file: string): BigIntStats | undefined {
  try {
    const stats = lstatSync(file, { bigint: true, throwIfNoEntry: false });
    return stats?.isFile() || stats?.isDirectory() ? stats : undefined;
  } catch (error) {
    // A file where the path wants a directory.
    if (codeOf(error) === "ENOTDIR" || codeOf(error) === "ENAMETOOLONG")
      return undefined;
    throw error;
  }
}

export const codeOf = (error: unknown): string | undefined =>
  (error as NodeJS.ErrnoException).code;
