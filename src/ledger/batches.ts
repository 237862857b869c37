/** Where a pipeline stands, read from the documents of its batches. */
import type { Lake } from "../adapters/lake/index.ts";
import { findNewestNumber } from "../domain/findNewestNumber.ts";
import { batchPaths } from "../domain/paths.ts";
import type {
  BlockedRecord,
  DefinitionOverride,
  Manifest,
  ProcessRecord,
  SkippedRecord,
} from "../domain/records.ts";
import type { NewestBatch } from "../domain/waiting.ts";
import { findDocument, needDocument } from "./documents.ts";
import { defineCache, type Caches } from "./caches.ts";

export interface BatchPorts {
  readonly lake: Lake;
  readonly caches: Caches;
}

/** The greatest number seen, by pipeline. */
const seenNumbers = defineCache(() => new Map<string, number>());

/** 0 when there is none yet. Numbers begin at 1 and leave none out: manifests are created in order. */
export async function findNewestBatchNumber(
  context: BatchPorts,
  pipeline: string,
): Promise<number> {
  const seen = seenNumbers(context);
  const newest = await findNewestNumber(
    async (batch) =>
      (await context.lake.find(batchPaths(pipeline, batch).manifest)) !==
      undefined,
    seen.get(pipeline),
  );
  seen.set(pipeline, newest);
  return newest;
}

export const needManifest = (
  lake: Lake,
  pipeline: string,
  batch: number,
): Promise<Manifest> =>
  needDocument<Manifest>(lake, batchPaths(pipeline, batch).manifest);

/** The newest manifest that this process has read, by pipeline, with its ETag. */
const newestManifests = defineCache(
  () =>
    new Map<
      string,
      { path: string; etag: string | undefined; manifest: Manifest }
    >(),
);

/** A manifest may name ten thousand slices, and is looked at all the time while its successor is waited for. */
async function readNewestManifest(
  context: BatchPorts,
  pipeline: string,
  batch: number,
): Promise<Manifest> {
  const { lake } = context;
  const path = batchPaths(pipeline, batch).manifest;
  const known = newestManifests(context);
  const before = known.get(pipeline);
  const etag = (await lake.find(path))?.etag;
  if (before?.path === path && before.etag === etag) return before.manifest;
  const manifest = await needManifest(lake, pipeline, batch);
  known.set(pipeline, { path, etag, manifest });
  return manifest;
}

export const findOverride = (
  lake: Lake,
  pipeline: string,
  batch: number,
): Promise<DefinitionOverride | undefined> =>
  findDocument(lake, batchPaths(pipeline, batch).definition);

/** How a batch ended: by its job, or skipped because an operator asked. */
export type BatchEnd =
  | { readonly kind: "processed"; readonly process: ProcessRecord }
  | { readonly kind: "skipped"; readonly skipped: SkippedRecord };

/** Undefined for a batch that has not ended, or does not exist. One read for a processed batch, two for any other. */
export async function findBatchEnd(
  lake: Lake,
  pipeline: string,
  batch: number,
): Promise<BatchEnd | undefined> {
  const paths = batchPaths(pipeline, batch);
  const process = await findDocument<ProcessRecord>(lake, paths.process);
  if (process) return { kind: "processed", process };
  const skipped = await findDocument<SkippedRecord>(lake, paths.skipped);
  return skipped && { kind: "skipped", skipped };
}

/** Whether a batch has ended, without reading how. */
export async function hasBatchEnded(
  lake: Lake,
  pipeline: string,
  batch: number,
): Promise<boolean> {
  const paths = batchPaths(pipeline, batch);
  return (
    (await lake.find(paths.process)) !== undefined ||
    (await lake.find(paths.skipped)) !== undefined
  );
}

/** A batch whose gold was sealed before it was unblocked ends by the sealed definition: its result says which. */
export const definitionOf = (
  manifest: Manifest,
  override: DefinitionOverride | undefined,
  process?: ProcessRecord,
): string => process?.definition ?? override?.definition ?? manifest.definition;

/** The definition of the last batch that was processed before a skipped one, by pipeline. */
const definitionsBefore = defineCache(
  () => new Map<string, { batch: number; definition: string | undefined }>(),
);

/**
 * Whether a skipped batch leaves rows that silver has judged, a change of definition, or snapshots, that a batch without
 * input may bring. What has left nothing behind would fail again as it did: it waits for input, or for another definition.
 * The batch that is planned for it has no input, so it is planned once.
 */
async function isStillOwed(
  context: BatchPorts,
  { pipeline, batch, reloads }: Manifest,
  definition: string,
  { sources }: SkippedRecord,
): Promise<boolean> {
  const hasJudged = Object.values(sources).some(
    (account) =>
      "partitions" in account && Object.keys(account.partitions).length > 0,
  );
  if (hasJudged) return true;
  const hasLeftOut = Object.values(sources).some(
    (account) =>
      account.skipped > 0 || ("files" in account && (account.files ?? 0) > 0),
  );
  if (!hasLeftOut) return false;
  const before = definitionsBefore(context);
  let found = before.get(pipeline);
  if (found?.batch !== batch) {
    found = {
      batch,
      definition: await findDefinitionBefore(context.lake, pipeline, batch),
    };
    before.set(pipeline, found);
  }
  // Before the first processed batch nothing is owed: that one brings snapshots of everything.
  if (found.definition === undefined) return false;
  return reloads.length > 0 || found.definition !== definition;
}

/** Two reads for each skipped batch on the way. */
async function findDefinitionBefore(
  lake: Lake,
  pipeline: string,
  batch: number,
): Promise<string | undefined> {
  for (let before = batch - 1; before >= 1; before -= 1) {
    const end = await findBatchEnd(lake, pipeline, before);
    if (end?.kind === "processed") return end.process.definition;
  }
  return undefined;
}

export interface Newest {
  readonly manifest: Manifest;
  readonly state: NewestBatch;
  /** How it ended; absent where it has not. */
  readonly end?: BatchEnd;
}

/** The newest batch: the only watermark that there is. */
export async function findNewestBatch(
  context: BatchPorts,
  pipeline: string,
): Promise<Newest | undefined> {
  const batch = await findNewestBatchNumber(context, pipeline);
  if (batch === 0) return undefined;
  const { lake } = context;
  const [manifest, override, end, blocked] = await Promise.all([
    readNewestManifest(context, pipeline, batch),
    findOverride(lake, pipeline, batch),
    findBatchEnd(lake, pipeline, batch),
    findDocument<BlockedRecord>(lake, batchPaths(pipeline, batch).blocked),
  ]);
  const { createdAt } = manifest;
  const process = end?.kind === "processed" ? end.process : undefined;
  const definition = definitionOf(manifest, override, process);
  const known = { batch, createdAt, definition };
  if (end) {
    const isOwed =
      end.kind === "skipped" &&
      (await isStillOwed(context, manifest, definition, end.skipped));
    const state = { ...known, state: "ended" as const };
    return { manifest, end, state: isOwed ? { ...state, isOwed } : state };
  }
  if (!blocked) return { manifest, state: { ...known, state: "unfinished" } };
  const { retryAt } = blocked;
  return {
    manifest,
    state: {
      ...known,
      state: "blocked",
      // The override may be newer than what blocked it: whoever unblocked it was killed before removing the block.
      definition: blocked.definition,
      ...(retryAt === undefined ? {} : { retryAt }),
    },
  };
}
