import type { AppContext } from "../context.ts";
import type { Definition } from "../domain/definition.ts";
import type { Ends } from "../domain/records.ts";
import { takeOldest, type TakenSlice } from "../domain/slices.ts";
import { sourceKinds } from "../sources/index.ts";
import type { Arrivals } from "../sources/kind.ts";

/** What a batch of the pipeline could take now, and what is on its way. */
export interface PendingInput extends Omit<Arrivals, "partitions"> {
  readonly slices: readonly TakenSlice[];
}

export const NO_INPUT: PendingInput = {
  slices: [],
  files: [],
  notLandedEvents: 0,
  unclaimedFiles: 0,
  gaps: [],
};

/** Input after the positions `ends`. It costs O(new input), as each kind of source says. */
export async function readPendingInput(
  context: AppContext,
  definition: Definition,
  ends: Ends,
): Promise<PendingInput> {
  const { maxEvents, maxFiles } = definition.batching;
  const found = await Promise.all(
    sourceKinds.map((kind) =>
      kind.readArrivals(context, definition, { ends, maxEvents, maxFiles }),
    ),
  );
  const enqueued = found.flatMap(({ lastEnqueuedAt }) => lastEnqueuedAt ?? []);
  const landed = found.flatMap(({ lastLandedAt }) => lastLandedAt ?? []);
  return {
    slices: takeOldest(
      found.flatMap(({ partitions }) => partitions),
      maxEvents,
    ),
    files: found.flatMap(({ files }) => files).slice(0, maxFiles),
    notLandedEvents: sumOf(found, "notLandedEvents"),
    unclaimedFiles: sumOf(found, "unclaimedFiles"),
    gaps: found.flatMap(({ gaps }) => gaps),
    ...(enqueued.length === 0
      ? {}
      : { lastEnqueuedAt: enqueued.sort().at(-1) ?? "" }),
    ...(landed.length === 0 ? {} : { lastLandedAt: Math.max(...landed) }),
  };
}

const sumOf = (
  found: readonly Arrivals[],
  count: "notLandedEvents" | "unclaimedFiles",
): number => found.reduce((sum, arrivals) => sum + arrivals[count], 0);

/** Whether anything has arrived after the positions `ends`. It lists no bronze. */
export async function hasPendingInput(
  context: AppContext,
  definition: Definition,
  ends: Ends,
): Promise<boolean> {
  for (const kind of sourceKinds)
    if (await kind.hasArrivals(context, definition, ends)) return true;
  return false;
}
