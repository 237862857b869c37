import type { FoundFile, Lake } from "../../../src/adapters/lake/index.ts";
import { checkDocument, isPart } from "./documentCheck.ts";

interface Stored {
  readonly content: Buffer;
  readonly etag: string;
  readonly modifiedAt: number;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface MemoryLake extends Lake {
  readonly files: Map<string, Stored>;
  /** Paths on which somebody holds a lease. */
  readonly leased: Set<string>;
  /** Writes as a producer does: over what is there, with a new ETag. */
  drop(path: string, content: string, modifiedAt?: number): void;
  json(path: string): unknown;
  /** Writes as another part of Assay does: a document that its schema refuses is a mistake of the test. */
  put(path: string, document: unknown): void;
  /** Operations so far, by name. */
  readonly counts: Map<string, number>;
}

/** `isChecked`: each document is held against its schema, which costs more than everything else. */
export function memoryLake(
  now: () => number = Date.now,
  isChecked = true,
): MemoryLake {
  const check: typeof checkDocument = (...written) => {
    if (isChecked) checkDocument(...written);
  };
  const files = new Map<string, Stored>();
  const leased = new Set<string>();
  const counts = new Map<string, number>();
  let writes = 0;

  const store = (
    path: string,
    content: Buffer | string,
    metadata = {},
    modifiedAt = now(),
  ): void => {
    writes += 1;
    files.set(path, {
      content: Buffer.from(content),
      etag: `0x${writes.toString(16).toUpperCase()}`,
      modifiedAt,
      metadata,
    });
  };
  const found = (path: string): FoundFile | undefined => {
    const file = files.get(path);
    if (!file) return undefined;
    const { content, etag, modifiedAt, metadata } = file;
    return {
      path,
      etag,
      bytes: content.length,
      modifiedAt,
      metadata,
      isCopying: false,
      isLeased: leased.has(path),
    };
  };
  const operation =
    <A extends unknown[], R>(name: string, run: (...parameters: A) => R) =>
    (...parameters: A): Promise<R> => {
      counts.set(name, (counts.get(name) ?? 0) + 1);
      return Promise.resolve(run(...parameters));
    };

  return {
    files,
    leased,
    counts,
    drop: (path, content, modifiedAt) => {
      if (isPart(path)) check(path, content);
      store(path, content, {}, modifiedAt);
    },
    json: (path) =>
      JSON.parse(files.get(path)?.content.toString() ?? "null") as unknown,
    put: (path, document) => {
      const text = JSON.stringify(document);
      check(path, text);
      store(path, text);
    },
    find: operation("find", found),
    read: operation("read", (path: string) => {
      const file = files.get(path);
      return file && { text: file.content.toString(), etag: file.etag };
    }),
    readLines: operation("readLines", (path: string) => {
      const text = files.get(path)?.content.toString();
      return text === undefined ? undefined : linesOf(text);
    }),
    createOnce: operation(
      "createOnce",
      (
        path: string,
        content: Buffer | string,
        metadata?: Readonly<Record<string, string>>,
      ) => {
        check(path, content);
        if (files.has(path)) return false;
        store(path, content, metadata);
        return true;
      },
    ),
    replace: operation(
      "replace",
      (path: string, content: string, etag?: string) => {
        check(path, content);
        if (etag !== undefined && files.get(path)?.etag !== etag) return false;
        store(path, content);
        return true;
      },
    ),
    move: operation("move", (from: string, to: string, etag: string) => {
      const file = files.get(from);
      if (file?.etag !== etag) return false;
      files.delete(from);
      files.set(to, file);
      return true;
    }),
    remove: operation("remove", (path: string) => {
      files.delete(path);
    }),
    removeFolder: operation("removeFolder", (folder: string) => {
      for (const path of files.keys())
        if (path.startsWith(`${folder}/`)) files.delete(path);
    }),
    list: operation("list", (folder: string) =>
      [...files.keys()]
        .filter((path) => path.startsWith(`${folder}/`))
        .sort()
        .flatMap((path) => found(path) ?? []),
    ),
    listSome: operation("listSome", (folder: string, most: number, from = "") =>
      [...files.keys()]
        .filter((path) => path.startsWith(`${folder}/`))
        .filter((path) => path.slice(folder.length + 1) >= from)
        .sort()
        .slice(0, most)
        .flatMap((path) => found(path) ?? []),
    ),
    listFolders: operation("listFolders", (folder: string) => [
      ...new Set(
        [...files.keys()]
          .filter((path) => path.startsWith(`${folder}/`))
          .map((path) => path.slice(folder.length + 1).split("/")[0] ?? ""),
      ),
    ]),
  };
}

// eslint-disable-next-line @typescript-eslint/require-await -- The lake's lines come one after another.
async function* linesOf(text: string): AsyncGenerator<string> {
  yield* text.replace(/\n$/, "").split("\n");
}

/** The lake as one actor sees it: `before` runs ahead of each of its operations, lets others go first, or throws. */
export function seenBy(lake: Lake, before: () => Promise<unknown>): Lake {
  return new Proxy(lake, {
    get(target, name: keyof Lake) {
      const operation = target[name].bind(target) as (
        ...parameters: unknown[]
      ) => Promise<unknown>;
      return async (...parameters: unknown[]) => {
        await before();
        return operation(...parameters);
      };
    },
  });
}
