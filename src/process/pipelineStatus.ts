import type { AppContext } from "../context.ts";
import { askedOf } from "../domain/sortRequests.ts";
import { sumNotLanded } from "../domain/notLanded.ts";
import { eventsOf } from "../domain/slices.ts";
import {
  isAskedFor,
  isBehind,
  type NewestBatch,
  type PipelineStatus,
} from "../domain/waiting.ts";
import { findNewestBatch, type Newest } from "../ledger/batches.ts";
import { needDefinition } from "../ledger/definitions.ts";
import { hasActiveRun } from "./activeRuns.ts";
import { MAX_GAPS, noteSeen } from "./noteSeen.ts";
import {
  NO_INPUT,
  readPendingInput,
  type PendingInput,
} from "./pendingInput.ts";
import { readRequests } from "./settleRequests.ts";
import { gapFound, ingestionBehind } from "../telemetry/events.ts";

/**
 * Looks at what a pipeline has done and what waits for it, and leaves what it saw in the lake. It plans nothing. It
 * costs, beside what the input costs, a read and a write of what was seen.
 */
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

  // What was seen is noted, whether or not Databricks answers.
  const [activity] = await Promise.allSettled([
    found && readActivity(context, found, requests.skips.length > 0),
  ]);
  const active = activity.status === "fulfilled" ? activity.value : undefined;
  const asked = askedOf(requests, found?.state);
  const known = {
    at: new Date(context.now()).toISOString(),
    definition: definition.digest,
    ...(found ? { newest: { ...found.state, ...active } } : {}),
    ...(asked === undefined ? {} : { asked }),
  };
  const waiting = waitingOf(input);
  const seen = canFollow
    ? await noteSeen(context, pipeline, {
        ...{ at: known.at, newest: found, input, waiting },
        isAsked: isAskedFor(known),
        hasActiveRun: active?.hasActiveRun === true,
      })
    : undefined;
  if (activity.status === "rejected") throw activity.reason;
  const { overdueEvents, ...arriving } = sumNotLanded(
    seen?.notLanded ?? [],
    definition,
    known.at,
  );
  const status: PipelineStatus = {
    ...known,
    batching: definition.batching,
    waiting,
    ...arriving,
    ...(overdueEvents > 0 ? { overdueEvents } : {}),
    ...(seen?.askedSince === undefined ? {} : { askedSince: seen.askedSince }),
    unclaimedFiles: input.unclaimedFiles,
    ...(input.settlesAt === undefined
      ? {}
      : { settlesAt: new Date(input.settlesAt).toISOString() }),
    gaps: input.gaps.slice(0, MAX_GAPS),
  };
  if (isBehind(status))
    ingestionBehind(context.log, { pipeline, events: overdueEvents });
  return status;
}

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
