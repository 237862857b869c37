import { randomBytes } from "node:crypto";
import { hubSources } from "../domain/definition.ts";
import { incarnationOf } from "../domain/identity.ts";
import { batchPaths, incarnationPath } from "../domain/paths.ts";
import { manifestOf } from "../domain/planning.ts";
import type {
  DefinitionOverride,
  IncarnationRecord,
} from "../domain/records.ts";
import { eventsOf } from "../domain/slices.ts";
import { lastAttempt } from "../ledger/attempts.ts";
import { newestBatch, type Newest } from "../ledger/batches.ts";
import { reserveFiles, settlePlanned } from "../ledger/claims.ts";
import { needDefinition, storeDefinition } from "../ledger/definitions.ts";
import {
  createDocument,
  createOrAdopt,
  replaceDocument,
} from "../ledger/documents.ts";
import type { AppContext } from "../context.ts";
import {
  batchAdopted,
  batchPlanned,
  batchUnblocked,
} from "../telemetry/events.ts";
import { readPendingInput } from "../process/pendingInput.ts";

export interface BatchRef {
  readonly pipeline: string;
  readonly batch: number;
}

/**
 * The batch to run next: the newest one where it is not done, else a new one; nothing where there is nothing to do.
 * Safe to run twice, and by two at once: the manifest is created once, and the loser goes on with the winner's.
 */
export async function planBatch(
  context: AppContext,
  { pipeline }: { pipeline: string },
): Promise<BatchRef | null> {
  const newest = await newestBatch(context, pipeline);
  if (newest && newest.state.state !== "done") {
    if (newest.state.state === "blocked" && !(await unblock(context, newest)))
      return null;
    batchAdopted(context.log, { pipeline, batch: newest.state.batch });
    return { pipeline, batch: newest.state.batch };
  }
  return (await planNext(context, pipeline, newest))
    ? { pipeline, batch: (newest?.state.batch ?? 0) + 1 }
    : null;
}

async function planNext(
  context: AppContext,
  pipeline: string,
  newest: Newest | undefined,
): Promise<boolean> {
  const { lake } = context;
  const definition = needDefinition(context.pipelines, pipeline);
  // Before anything is planned: what the newest manifest lists is planned.
  if (newest) await settlePlanned(lake, newest.manifest);
  const ends = newest?.manifest.ends ?? {};
  const batch = (newest?.state.batch ?? 0) + 1;
  const input = await readPendingInput(context, definition, ends);
  const files = await reserveFiles(lake, pipeline, batch, input.files);
  const hasNewDefinition =
    newest !== undefined && newest.state.definition !== definition.digest;
  if (input.links.length + files.length === 0 && !hasNewDefinition)
    return false;

  await storeDefinition(context, definition);
  const { incarnation } = await createOrAdopt<IncarnationRecord>(
    lake,
    incarnationPath(pipeline),
    {
      version: 2,
      incarnation: incarnationOf(new Date(context.now()), randomBytes(3)),
    },
  );
  const manifest = manifestOf({
    pipeline,
    incarnation,
    batch,
    definition: definition.digest,
    createdAt: new Date(context.now()).toISOString(),
    sourceOfHub: new Map(
      hubSources(definition).map(({ name, source }) => [source.hub, name]),
    ),
    links: input.links,
    files,
    ends,
  });
  if (
    await createDocument(lake, batchPaths(pipeline, batch).manifest, manifest)
  )
    batchPlanned(context.log, {
      pipeline,
      batch,
      kind: manifest.kind,
      events: eventsOf(input.links),
      files: files.length,
    });
  else batchAdopted(context.log, { pipeline, batch });
  return true;
}

/** Another definition, or the time to try again, gives a blocked batch new attempts. */
async function unblock(
  context: AppContext,
  { manifest, state }: Newest,
): Promise<boolean> {
  const { lake } = context;
  const { batch } = state;
  const { pipeline } = manifest;
  const definition = needDefinition(context.pipelines, pipeline);
  const isDue =
    state.retryAt !== undefined && Date.parse(state.retryAt) <= context.now();
  if (state.definition === definition.digest && !isDue) return false;
  const paths = batchPaths(pipeline, batch);
  await storeDefinition(context, definition);
  const override: DefinitionOverride = {
    version: 2,
    definition: definition.digest,
    firstAttempt: (await lastAttempt(lake, pipeline, batch)) + 1,
  };
  await replaceDocument(lake, paths.definition, override);
  await lake.remove(paths.blocked);
  batchUnblocked(context.log, {
    pipeline,
    batch,
    definition: definition.digest,
  });
  return true;
}
