import { landingSources } from "../domain/definition.ts";
import { isHidden, isSettled } from "../domain/landing.ts";
import { landingFolder } from "../domain/paths.ts";
import type { AppContext } from "../context.ts";
import { claimFile } from "./claimFile.ts";

/** Claims every dropped file that nobody announced and that nobody writes any more. */
export async function sweepLanding(
  context: AppContext,
  pipeline: string,
): Promise<void> {
  const definition = context.pipelines.definitions.get(pipeline);
  if (!definition) return;
  for (const { source } of landingSources(definition))
    for (const file of await context.lake.list(landingFolder(source.folder))) {
      const { settleSeconds } = context.config.lake;
      if (isHidden(file.path)) continue;
      if (isSettled(file.modifiedAt, context.now(), settleSeconds))
        await claimFile(context, file);
    }
}
