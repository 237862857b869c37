import { readdirSync } from "node:fs";
import { join } from "node:path";
import { codeOf } from "./containers.ts";
import { fail } from "./errors.ts";
import { isServedName } from "./names.ts";
import type { Entry } from "./entry.ts";
import type { Store } from "./store.ts";

export interface Found {
  /** From the container's root. */
  readonly path: string;
  readonly entry: Entry;
  /** Where the next page begins: after this. */
  readonly token: string;
}

interface Walk {
  /** The folder to begin in, and its path from the container's root (empty for the root). */
  readonly dir: string;
  readonly path: string;
  readonly isDeep: boolean;
  /** Only names of the first level that begin so. */
  readonly namePrefix?: string;
  /** The token of the last one of the page before. */
  readonly after?: string | undefined;
  /** The first path to give, as a path below `dir`, where there is no page before. */
  readonly from?: string | undefined;
}

/**
 * Goes through a folder in the order of full paths, a directory before what is in it. Each folder is read once
 * when it is reached and each file is looked at when it is its turn: a page costs its folders and its files.
 */
export function* walk(store: Store, options: Walk): Generator<Found> {
  const { dir, path, isDeep, namePrefix = "", after, from } = options;
  // A token is the rest of a path below `dir`; a directory's ends with a slash.
  const bound = after ?? from;
  const cut = bound?.indexOf("/") ?? -1;
  const head = cut < 0 ? bound : bound?.slice(0, cut + 1);
  const rest = cut < 0 ? "" : (bound?.slice(cut + 1) ?? "");
  const isGiven = (key: string): boolean =>
    key !== head || (after === undefined && rest === "");
  for (const key of sortedNames(dir)) {
    if (!key.startsWith(namePrefix)) continue;
    if (head !== undefined && key < head) continue;
    const isDirectory = key.endsWith("/");
    const name = isDirectory ? key.slice(0, -1) : key;
    const childPath = path === "" ? name : `${path}/${name}`;
    const file = join(dir, name);
    if (isGiven(key)) {
      const entry = store.entryAt(file);
      // Deleted, or turned from file to directory, since the folder was read.
      if (entry?.isDirectory !== isDirectory) continue;
      yield { path: childPath, entry, token: key };
    } else if (!isDirectory) continue;
    if (!isDirectory || !isDeep) continue;
    const below = walk(store, {
      dir: file,
      path: childPath,
      isDeep,
      ...(key === head &&
        rest !== "" && { [after === undefined ? "from" : "after"]: rest }),
    });
    for (const found of below) yield { ...found, token: key + found.token };
  }
}

/** With a slash after directories, plain comparison gives the order of full paths. */
function sortedNames(dir: string): string[] {
  try {
    return readdirSync(dir, { withFileTypes: true })
      .filter(
        (child) =>
          isServedName(child.name) && (child.isFile() || child.isDirectory()),
      )
      .map((child) => (child.isDirectory() ? `${child.name}/` : child.name))
      .sort((a, b) => (a < b ? -1 : 1));
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return [];
    throw error;
  }
}

/** Takes one page, and the continuation token if there is more. */
export function page(
  found: Generator<Found>,
  most: number,
): { items: Found[]; next: string | undefined } {
  const items: Found[] = [];
  for (const one of found) {
    if (items.length === most) {
      found.return(undefined);
      const last = items.at(-1);
      return { items, next: last && toToken(last.token) };
    }
    items.push(one);
  }
  return { items, next: undefined };
}

const toToken = (token: string): string =>
  Buffer.from(token).toString("base64url");

export const fromToken = (token: string | undefined): string | undefined =>
  token === undefined || token === ""
    ? undefined
    : Buffer.from(token, "base64url").toString();

/**
 * Where a listing of `folder` begins that is to give `wanted` first: a path below the folder, undefined for its first
 * one, false when nothing of the folder comes that late. Flat listings take one level only, as on Azure.
 */
export function startBelow(
  folder: string,
  wanted: string | undefined,
  isDeep: boolean,
): string | undefined | false {
  if (wanted === undefined || wanted === "") return undefined;
  const base = folder === "" ? "" : `${folder}/`;
  if (!wanted.startsWith(base)) return wanted > base ? false : undefined;
  const below = wanted.slice(base.length);
  if (!isDeep && below.replace(/\/$/, "").includes("/"))
    fail("invalidQuery", "A flat listing starts from one level only.");
  return below;
}
