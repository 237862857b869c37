import { batchStateOf } from "../domain/batchState.ts";
import { batchPaths } from "../domain/paths.ts";
import type { HeldBatch } from "../domain/sinkHeads.ts";
import type {
  AttemptRecord,
  BlockedRecord,
  Manifest,
  ProcessRecord,
} from "../domain/records.ts";
import { refusedShareOf, sharesOfAccount } from "../domain/rows.ts";
import { AssayError } from "../errors.ts";
import { defineCache } from "../ledger/caches.ts";
import { findLastAttemptNumber } from "../ledger/attempts.ts";
import {
  definitionOf,
  findBatchEnd,
  findOverride,
  findNewestBatchNumber,
} from "../ledger/batches.ts";
import { needDefinition } from "../ledger/definitions.ts";
import { findDocument } from "../ledger/documents.ts";
import type { AppContext } from "../context.ts";
import { deliveryOf, readHeads } from "./sinks.ts";
import { without } from "../domain/without.ts";
import type { BatchListView, BatchView } from "./views/batches.ts";

/** A batch without what may still change after its end: how far its sinks are. */
interface KnownBatch {
  readonly view: BatchView;
  readonly sinks: HeldBatch["sinks"];
}

/** Batches that were processed, by pipeline and number: they do not change any more. */
const endedBatches = defineCache(() => new Map<string, KnownBatch>());

/** Of all pipelines together. Who asks for more than the newest is rare. */
const MAX_KNOWN = 1_000;

const NEWEST = 20;

/**
 * The newest batches. Costs a look or two for the newest number; for each batch that was not processed yet, or not asked
 * for since, five reads and a listing of its attempts, and the parsing of its manifest, which names every slice and
 * file (some MB near a batch's limits); and a read a sink. A processed batch is parsed once a process.
 */
export async function describeBatches(
  context: AppContext,
  pipeline: string,
): Promise<BatchListView> {
  needDefinition(context.pipelines, pipeline);
  const newest = await findNewestBatchNumber(context, pipeline);
  const numbers = Array.from(
    { length: Math.min(newest, NEWEST) },
    (_, index) => newest - index,
  );
  const found = await Promise.all(
    numbers.map((batch) => findBatch(context, pipeline, batch)),
  );
  const batches = found.filter((batch) => batch !== undefined);
  return { pipeline, batches: await withSinks(context, pipeline, batches) };
}

/** Costs what one batch of the list costs: nothing grows with the number of batches. */
export async function describeBatch(
  context: AppContext,
  pipeline: string,
  batch: number,
): Promise<BatchView> {
  needDefinition(context.pipelines, pipeline);
  const found = await findBatch(context, pipeline, batch);
  const [view] = await withSinks(context, pipeline, found ? [found] : []);
  if (!view)
    throw new AssayError("BATCH_UNKNOWN", `${pipeline} has no batch ${batch}.`);
  return view;
}

async function withSinks(
  context: AppContext,
  pipeline: string,
  batches: readonly KnownBatch[],
): Promise<BatchView[]> {
  const definitions = needDefinition(context.pipelines, pipeline).sinks;
  const named = new Set(batches.flatMap(({ sinks }) => Object.keys(sinks)));
  const earlier = [...named].flatMap((sink) => definitions[sink]?.after ?? []);
  const heads = await readHeads(context, pipeline, [
    ...new Set([...named, ...earlier]),
  ]);
  return batches.map(({ view, sinks }) => {
    const of = { batch: view.batch, sinks };
    const states = Object.keys(sinks).map((sink) => {
      const state = deliveryOf(of, sink, definitions[sink], heads);
      return [sink, state] as const;
    });
    return states.length === 0
      ? view
      : { ...view, sinks: Object.fromEntries(states) };
  });
}

async function findBatch(
  context: AppContext,
  pipeline: string,
  batch: number,
): Promise<KnownBatch | undefined> {
  const { lake } = context;
  const ended = endedBatches(context);
  const name = `${pipeline}/${batch}`;
  const known = ended.get(name);
  if (known !== undefined) return known;
  const paths = batchPaths(pipeline, batch);
  const [manifest, override, attempt, end, blocked] = await Promise.all([
    findDocument<Manifest>(lake, paths.manifest),
    findOverride(lake, pipeline, batch),
    findLastAttempt(context, pipeline, batch),
    findBatchEnd(lake, pipeline, batch),
    findDocument<BlockedRecord>(lake, paths.blocked),
  ]);
  if (!manifest) return undefined;
  const process = end?.kind === "processed" ? end.process : undefined;
  const skipped = end?.kind === "skipped" ? end.skipped : undefined;
  const view: BatchView = {
    batch,
    kind: manifest.kind,
    state: batchStateOf({
      attempts: attempt !== undefined,
      process: process !== undefined,
      skipped: skipped !== undefined,
      blocked: blocked !== undefined,
    }),
    definition: definitionOf(manifest, override, process),
    createdAt: manifest.createdAt,
    ends: manifest.ends,
    ...(process
      ? { sources: sourcesOf(process), tables: tablesOf(process) }
      : {}),
    ...(skipped ? { sources: skipped.sources } : {}),
    ...(attempt?.seconds === undefined ? {} : { seconds: attempt.seconds }),
    ...(blocked && !end ? { blocked: without(blocked, "version") } : {}),
  };
  const found = { view, sinks: process?.sinks ?? {} };
  // The attempt's seconds are noted after the end of the batch. What counts of a skipped one may change.
  if (process && view.seconds !== undefined) {
    if (ended.size >= MAX_KNOWN) ended.clear();
    ended.set(name, found);
  }
  return found;
}

async function findLastAttempt(
  { lake }: AppContext,
  pipeline: string,
  batch: number,
): Promise<AttemptRecord | undefined> {
  const last = await findLastAttemptNumber(lake, pipeline, batch);
  return last === 0
    ? undefined
    : findDocument(lake, batchPaths(pipeline, batch).attempt(last));
}

const sourcesOf = ({ sources }: ProcessRecord) =>
  Object.fromEntries(
    Object.entries(sources).map(([source, account]) => [
      source,
      { ...account, ...sharesOfAccount(account) },
    ]),
  );

/** The counts; which files hold the change set is the sinks' affair. */
const tablesOf = ({
  tables,
}: ProcessRecord): NonNullable<BatchView["tables"]> =>
  Object.fromEntries(
    Object.entries(tables).map(([table, processed]) => [
      table,
      {
        ...without(processed, "changes", "snapshot"),
        refusedShare: refusedShareOf(processed),
      },
    ]),
  );
