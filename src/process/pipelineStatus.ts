import type { AppContext } from "../context.ts";
import { askedOf } from "../domain/sortRequests.ts";
import { inputStatusPath } from "../domain/paths.ts";
import type { InputStatus } from "../domain/records.ts";
import { eventsOf } from "../domain/slices.ts";
import {
  isBehind,
  type NewestBatch,
  type PipelineStatus,
} from "../domain/waiting.ts";
import { findNewestBatch, type Newest } from "../ledger/batches.ts";
import { needDefinition } from "../ledger/definitions.ts";
import { replaceDocument } from "../ledger/documents.ts";
import { hasActiveRun } from "./activeRuns.ts";
import {
  NO_INPUT,
  readPendingInput,
  type PendingInput,
} from "./pendingInput.ts";
import { readRequests } from "./settleRequests.ts";
import { gapFound, ingestionBehind } from "../telemetry/events.ts";

/** Looks at what a pipeline has done and what waits for it, and leaves what it saw in the lake. It plans nothing. */
export async function readPipelineStatus(
  context: AppContext,
  { pipeline }: { pipeline: string },
): Promise<PipelineStatus> {
  const definition = needDefinition(context.pipelines, pipeline);
  const found = await findNewestBatch(context, pipeline);
  // A batch that has not ended comes first whatever else waits: nobody need look for input.
  const canFollow = found === undefined || found.state.state === "ended";
  const [requests, input] = await Promise.all([
    readRequests(context, pipeline, found),
    canFollow
      ? readPendingInput(context, definition, found?.manifest)
      : NO_INPUT,
  ]);
  for (const gap of input.gaps) gapFound(context.log, { pipeline, ...gap });

  const newest = found && {
    ...found.state,
    ...(await readActivity(context, found, requests.skips.length > 0)),
  };
  const asked = askedOf(requests, newest);
  const status: PipelineStatus = {
    at: new Date(context.now()).toISOString(),
    batching: definition.batching,
    definition: definition.digest,
    ...(newest ? { newest } : {}),
    ...(asked === undefined ? {} : { asked }),
    waiting: waitingOf(input),
    notLandedEvents: input.notLandedEvents,
    ...(input.lastEnqueuedAt === undefined
      ? {}
      : { lastEnqueuedAt: input.lastEnqueuedAt }),
    unclaimedFiles: input.unclaimedFiles,
    ...(input.settlesAt === undefined
      ? {}
      : { settlesAt: new Date(input.settlesAt).toISOString() }),
    gaps: input.gaps.slice(0, MAX_GAPS),
  };
  if (isBehind(status))
    ingestionBehind(context.log, { pipeline, events: status.notLandedEvents });
  if (canFollow) await noteInput(context, pipeline, status);
  return status;
}

/** For health, which many may ask for at once: one write a look. */
async function noteInput(
  { lake }: AppContext,
  pipeline: string,
  { at, waiting, notLandedEvents, lastEnqueuedAt, gaps }: PipelineStatus,
): Promise<void> {
  const seen: InputStatus = {
    version: 3,
    at,
    waitingEvents: waiting.events,
    waitingFiles: waiting.files,
    notLandedEvents,
    ...(lastEnqueuedAt === undefined ? {} : { lastEnqueuedAt }),
    isFull: waiting.isFull === true,
    gaps,
  };
  await replaceDocument(lake, inputStatusPath(pipeline), seen);
}

/** An orchestration's payload stays small; the log has them all. */
const MAX_GAPS = 20;

/** Only what is to follow a batch, or to skip it, has to know whether its job runs have ended. */
async function readActivity(
  context: AppContext,
  { manifest, state }: Newest,
  isToBeSkipped: boolean,
): Promise<Pick<NewestBatch, "hasActiveRun">> {
  const hasEnded = state.state === "ended";
  if (!hasEnded && !isToBeSkipped) return {};
  return { hasActiveRun: await hasActiveRun(context, manifest, hasEnded) };
}

function waitingOf({
  slices: fresh,
  recovered,
  closedGaps,
  files,
  isFull,
  lastLandedAt,
}: PendingInput): PipelineStatus["waiting"] {
  const slices = [...fresh, ...recovered];
  const gapEvents = eventsOf(closedGaps);
  // A claim's time is our clock, a landing's the lake's: both are the time that the thing arrived, to a second or so.
  const claimed = files.map(({ claimedAt }) => Date.parse(claimedAt));
  const arrived = [...slices.map(({ landedAt }) => landedAt), ...claimed];
  const latest = [...claimed, lastLandedAt ?? -Infinity];
  const firstAt = arrived.reduce((a, b) => Math.min(a, b), Infinity);
  const lastAt = latest.reduce((a, b) => Math.max(a, b), -Infinity);
  return {
    events: eventsOf(slices),
    files: files.length,
    ...(isFull ? { isFull } : {}),
    ...(gapEvents > 0 ? { gapEvents } : {}),
    ...(Number.isFinite(firstAt)
      ? { firstAt: new Date(firstAt).toISOString() }
      : {}),
    ...(Number.isFinite(lastAt)
      ? { lastAt: new Date(lastAt).toISOString() }
      : {}),
  };
}
