import type { AppContext } from "../../context.ts";
import { containerOf } from "../../domain/documents.ts";
import type { TableMode } from "../../domain/parts.ts";
import { AssayError } from "../../errors.ts";
import { findHead, moveHead, type HeadMove } from "../../ledger/heads.ts";
import { isMadeUpLater } from "./isMadeUpLater.ts";
import { containersOf, withContainers } from "./record.ts";

export interface OpenContainers extends HeadMove {
  readonly tables: Readonly<Record<string, TableMode>>;
  /** The containers refuse too many documents of the batch, or may: what a later batch makes up for is not tried. */
  readonly isRefusing: boolean;
}

export type Opened =
  /** `passes`: tables of which nothing is to be written, since a later batch makes up for it, or they are not delivered any more. */
  | { readonly kind: "done"; readonly passes: readonly string[] }
  | { readonly kind: "lost" };

/**
 * Looks whether the tables' containers are those that earlier batches were written to. The first parts of a snapshot
 * may go to another one, which is remembered then. Costs a read of each container's properties, and of the head.
 */
export async function openContainers(
  context: AppContext,
  open: OpenContainers,
): Promise<Opened> {
  const { lake, store } = context;
  const { pipeline, sink, from, tables, isRefusing } = open;
  const found = await findHead(lake, pipeline, sink);
  if (!found) return { kind: "lost" };
  const known = containersOf(found.head);
  const opened: Record<string, string> = {};
  const passes: string[] = [];
  for (const [table, mode] of Object.entries(tables)) {
    const id = await store.findContainer(containerOf(pipeline, table));
    const isBegun = mode === "changes" || from.part > 0;
    if (id === undefined || (isBegun && known[table] !== id)) {
      if (!(await isMadeUpLater(context, open, table)))
        throw new AssayError(
          "SINK_TARGET_REPLACED",
          `The container ${containerOf(pipeline, table)} is ${id === undefined ? "not there" : "another one than before"}.`,
        );
      passes.push(table);
    } else if (isRefusing && (await isMadeUpLater(context, open, table)))
      passes.push(table);
    else if (known[table] !== id) opened[table] = id;
  }
  if (Object.keys(opened).length > 0) {
    const moved = await moveHead(lake, open, from, (head) =>
      withContainers(head, opened),
    );
    if (!moved) return { kind: "lost" };
  }
  return { kind: "done", passes };
}
