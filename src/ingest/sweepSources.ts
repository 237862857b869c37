import type { AppContext } from "../context.ts";
import { sourceKinds } from "../sources/index.ts";

/** Takes in what nobody announced to a pipeline. */
export async function sweepSources(
  context: AppContext,
  pipeline: string,
): Promise<void> {
  const definition = context.pipelines.definitions.get(pipeline);
  if (!definition) return;
  for (const kind of sourceKinds) await kind.sweep(context, definition);
}
