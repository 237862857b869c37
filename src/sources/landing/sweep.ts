import type { AppContext } from "../../context.ts";
import type { Definition } from "../../domain/definition.ts";
import { isHidden, isSettled } from "../../domain/landing.ts";
import { landingFolder } from "../../domain/paths.ts";
import { removeOrphanedClaims } from "../../ledger/claims.ts";
import { claimFile } from "./claimFile.ts";
import { landingSources } from "./sources.ts";

/** Claims every dropped file that nobody announced and that nobody writes any more. It costs O(such files). */
export async function sweep(
  context: AppContext,
  definition: Definition,
): Promise<void> {
  await removeOrphanedClaims(context, definition.pipeline);
  const { settleSeconds } = context.config.lake;
  for (const { source } of landingSources(definition))
    for (const file of await context.lake.list(landingFolder(source.folder))) {
      if (isHidden(file.path)) continue;
      if (isSettled(file.modifiedAt, context.now(), settleSeconds))
        await claimFile(context, file);
    }
}
