/** Which tables are served, and by which keys: as of the batch that the serving store has, not as of the package. */
import type { Definition } from "../domain/definition.ts";
import { SERVING_KIND } from "../domain/documents.ts";
import { sinkPaths } from "../domain/paths.ts";
import type { SinkHead } from "../domain/records.ts";
import { findBatchEnd } from "../ledger/batches.ts";
import { defineCache } from "../ledger/caches.ts";
import { findDocument } from "../ledger/documents.ts";
import type { AppContext } from "../context.ts";

/** The key's columns, by table. */
type ServedTables = ReadonlyMap<string, readonly string[]>;

/** For so long an answer goes by what is known. */
const FRESH_MS = 1_000;
/** A read that takes longer is left to itself: the next request begins another. */
const HUNG_MS = 10_000;

/** What was delivered last to a sink. It cannot change: a seal is written once. */
interface Delivered {
  readonly batch: number;
  readonly tables: ServedTables;
}

interface Known {
  readAt: number;
  tables: ServedTables;
  reading: Promise<ServedTables> | undefined;
  readingSince: number;
  readonly delivered: Map<string, Delivered>;
}

const NOTHING: Delivered = { batch: 0, tables: new Map() };

const knownTables = defineCache(() => new Map<string, Known>());

/**
 * Costs a read of each serving sink's head, once a second a process and apart from the answers; a batch's end where
 * that head has moved. While the lake does not answer, or hangs, what is known serves on, at any age: only the first
 * answer of a process waits.
 */
export function readServedTables(
  context: AppContext,
  definition: Definition,
): ServedTables | Promise<ServedTables> {
  const all = knownTables(context);
  const known = all.get(definition.pipeline) ?? {
    readAt: -Infinity,
    tables: NOTHING.tables,
    reading: undefined,
    readingSince: -Infinity,
    delivered: new Map<string, Delivered>(),
  };
  all.set(definition.pipeline, known);
  const now = context.now();
  if (now - known.readAt < FRESH_MS) return known.tables;
  if (!known.reading || now - known.readingSince >= HUNG_MS) {
    known.readingSince = now;
    known.reading = readAnew(context, definition, known);
  }
  return known.readAt === -Infinity ? known.reading : known.tables;
}

async function readAnew(
  context: AppContext,
  definition: Definition,
  known: Known,
): Promise<ServedTables> {
  const isFirst = known.readAt === -Infinity;
  const since = known.readingSince;
  try {
    const tables = new Map<string, readonly string[]>();
    for (const [sink, { kind }] of Object.entries(definition.sinks)) {
      if (kind !== SERVING_KIND) continue;
      const before = known.delivered.get(sink) ?? NOTHING;
      const now = await readDelivered(context, definition, sink, before);
      known.delivered.set(sink, now);
      for (const [table, key] of now.tables) tables.set(table, key);
    }
    // A later read has been begun where this one took too long: its word counts.
    if (since === known.readingSince) {
      known.tables = tables;
      known.readAt = context.now();
    }
  } catch (error) {
    if (isFirst) throw error;
    known.readAt = context.now();
  } finally {
    if (since === known.readingSince) known.reading = undefined;
  }
  return known.tables;
}

/** Goes back from the head over skipped batches, as far as what is known: each of them is looked at once. */
async function readDelivered(
  { lake }: AppContext,
  { pipeline }: Definition,
  sink: string,
  known: Delivered,
): Promise<Delivered> {
  const head = await findDocument<SinkHead>(
    lake,
    sinkPaths(pipeline, sink).head,
  );
  const last = (head?.nextBatch ?? 1) - 1;
  for (let batch = last; batch > known.batch; batch -= 1) {
    const end = await findBatchEnd(lake, pipeline, batch);
    if (end?.kind !== "processed") continue;
    const { sinks, tables } = end.process;
    const keys = Object.keys(sinks[sink]?.tables ?? {}).map(
      (table) => [table, tables[table]?.key ?? []] as const,
    );
    return { batch: last, tables: new Map(keys) };
  }
  return { ...known, batch: Math.max(last, known.batch) };
}
