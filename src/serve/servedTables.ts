/** Which tables are served, and by which keys: as of the batch that the serving store has, not as of the package. */
import type { Definition } from "../domain/definition.ts";
import { SERVING_KIND } from "../domain/documents.ts";
import { sinkPaths } from "../domain/paths.ts";
import type { ProcessRecord, SinkHead } from "../domain/records.ts";
import { findBatchEnd } from "../ledger/batches.ts";
import { defineCache } from "../ledger/caches.ts";
import { findDocument } from "../ledger/documents.ts";
import type { AppContext } from "../context.ts";

type Key = readonly string[];

/** A table as the serving store has it. */
export interface ServedTable {
  readonly sink: string;
  /** The columns of its key. */
  readonly key: Key;
  /** The last batch that was delivered. What is of a later one may have another key. */
  readonly batch: number;
  /** A batch is being delivered that changes the key. */
  readonly change?: KeyChange;
}

interface KeyChange {
  readonly batch: number;
  /** Of the whole sink. Once they are all delivered, the documents of the key before are removed. */
  readonly parts: number;
  readonly isWritten: boolean;
}

type ServedTables = ReadonlyMap<string, ServedTable>;

/** For so long an answer goes by what is known. */
const FRESH_MS = 1_000;
/** A read that takes longer is left to itself: the next request begins another. */
const HUNG_MS = 10_000;

/** What was delivered last to a sink. */
interface Delivered {
  readonly batch: number;
  readonly keys: ReadonlyMap<string, Key>;
}

interface Known {
  readAt: number;
  tables: ServedTables;
  reading: Promise<ServedTables> | undefined;
  readingSince: number;
  readonly delivered: Map<string, Delivered>;
}

const NOTHING: Delivered = { batch: 0, keys: new Map() };

const knownTables = defineCache(() => new Map<string, Known>());

/**
 * Costs, once a second a process and apart from the answers, a read of each serving sink's head; a batch's end where
 * that head has moved, or stands within a batch. While the lake does not answer, or hangs, what is known serves on, at any age: only the first
 * answer of a process waits.
 */
export function readServedTables(
  context: AppContext,
  definition: Definition,
): ServedTables | Promise<ServedTables> {
  const all = knownTables(context);
  const known = all.get(definition.pipeline) ?? {
    readAt: -Infinity,
    tables: new Map(),
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
    const tables = new Map<string, ServedTable>();
    for (const [sink, { kind }] of Object.entries(definition.sinks)) {
      if (kind !== SERVING_KIND) continue;
      const before = known.delivered.get(sink) ?? NOTHING;
      const head = await readHead(context, definition, sink);
      const now = await readDelivered(context, definition, head, before);
      known.delivered.set(sink, now);
      const next = await readNext(context, definition, head);
      for (const [table, key] of now.keys) {
        const change = next && changeOf(next, table, key, head);
        const served = { sink, key, batch: now.batch };
        tables.set(table, change ? { ...served, change } : served);
      }
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

/**
 * Whether a change of key that was under way has left the documents of the key before as they were. One read, of the
 * head: they are all there until every part of the batch is noted.
 */
export async function isStillWhole(
  context: AppContext,
  definition: Definition,
  { sink, change }: ServedTable,
): Promise<boolean> {
  if (change === undefined) return true;
  const head = await readHead(context, definition, sink);
  return head.nextBatch === change.batch && head.deliveredParts < change.parts;
}

/** The key's columns that a batch has sealed for a table; undefined where it has not ended or does not have the table. */
export const readSealedKey = async (
  context: AppContext,
  { pipeline }: Definition,
  table: string,
  batch: number,
): Promise<Key | undefined> =>
  (await readSealed(context, pipeline, batch))?.keys.get(table);

/** What a batch has sealed: the keys of all tables, and what it delivers to which sink. It does not change. */
interface Sealed {
  readonly batch: number;
  readonly keys: ReadonlyMap<string, Key>;
  readonly sinks: ReadonlyMap<string, SealedSink>;
}

interface SealedSink {
  readonly tables: readonly string[];
  readonly parts: number;
}

const sealedBatches = defineCache(() => new Map<string, Sealed>());
/** Of all pipelines together: the newest are asked for, again and again. */
const MOST_SEALED = 100;

/** Undefined where the batch has not ended, or was skipped. One read a process, as soon as it was processed. */
async function readSealed(
  context: AppContext,
  pipeline: string,
  batch: number,
): Promise<Sealed | undefined> {
  const all = sealedBatches(context);
  const name = `${pipeline}/${batch}`;
  const known = all.get(name);
  if (known) return known;
  const end = await findBatchEnd(context.lake, pipeline, batch);
  if (end?.kind !== "processed") return undefined;
  const { tables, sinks } = end.process;
  const sealed: Sealed = {
    batch,
    keys: new Map(
      Object.entries(tables).map(([table, { key }]) => [table, key]),
    ),
    sinks: new Map(
      Object.keys(sinks).map((sink) => [sink, sealedFor(end.process, sink)]),
    ),
  };
  if (all.size >= MOST_SEALED) all.clear();
  all.set(name, sealed);
  return sealed;
}

function sealedFor({ sinks, tables }: ProcessRecord, sink: string): SealedSink {
  const modes = Object.entries(sinks[sink]?.tables ?? {});
  const parts = modes.reduce((sum, [table, mode]) => {
    const { changes = [], snapshot = [] } = tables[table] ?? {};
    return sum + (mode === "snapshot" ? snapshot : changes).length;
  }, 0);
  return { tables: modes.map(([table]) => table), parts };
}

type Position = Pick<SinkHead, "sink" | "nextBatch" | "deliveredParts">;

async function readHead(
  { lake }: AppContext,
  { pipeline }: Definition,
  sink: string,
): Promise<Position> {
  const { head: path } = sinkPaths(pipeline, sink);
  const head = await findDocument<SinkHead>(lake, path);
  return head ?? { sink, nextBatch: 1, deliveredParts: 0 };
}

/** The batch that a sink is in the middle of. One without parts has no documents, by whichever key. */
const readNext = (
  context: AppContext,
  { pipeline }: Definition,
  { nextBatch, deliveredParts }: Position,
): Promise<Sealed | undefined> =>
  deliveredParts === 0
    ? Promise.resolve(undefined)
    : readSealed(context, pipeline, nextBatch);

function changeOf(
  { batch, keys, sinks }: Sealed,
  table: string,
  key: Key,
  { sink, deliveredParts }: Position,
): KeyChange | undefined {
  const own = sinks.get(sink);
  const other = own?.tables.includes(table) === true && keys.get(table);
  if (!own || !other || isSameKey(other, key)) return undefined;
  const { parts } = own;
  return { batch, parts, isWritten: deliveredParts >= parts };
}

export const isSameKey = (one: Key, other: Key): boolean =>
  one.length === other.length && one.every((part, at) => part === other[at]);

/** Goes back from the head over skipped batches, as far as what is known: each of them is looked at once. */
async function readDelivered(
  context: AppContext,
  { pipeline }: Definition,
  { sink, nextBatch }: Position,
  known: Delivered,
): Promise<Delivered> {
  const last = nextBatch - 1;
  for (let batch = last; batch > known.batch; batch -= 1) {
    const found = await readSealed(context, pipeline, batch);
    if (!found) continue;
    const tables = found.sinks.get(sink)?.tables ?? [];
    const keys = tables.map(
      (table) => [table, found.keys.get(table) ?? []] as const,
    );
    return { batch: last, keys: new Map(keys) };
  }
  return { ...known, batch: Math.max(last, known.batch) };
}
