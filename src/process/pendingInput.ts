import type { AppContext } from "../context.ts";
import type { Definition } from "../domain/definition.ts";
import type { Manifest } from "../domain/records.ts";
import {
  MAX_SLICES,
  takeOldest,
  type TakenGap,
  type TakenSlice,
} from "../domain/slices.ts";
import { without } from "../domain/without.ts";
import { sourceKinds } from "../sources/index.ts";
import { NO_ARRIVALS, sumArrivals, type Arrivals } from "../sources/kind.ts";

/** What a batch of the pipeline could take now, and what is on its way. */
export interface PendingInput extends Omit<Arrivals, "partitions"> {
  readonly slices: readonly TakenSlice[];
  /** Events that the batch accounts for without having them. */
  readonly closedGaps: readonly TakenGap[];
}

export const NO_INPUT: PendingInput = {
  ...without(NO_ARRIVALS, "partitions"),
  slices: [],
  closedGaps: [],
};

/** Input after what the newest manifest has planned. It costs O(new input), as each kind of source says. */
export async function readPendingInput(
  context: AppContext,
  definition: Definition,
  planned: Planned | undefined,
): Promise<PendingInput> {
  const { maxEvents, maxFiles } = definition.batching;
  const position = {
    pipeline: definition.pipeline,
    ...{ ends: planned?.ends ?? {}, awaited: planned?.awaited ?? [] },
    ...{ maxEvents, maxFiles },
  };
  const found = await Promise.all(
    sourceKinds.map((kind) => kind.readArrivals(context, definition, position)),
  );
  const { partitions, isFull, ...input } = sumArrivals(found);
  const { slices, closedGaps } = takeOldest(partitions, maxEvents);
  return {
    ...input,
    slices,
    closedGaps,
    isFull: isFull || slices.length + closedGaps.length >= MAX_SLICES,
  };
}

/** The part of a manifest that says what is planned already. */
export type Planned = Pick<Manifest, "ends" | "awaited">;

/** Whether anything has arrived after what is planned. It costs what each kind's `hasArrivals` says. */
export async function hasPendingInput(
  context: AppContext,
  definition: Definition,
  planned: Planned | undefined,
): Promise<boolean> {
  const position = {
    ends: planned?.ends ?? {},
    awaited: planned?.awaited ?? [],
  };
  for (const kind of sourceKinds)
    if (await kind.hasArrivals(context, definition, position)) return true;
  return false;
}
