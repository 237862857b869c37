import { randomBytes } from "node:crypto";
import { eventSources } from "../domain/definition.ts";
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
import type { Ports } from "../ports.ts";
import {
  batchAdopted,
  batchPlanned,
  batchUnblocked,
  type Log,
} from "../telemetry/events.ts";
import { readWaitingInput } from "./waitingInput.ts";

export interface BatchRef {
  readonly pipeline: string;
  readonly batch: number;
}

/**
 * The batch to run next: the newest one where it is not done, else a new one; nothing where there is nothing to do.
 * Safe to run twice, and by two at once: the manifest is created once, and the loser goes on with the winner's.
 */
export async function planBatch(
  ports: Ports,
  { pipeline }: { pipeline: string },
  log: Log,
): Promise<BatchRef | null> {
  const newest = await newestBatch(ports, pipeline);
  if (newest && newest.state.state !== "done") {
    if (
      newest.state.state === "blocked" &&
      !(await unblock(ports, newest, log))
    )
      return null;
    batchAdopted(log, { pipeline, batch: newest.state.batch });
    return { pipeline, batch: newest.state.batch };
  }
  return (await planNext(ports, pipeline, newest, log))
    ? { pipeline, batch: (newest?.state.batch ?? 0) + 1 }
    : null;
}

async function planNext(
  ports: Ports,
  pipeline: string,
  newest: Newest | undefined,
  log: Log,
): Promise<boolean> {
  const { lake } = ports;
  const definition = needDefinition(ports.pipelines, pipeline);
  // Before anything is planned: what the newest manifest lists is planned.
  if (newest) await settlePlanned(lake, newest.manifest);
  const ends = newest?.manifest.ends ?? {};
  const batch = (newest?.state.batch ?? 0) + 1;
  const input = await readWaitingInput(ports, definition, ends, log);
  const files = await reserveFiles(lake, pipeline, batch, input.files);
  const hasNewDefinition =
    newest !== undefined && newest.state.definition !== definition.digest;
  if (input.links.length + files.length === 0 && !hasNewDefinition)
    return false;

  await storeDefinition(ports, definition);
  const { incarnation } = await createOrAdopt<IncarnationRecord>(
    lake,
    incarnationPath(pipeline),
    {
      version: 1,
      incarnation: incarnationOf(new Date(ports.now()), randomBytes(3)),
    },
  );
  const manifest = manifestOf({
    pipeline,
    incarnation,
    batch,
    definition: definition.digest,
    createdAt: new Date(ports.now()).toISOString(),
    sourceOfHub: new Map(
      eventSources(definition).map(({ name, source }) => [source.hub, name]),
    ),
    links: input.links,
    files,
    ends,
  });
  if (
    await createDocument(lake, batchPaths(pipeline, batch).manifest, manifest)
  )
    batchPlanned(log, {
      pipeline,
      batch,
      kind: manifest.kind,
      events: eventsOf(input.links),
      files: files.length,
    });
  else batchAdopted(log, { pipeline, batch });
  return true;
}

/** Another definition, or the time to try again, gives a blocked batch new attempts. */
async function unblock(
  ports: Ports,
  { manifest, state }: Newest,
  log: Log,
): Promise<boolean> {
  const { lake } = ports;
  const { batch } = state;
  const { pipeline } = manifest;
  const definition = needDefinition(ports.pipelines, pipeline);
  const isDue =
    state.retryAt !== undefined && Date.parse(state.retryAt) <= ports.now();
  if (state.definition === definition.digest && !isDue) return false;
  const paths = batchPaths(pipeline, batch);
  await storeDefinition(ports, definition);
  const override: DefinitionOverride = {
    version: 1,
    definition: definition.digest,
    firstAttempt: (await lastAttempt(lake, pipeline, batch)) + 1,
  };
  await replaceDocument(lake, paths.definition, override);
  await lake.remove(paths.blocked);
  batchUnblocked(log, { pipeline, batch, definition: definition.digest });
  return true;
}
