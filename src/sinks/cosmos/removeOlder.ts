import type { AppContext } from "../../context.ts";
import { containerOf, tombstoneOf } from "../../domain/documents.ts";
import { fenceOf } from "../../domain/fences.ts";
import { oldDocumentsRemoved } from "../../telemetry/events.ts";
import type { SinkRef } from "../kind.ts";
import { openRefused } from "../refusedDocuments.ts";
import { patchFound, refusal } from "./writeAll.ts";

const PAGE_SIZE = 500;
/** Pages of one run: about a minute at 4,000 request units a second, far below a function's time-out. */
const MOST_PAGES = 40;

export interface RemoveOlder extends SinkRef {
  readonly batch: number;
  readonly incarnation: string;
  readonly table: string;
  readonly refused: number;
}

/**
 * Once a snapshot is written: documents of older fences are of rows, or of keys, that the table has no more, and
 * become tombstones. Run again, it goes on with those that are left: the documents themselves are its progress. Only
 * an empty page says that none are left, since the store's pages may be shorter than asked for.
 */
export async function removeOlder(
  { lake, store, log }: AppContext,
  { pipeline, sink, batch, incarnation, table, refused }: RemoveOlder,
): Promise<{ readonly kind: "done"; readonly hasMore: boolean }> {
  const container = containerOf(pipeline, table);
  const fence = fenceOf(incarnation, batch);
  let documents = 0;
  let hasMore = true;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const found = await store.findOlder(container, fence, PAGE_SIZE);
    if (found.length === 0) {
      const ref = { pipeline, sink };
      const known = await openRefused(lake, ref, table, refused);
      await known.clearBefore(batch);
      hasMore = false;
      break;
    }
    const left = await patchFound(
      store,
      container,
      found.map((name) => ({
        kind: "patch" as const,
        document: tombstoneOf(name, batch, fence),
        bytes: 0,
      })),
    );
    // Those that are left are found again. When there are no others, to go on would have no end.
    const [stuck] = left;
    if (stuck && left.length === found.length)
      throw refusal(container, { kind: "patch" }, stuck.status);
    documents += found.length - left.length;
  }
  if (documents > 0)
    oldDocumentsRemoved(log, { pipeline, sink, batch, table, documents });
  return { kind: "done", hasMore };
}
