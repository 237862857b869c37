/** How far the sinks of a pipeline are. */
import { isHeldBy, type HeldBatch } from "../domain/sinkHeads.ts";
import type { Definition, SinkDefinition } from "../domain/definition.ts";
import { batchPaths, sinkPaths, sinksFolder } from "../domain/paths.ts";
import type { SinkHead } from "../domain/records.ts";
import {
  findBatchEnd,
  findNewestBatchNumber,
  hasBatchEnded,
} from "../ledger/batches.ts";
import { findDocument } from "../ledger/documents.ts";
import type { AppContext } from "../context.ts";
import type { DeliveryState } from "./views/batches.ts";
import type { SinkState, SinkView } from "./views/pipelines.ts";

export type SinkHeads = ReadonlyMap<string, SinkHead>;

/** A read of each. A sink that no batch has named yet has no head. */
export async function readHeads(
  { lake }: AppContext,
  pipeline: string,
  sinks: readonly string[],
): Promise<SinkHeads> {
  const heads = await Promise.all(
    sinks.map(async (sink) => {
      const path = sinkPaths(pipeline, sink).head;
      return [sink, await findDocument<SinkHead>(lake, path)] as const;
    }),
  );
  return new Map(
    heads.flatMap(([sink, head]) => (head ? [[sink, head] as const] : [])),
  );
}

/**
 * The sinks of the definition, and those that were removed from it. Costs a listing of the sinks' folder, a read of
 * each head, a look at one batch for each sink that is behind, and a read of it where another sink delivers first.
 */
export async function readSinks(
  context: AppContext,
  { pipeline, sinks }: Definition,
): Promise<Record<string, SinkView>> {
  const known = await context.lake.listFolders(sinksFolder(pipeline));
  const names = [...new Set([...Object.keys(sinks), ...known])];
  const [heads, lastEnded] = await Promise.all([
    readHeads(context, pipeline, names),
    readLastEnded(context, pipeline),
  ]);
  const views = await Promise.all(
    names.map(async (name) => {
      const [definition, head] = [sinks[name], heads.get(name)];
      const batches =
        head === undefined || head.retiredAt !== undefined
          ? 0
          : Math.max(0, lastEnded + 1 - head.nextBatch);
      const seconds =
        head === undefined || batches === 0
          ? 0
          : await readSecondsSinceEnd(context, pipeline, head.nextBatch);
      const next =
        head !== undefined && batches > 0 && definition?.after !== undefined
          ? await findBatchEnd(context.lake, pipeline, head.nextBatch)
          : undefined;
      const isHeld =
        next?.kind === "processed" &&
        isHeldBy(
          next.process,
          definition?.after,
          heads.get(definition?.after ?? ""),
        );
      const view: SinkView = {
        kind: definition?.kind ?? head?.kind ?? "unknown",
        tables: definition?.tables ?? [],
        ...(definition?.after === undefined ? {} : { after: definition.after }),
        state: stateOf(head, batches, isHeld),
        behind: { batches, seconds },
        ...(head ? { movedAt: head.updatedAt } : {}),
        refused: head?.refused ?? 0,
        ...(head?.blocked ? { blocked: blockedOf(head.blocked) } : {}),
      };
      return [name, view] as const;
    }),
  );
  return Object.fromEntries(views);
}

function stateOf(
  head: SinkHead | undefined,
  batches: number,
  isHeld: boolean,
): SinkState {
  if (head?.retiredAt !== undefined) return "retired";
  if (head?.blocked) return "blocked";
  if (head === undefined || batches === 0) return "idle";
  return isHeld ? "waiting" : "delivering";
}

/** What became of a processed batch at a sink that it names. */
export function deliveryOf(
  batch: HeldBatch,
  sink: string,
  definition: SinkDefinition | undefined,
  heads: SinkHeads,
): DeliveryState {
  const head = heads.get(sink);
  if (head === undefined || head.nextBatch < batch.batch) return "waiting";
  if (head.nextBatch > batch.batch) return "delivered";
  if (head.blocked) return "blocked";
  const { after } = definition ?? {};
  return isHeldBy(batch, after, heads.get(after ?? ""))
    ? "waiting"
    : "delivering";
}

const blockedOf = ({
  code,
  message,
  fault,
  since,
  retryAt,
}: NonNullable<SinkHead["blocked"]>): NonNullable<SinkView["blocked"]> => ({
  code,
  message,
  fault,
  since,
  retryAt,
});

/** The newest batch that has ended; 0 when there is none. Only the newest of all can be without an end. */
async function readLastEnded(
  context: AppContext,
  pipeline: string,
): Promise<number> {
  const newest = await findNewestBatchNumber(context, pipeline);
  if (newest === 0) return 0;
  return (await hasBatchEnded(context.lake, pipeline, newest))
    ? newest
    : newest - 1;
}

/** By the lake's clock: the end of a batch itself names no time, for every writer of it writes the same. */
async function readSecondsSinceEnd(
  { lake, now }: AppContext,
  pipeline: string,
  batch: number,
): Promise<number> {
  const { process, skipped } = batchPaths(pipeline, batch);
  const end = (await lake.find(process)) ?? (await lake.find(skipped));
  return end === undefined
    ? 0
    : Math.max(0, Math.floor((now() - end.modifiedAt) / 1000));
}
