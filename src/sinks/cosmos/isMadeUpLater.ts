import type { AppContext } from "../../context.ts";
import { findBatchEnd, findNewestBatchNumber } from "../../ledger/batches.ts";
import { defineCache } from "../../ledger/caches.ts";
import type { HeadPosition } from "../../ledger/heads.ts";
import type { SinkRef } from "../kind.ts";

/** What the batches from `low` to `high`, which have ended and do not change any more, say of one sink. */
interface Scan {
  low: number;
  high: number;
  /** The tables that the newest of them that was processed names. */
  named?: ReadonlySet<string>;
  /** The newest of them with a snapshot, by table. */
  readonly snapshots: Map<string, number>;
}

/** By pipeline and sink. */
const scans = defineCache(() => new Map<string, Scan>());

/**
 * Whether what a batch holds of a table need not be written any more: a later batch holds a snapshot for this sink, or
 * the newest one does not deliver the table to it. Looks backwards; each process reads a batch at most once.
 */
export async function isMadeUpLater(
  context: AppContext,
  {
    pipeline,
    sink,
    from,
  }: SinkRef & { readonly from: Pick<HeadPosition, "batch"> },
  table: string,
): Promise<boolean> {
  const newest = await findNewestBatchNumber(context, pipeline);
  const name = `${pipeline}/${sink}`;
  const scan: Scan = scans(context).get(name) ?? {
    low: newest,
    high: newest - 1,
    snapshots: new Map(),
  };
  scans(context).set(name, scan);

  const look = async (batch: number): Promise<boolean> => {
    const end = await findBatchEnd(context.lake, pipeline, batch);
    if (!end) return false;
    if (end.kind === "skipped") return true;
    const tables = end.process.sinks[sink]?.tables ?? {};
    const isNewest = batch > scan.high;
    if (isNewest || !scan.named) scan.named = new Set(Object.keys(tables));
    for (const [each, mode] of Object.entries(tables))
      if (mode === "snapshot" && (isNewest || !scan.snapshots.has(each)))
        scan.snapshots.set(each, batch);
    return true;
  };
  while (scan.high < newest && (await look(scan.high + 1))) scan.high += 1;
  const answer = (): boolean | undefined =>
    scan.named?.has(table) === false ||
    (scan.snapshots.get(table) ?? 0) > from.batch ||
    undefined;
  while (answer() === undefined && scan.low > from.batch + 1) {
    await look(scan.low - 1);
    scan.low -= 1;
  }
  return answer() ?? false;
}
