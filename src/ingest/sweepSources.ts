import type { AppContext } from "../context.ts";
import { sourceKinds } from "../sources/index.ts";
import { NOTHING_TAKEN, type TakenIn } from "../sources/kind.ts";

/** Takes in what nobody announced to a pipeline, so much at most, and answers what it could not take. */
export async function sweepSources(
  context: AppContext,
  pipeline: string,
): Promise<TakenIn> {
  const definition = context.pipelines.definitions.get(pipeline);
  if (!definition) return NOTHING_TAKEN;
  const taken: TakenIn[] = [];
  for (const kind of sourceKinds)
    taken.push(await kind.sweep(context, definition));
  return {
    hasTaken: taken.some(({ hasTaken }) => hasTaken),
    notTaken: taken.flatMap(({ notTaken }) => notTaken),
  };
}
