/** Documents that a store refuses by their own fault: a file in the lake remembers each, and they are counted. */
import { hash } from "node:crypto";
import type { Lake } from "../adapters/lake/index.ts";
import { sinkPaths } from "../domain/paths.ts";
import type { RefusedDocument } from "../domain/records.ts";
import { findDocument, replaceDocument } from "../ledger/documents.ts";
import type { SinkRef } from "./kind.ts";

const pathOf = (
  { pipeline, sink }: SinkRef,
  table: string,
  key: readonly string[],
): string =>
  sinkPaths(pipeline, sink).refusedOf(
    table,
    hash("sha256", JSON.stringify(key), "hex").slice(0, 32),
  );

/** One listing, of a thousand files unless more were asked for. */
export async function countRefused(
  lake: Lake,
  pipeline: string,
  sink: string,
): Promise<number> {
  return (await lake.list(sinkPaths(pipeline, sink).refused)).length;
}

/** By a new count where documents were refused or accepted again, else as the head says. */
export const refusedNow = async (
  lake: Lake,
  { pipeline, sink }: SinkRef,
  head: { readonly refused: number },
  recount: boolean,
): Promise<number> =>
  recount ? countRefused(lake, pipeline, sink) : head.refused;

/** The refused documents of one table. */
export interface RefusedOfTable {
  /** Whether a document of this key was refused before. */
  has(key: readonly string[]): boolean;
  add(document: RefusedDocument): Promise<void>;
  /** A document of this key was accepted. False when none was refused. */
  clear(key: readonly string[]): Promise<boolean>;
  /** A snapshot is complete: a row that was refused before it, and not in it, is gone from the table. Costs a read of each. */
  clearBefore(batch: number): Promise<void>;
}

/** Lists the refused documents only where there are some, as the head says. */
export async function openRefused(
  lake: Lake,
  ref: SinkRef,
  table: string,
  refused: number,
): Promise<RefusedOfTable> {
  const folder = `${sinkPaths(ref.pipeline, ref.sink).refused}/${table}`;
  const files = refused > 0 ? await lake.list(folder) : [];
  const known = new Set(files.map(({ path }) => path));
  return {
    has: (key) => known.has(pathOf(ref, table, key)),
    async add(document) {
      await replaceDocument(lake, pathOf(ref, table, document.key), document);
    },
    async clear(key) {
      const path = pathOf(ref, table, key);
      if (!known.delete(path)) return false;
      await lake.remove(path);
      return true;
    },
    async clearBefore(batch) {
      for (const path of known) {
        const document = await findDocument<RefusedDocument>(lake, path);
        if (document && document.batch < batch) await lake.remove(path);
      }
    },
  };
}
