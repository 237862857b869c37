import { errors, fail } from "../errors.ts";
import {
  DEFAULT_PAGE_ITEMS,
  LARGEST_PAGE_ITEMS,
  MAX_PAGE_BYTES,
} from "../limits.ts";
import { header, type Reply, type Request } from "../request.ts";

/** How many items the client wants at most; -1 leaves it to the service. */
export function pageSize(request: Request): number {
  const wanted = header(request, "x-ms-max-item-count");
  if (wanted === undefined) return DEFAULT_PAGE_ITEMS;
  const size = Number(wanted);
  if (!Number.isInteger(size) || size === 0 || size < -1)
    fail(errors.badRequest, `x-ms-max-item-count ${wanted} is invalid.`);
  return size === -1 ? LARGEST_PAGE_ITEMS : size;
}

/** Collects the JSON of items until the page is full, by count or by size. */
export class Page {
  readonly texts: string[] = [];
  bytes = 0;
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  /** Adds an item, or tells that it belongs on the next page. */
  add(text: string): boolean {
    const bytes = Buffer.byteLength(text);
    // One item always fits: 2 MB at most.
    const isFull =
      this.texts.length >= this.#size ||
      (this.texts.length > 0 && this.bytes + bytes > MAX_PAGE_BYTES);
    if (isFull) return false;
    this.texts.push(text);
    this.bytes += bytes;
    return true;
  }
}

/** The envelope of every list: `{_rid, <name>: […], _count}`. */
export const feedReply = (
  name: string,
  rid: string,
  texts: readonly string[],
  headers: Readonly<Record<string, string | number>> = {},
): Reply => ({
  status: 200,
  body: `{"_rid":${JSON.stringify(rid)},${JSON.stringify(name)}:[${texts.join(",")}],"_count":${String(texts.length)}}`,
  headers: { "x-ms-item-count": texts.length, ...headers },
});
