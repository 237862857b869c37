import { batchStateOf, type BatchState } from "../domain/batchState.ts";
import { batchPaths } from "../domain/paths.ts";
import type {
  BlockedRecord,
  DoneRecord,
  Ends,
  Manifest,
  ProcessRecord,
} from "../domain/records.ts";
import { AssayError } from "../errors.ts";
import { defineCache } from "../ledger/caches.ts";
import { lastAttempt } from "../ledger/attempts.ts";
import {
  definitionOf,
  findOverride,
  newestBatchNumber,
} from "../ledger/batches.ts";
import { needDefinition } from "../ledger/definitions.ts";
import { findDocument } from "../ledger/documents.ts";
import type { AppContext } from "../context.ts";

/** A batch, as the API shows it. */
export interface RunView {
  readonly batch: number;
  readonly kind: Manifest["kind"];
  readonly state: BatchState;
  readonly definition: string;
  readonly createdAt: string;
  readonly ends: Ends;
  readonly sources?: ProcessRecord["sources"];
  readonly gold?: object;
  readonly seconds?: DoneRecord["seconds"];
  readonly blocked?: Omit<BlockedRecord, "version">;
}

/** Views of finished batches, by pipeline and number: they do not change any more. */
const finishedViews = defineCache(() => new Map<string, RunView>());

const NEWEST = 20;

export async function describeRuns(
  context: AppContext,
  pipeline: string,
): Promise<{ pipeline: string; runs: RunView[] }> {
  needDefinition(context.pipelines, pipeline);
  const newest = await newestBatchNumber(context, pipeline);
  const numbers = Array.from(
    { length: Math.min(newest, NEWEST) },
    (_, index) => newest - index,
  );
  const runs = await Promise.all(
    numbers.map((batch) => findRun(context, pipeline, batch)),
  );
  return { pipeline, runs: runs.filter((run) => run !== undefined) };
}

export async function describeRun(
  context: AppContext,
  pipeline: string,
  batch: number,
): Promise<RunView> {
  needDefinition(context.pipelines, pipeline);
  const run = await findRun(context, pipeline, batch);
  if (!run)
    throw new AssayError("BATCH_UNKNOWN", `${pipeline} has no batch ${batch}.`);
  return run;
}

async function findRun(
  context: AppContext,
  pipeline: string,
  batch: number,
): Promise<RunView | undefined> {
  const { lake } = context;
  const finished = finishedViews(context);
  const name = `${pipeline}/${batch}`;
  const known = finished.get(name);
  if (known !== undefined) return known;
  const paths = batchPaths(pipeline, batch);
  const [manifest, override, attempts, process, done, blocked] =
    await Promise.all([
      findDocument<Manifest>(lake, paths.manifest),
      findOverride(lake, pipeline, batch),
      lastAttempt(lake, pipeline, batch),
      findDocument<ProcessRecord>(lake, paths.process),
      findDocument<DoneRecord>(lake, paths.done),
      findDocument<BlockedRecord>(lake, paths.blocked),
    ]);
  if (!manifest) return undefined;
  const view: RunView = {
    batch,
    kind: manifest.kind,
    state: batchStateOf({
      attempts: attempts > 0,
      process: process !== undefined,
      done: done !== undefined,
      blocked: blocked !== undefined,
    }),
    definition: definitionOf(manifest, override, process),
    createdAt: manifest.createdAt,
    ends: manifest.ends,
    ...(process ? { sources: process.sources, gold: goldOf(process) } : {}),
    ...(done ? { seconds: done.seconds } : {}),
    ...(blocked && !done ? { blocked: blockedOf(blocked) } : {}),
  };
  if (done) finished.set(name, view);
  return view;
}

/** The counts; the list of the change set's files is the app's own affair. */
const goldOf = ({ gold }: ProcessRecord): object =>
  Object.fromEntries(
    Object.entries(gold).map(([table, counts]) => [
      table,
      without(counts, "changes"),
    ]),
  );

const blockedOf = (blocked: BlockedRecord): NonNullable<RunView["blocked"]> =>
  without(blocked, "version");

const without = <T extends object, K extends keyof T & string>(
  record: T,
  ...names: K[]
): Omit<T, K> =>
  Object.fromEntries(
    Object.entries(record).filter(([name]) => !names.includes(name as K)),
  ) as Omit<T, K>;
