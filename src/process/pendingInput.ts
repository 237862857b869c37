import type { Definition } from "../domain/definition.ts";
import { hubSources } from "../domain/definition.ts";
import type { Ends, PendingFile } from "../domain/records.ts";
import { takeOldest, type TakenLink } from "../domain/slices.ts";
import type { Gap } from "../domain/waiting.ts";
import { arrivalsOf } from "../ledger/arrivals.ts";
import { claimedFiles } from "../ledger/claims.ts";
import type { AppContext } from "../context.ts";

/** What a batch of the pipeline could take now. */
export interface PendingInput {
  readonly links: readonly TakenLink[];
  readonly files: readonly PendingFile[];
  readonly ahead: number;
  readonly lastEnqueuedAt?: string;
  /** Milliseconds, the lake's clock. */
  readonly lastLandedAt?: number;
  readonly gaps: readonly Gap[];
}

export const NO_INPUT: PendingInput = {
  links: [],
  files: [],
  ahead: 0,
  gaps: [],
};

export async function readPendingInput(
  context: AppContext,
  definition: Definition,
  ends: Ends,
): Promise<PendingInput> {
  const { maxEvents, maxFiles } = definition.batching;
  const hubs = [
    ...new Set(hubSources(definition).map(({ source }) => source.hub)),
  ];
  const [arrivals, files] = await Promise.all([
    Promise.all(hubs.map((hub) => arrivalsOf(context, hub, ends, maxEvents))),
    claimedFiles(context.lake, definition.pipeline, maxFiles),
  ]);
  const enqueued = arrivals.flatMap(
    ({ lastEnqueuedAt }) => lastEnqueuedAt ?? [],
  );
  const landed = arrivals.flatMap(({ lastLandedAt }) => lastLandedAt ?? []);
  return {
    links: takeOldest(
      arrivals.flatMap(({ chains }) => chains),
      maxEvents,
    ),
    files,
    ahead: arrivals.reduce((sum, { ahead }) => sum + ahead, 0),
    gaps: arrivals.flatMap(({ gaps }) => gaps),
    ...(enqueued.length === 0
      ? {}
      : { lastEnqueuedAt: enqueued.sort().at(-1) ?? "" }),
    ...(landed.length === 0 ? {} : { lastLandedAt: Math.max(...landed) }),
  };
}
