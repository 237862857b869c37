import { randomBytes } from "node:crypto";
import type { AppContext } from "../context.ts";
import type { BatchRef } from "../domain/batchState.ts";
import { sourcesByStream } from "../domain/definition.ts";
import { incarnationOf } from "../domain/identity.ts";
import { batchPaths, incarnationPath } from "../domain/paths.ts";
import { EventsLeftOut, manifestOf, type Plan } from "../domain/planning.ts";
import type { IncarnationRecord, Manifest } from "../domain/records.ts";
import type { ReloadRequest } from "../domain/sortRequests.ts";
import { eventsOf } from "../domain/slices.ts";
import { AssayError } from "../errors.ts";
import type { Newest } from "../ledger/batches.ts";
import { reserveFiles, settlePlanned } from "../ledger/claims.ts";
import { needDefinition, storeDefinition } from "../ledger/definitions.ts";
import { createDocument, createOrAdopt } from "../ledger/documents.ts";
import { ensureHeads } from "../ledger/heads.ts";
import { batchAdopted, batchPlanned, gapClosed } from "../telemetry/events.ts";
import { hasActiveRun } from "./activeRuns.ts";
import { readPendingInput } from "./pendingInput.ts";
import { settleRequests } from "./settleRequests.ts";

/** Plans the batch after `newest`, which has ended. Nothing where there is nothing to do, or a job run of it is active. */
export async function planNext(
  context: AppContext,
  pipeline: string,
  newest: Newest | undefined,
  reloads: readonly ReloadRequest[],
): Promise<BatchRef | null> {
  const { lake, log } = context;
  const next = { pipeline, batch: (newest?.state.batch ?? 0) + 1 };
  if (newest) {
    if (await hasActiveRun(context, newest.manifest, true)) return null;
    // Before anything is planned: what the newest manifest lists is planned.
    await settlePlanned(lake, newest.manifest);
  }
  const definition = needDefinition(context.pipelines, pipeline);
  const ends = newest?.manifest.ends ?? {};
  const input = await readPendingInput(context, definition, newest?.manifest);
  const files = await reserveFiles(lake, pipeline, next.batch, input.files);
  const hasNewDefinition =
    newest !== undefined && newest.state.definition !== definition.digest;
  const { slices, recovered, closedGaps } = input;
  const hasInput =
    [...slices, ...recovered, ...closedGaps, ...files].length > 0;
  const isAskedFor = reloads.length > 0 || newest?.state.isOwed === true;
  if (!hasInput && !hasNewDefinition && !isAskedFor) return null;

  await storeDefinition(context, definition);
  const manifest = manifestOfPlan({
    ...next,
    incarnation: await findIncarnation(context, pipeline),
    definition: definition.digest,
    createdAt: new Date(context.now()).toISOString(),
    sourceOfStream: sourcesByStream(definition),
    slices,
    recovered,
    closedGaps,
    files,
    ends,
    awaited: newest?.manifest.awaited ?? [],
    reloads: pairsOf([...owedReloads(newest), ...reloads]),
    requests: reloads.map(({ id }) => id),
  });
  await ensureHeads(context, definition, next.batch);
  const { manifest: path } = batchPaths(pipeline, next.batch);
  if (await createDocument(lake, path, manifest)) {
    batchPlanned(log, {
      ...next,
      kind: manifest.kind,
      events: eventsOf(manifest.slices),
      files: files.length,
    });
    for (const gap of manifest.gaps ?? []) gapClosed(log, { ...next, ...gap });
    await settleRequests(context, pipeline, reloads);
  } else batchAdopted(log, next);
  return next;
}

/** A plan that the domain refuses is told by a code of its own: it stands until somebody acts. */
function manifestOfPlan(plan: Plan): Manifest {
  try {
    return manifestOf(plan);
  } catch (error) {
    if (!(error instanceof EventsLeftOut)) throw error;
    throw new AssayError("PLAN_BROKEN", error.message, { cause: error });
  }
}

async function findIncarnation(
  { lake, now }: AppContext,
  pipeline: string,
): Promise<string> {
  const made: IncarnationRecord = {
    version: 3,
    incarnation: incarnationOf(new Date(now()), randomBytes(3)),
  };
  const path = incarnationPath(pipeline);
  return (await createOrAdopt(lake, path, made)).incarnation;
}

/** A skipped batch gave no snapshots: they are still owed, with the next batch. */
const owedReloads = (newest: Newest | undefined): Manifest["reloads"] =>
  newest?.end?.kind === "skipped" ? newest.manifest.reloads : [];

/** Each pair of sink and table once, however often it was asked for. */
function pairsOf(
  asked: readonly Manifest["reloads"][number][],
): Manifest["reloads"] {
  const pairs = asked.map(({ sink, table }) =>
    table === undefined ? { sink } : { sink, table },
  );
  return [
    ...new Map(pairs.map((pair) => [JSON.stringify(pair), pair])).values(),
  ];
}
