import { landingSources, type Definition } from "../domain/definition.ts";
import { isHidden } from "../domain/landing.ts";
import { landingFolder } from "../domain/paths.ts";
import { eventsOf } from "../domain/slices.ts";
import { isBehind, type Survey } from "../domain/waiting.ts";
import { newestBatch } from "../ledger/batches.ts";
import { needDefinition } from "../ledger/definitions.ts";
import type { AppContext } from "../context.ts";
import { gapFound, ingestionBehind } from "../telemetry/events.ts";
import { NO_INPUT, readPendingInput } from "../process/pendingInput.ts";

/** Looks at what a pipeline has done and what waits for it. Changes nothing. */
export async function readPipelineStatus(
  context: AppContext,
  { pipeline }: { pipeline: string },
): Promise<Survey> {
  const definition = needDefinition(context.pipelines, pipeline);
  const newest = await newestBatch(context, pipeline);
  // A batch that is not done is run whatever else waits: nobody need look.
  const isRunning = newest?.state.state === "unfinished";
  const [input, landing] = await Promise.all([
    isRunning
      ? NO_INPUT
      : readPendingInput(context, definition, newest?.manifest.ends ?? {}),
    aboutToBeClaimed(context, definition),
  ]);
  for (const gap of input.gaps) gapFound(context.log, { pipeline, ...gap });

  const { links, files } = input;
  // A claim's time is our clock, a landing's the lake's: both are the time that the thing arrived, to a second or so.
  const arrived = [
    ...links.map(({ landedAt }) => landedAt),
    ...files.map(({ claimedAt }) => Date.parse(claimedAt)),
  ];
  const latest = [
    ...files.map(({ claimedAt }) => Date.parse(claimedAt)),
    input.lastLandedAt ?? -Infinity,
  ];
  const firstAt = arrived.reduce((a, b) => Math.min(a, b), Infinity);
  const lastAt = latest.reduce((a, b) => Math.max(a, b), -Infinity);
  const survey: Survey = {
    at: new Date(context.now()).toISOString(),
    batching: definition.batching,
    definition: definition.digest,
    ...(newest ? { newest: newest.state } : {}),
    waiting: {
      events: eventsOf(links),
      files: files.length,
      ...(arrived.length === 0
        ? {}
        : { firstAt: new Date(firstAt).toISOString() }),
      ...(Number.isFinite(lastAt)
        ? { lastAt: new Date(lastAt).toISOString() }
        : {}),
    },
    ahead: input.ahead,
    ...(input.lastEnqueuedAt === undefined
      ? {}
      : { lastEnqueuedAt: input.lastEnqueuedAt }),
    landing,
    gaps: input.gaps.slice(0, MAX_GAPS),
  };
  if (isBehind(survey))
    ingestionBehind(context.log, { pipeline, events: survey.ahead });
  return survey;
}

/** An orchestration's payload stays small; the log has them all. */
const MAX_GAPS = 20;

/** Dropped files so young that the next sweep or two may still find them unsettled. Older ones nobody waits for. */
async function aboutToBeClaimed(
  { lake, config, now }: AppContext,
  definition: Definition,
): Promise<number> {
  const since = now() - (2 * config.lake.settleSeconds + 10) * 1000;
  const counts = await Promise.all(
    landingSources(definition).map(async ({ source }) => {
      const files = await lake.list(landingFolder(source.folder));
      return files.filter(
        ({ path, modifiedAt }) => modifiedAt >= since && !isHidden(path),
      ).length;
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
