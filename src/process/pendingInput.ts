import type { AppContext } from "../context.ts";
import type { Definition } from "../domain/definition.ts";
import type { Ends } from "../domain/records.ts";
import { takeOldest, type TakenSlice } from "../domain/slices.ts";
import { without } from "../domain/without.ts";
import { sourceKinds } from "../sources/index.ts";
import { NO_ARRIVALS, sumArrivals, type Arrivals } from "../sources/kind.ts";

/** What a batch of the pipeline could take now, and what is on its way. */
export interface PendingInput extends Omit<Arrivals, "partitions"> {
  readonly slices: readonly TakenSlice[];
}

export const NO_INPUT: PendingInput = {
  ...without(NO_ARRIVALS, "partitions"),
  slices: [],
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
  const { partitions, files, ...input } = sumArrivals(found);
  return {
    ...input,
    slices: takeOldest(partitions, maxEvents),
    files: files.slice(0, maxFiles),
  };
}

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
