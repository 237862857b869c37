/** Where a pipeline stands, read from the documents of its batches. */
import type { Lake } from "../adapters/lake/index.ts";
import { newestNumber } from "../domain/newest.ts";
import { batchPaths } from "../domain/paths.ts";
import type {
  BlockedRecord,
  DefinitionOverride,
  Manifest,
  ProcessRecord,
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
export async function newestBatchNumber(
  context: BatchPorts,
  pipeline: string,
): Promise<number> {
  const seen = seenNumbers(context);
  const newest = await newestNumber(
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

export const findOverride = (
  lake: Lake,
  pipeline: string,
  batch: number,
): Promise<DefinitionOverride | undefined> =>
  findDocument(lake, batchPaths(pipeline, batch).definition);

/** A batch whose gold was sealed before it was unblocked ends by the sealed definition: its result says which. */
export const definitionOf = (
  manifest: Manifest,
  override: DefinitionOverride | undefined,
  process?: ProcessRecord,
): string => process?.definition ?? override?.definition ?? manifest.definition;

export interface Newest {
  readonly manifest: Manifest;
  readonly state: NewestBatch;
}

/** The newest batch: the only watermark that there is. */
export async function newestBatch(
  context: BatchPorts,
  pipeline: string,
): Promise<Newest | undefined> {
  const batch = await newestBatchNumber(context, pipeline);
  if (batch === 0) return undefined;
  const { lake } = context;
  const paths = batchPaths(pipeline, batch);
  const [manifest, override, process, done, blocked] = await Promise.all([
    needManifest(lake, pipeline, batch),
    findOverride(lake, pipeline, batch),
    findDocument<ProcessRecord>(lake, paths.process),
    lake.find(paths.done),
    findDocument<BlockedRecord>(lake, paths.blocked),
  ]);
  const { createdAt } = manifest;
  const definition = definitionOf(manifest, override, process);
  const known = { batch, createdAt, definition };
  if (done) return { manifest, state: { ...known, state: "done" } };
  if (!blocked) return { manifest, state: { ...known, state: "unfinished" } };
  const { retryAt } = blocked;
  return {
    manifest,
    state: {
      ...known,
      state: "blocked",
      ...(retryAt === undefined ? {} : { retryAt }),
    },
  };
}
