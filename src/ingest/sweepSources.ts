import type { AppContext } from "../context.ts";
import { sourceKinds } from "../sources/index.ts";
import type { NotTaken } from "../sources/kind.ts";

/** Takes in what nobody announced to a pipeline, and answers what it could not take. */
export async function sweepSources(
  context: AppContext,
  pipeline: string,
): Promise<NotTaken[]> {
  const definition = context.pipelines.definitions.get(pipeline);
  if (!definition) return [];
  const notTaken: NotTaken[] = [];
  for (const kind of sourceKinds)
    notTaken.push(...(await kind.sweep(context, definition)));
  return notTaken;
}
