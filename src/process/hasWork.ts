import type { AppContext } from "../context.ts";
import { askedOf } from "../domain/sortRequests.ts";
import { decideByState } from "../domain/waiting.ts";
import { findNewestBatch } from "../ledger/batches.ts";
import { defineCache } from "../ledger/caches.ts";
import { needDefinition } from "../ledger/definitions.ts";
import { hasPendingInput } from "./pendingInput.ts";
import { readRequests } from "./settleRequests.ts";

/** Pipelines that the sweep of this process has looked at. */
const sweptPipelines = defineCache(() => new Set<string>());

/**
 * Whether a pipeline's watcher should look around. It asks for numbers and changes nothing: the sweep runs whether or not
 * there is anything. The first time in a process it is yes, whatever happened before.
 */
export async function hasWork(
  context: AppContext,
  pipeline: string,
): Promise<boolean> {
  const swept = sweptPipelines(context);
  if (!swept.has(pipeline)) {
    swept.add(pipeline);
    return true;
  }
  const definition = needDefinition(context.pipelines, pipeline);
  const found = await findNewestBatch(context, pipeline);
  const newest = found?.state;
  const asked = askedOf(await readRequests(context, pipeline, found), newest);
  const decided = decideByState({
    at: new Date(context.now()).toISOString(),
    definition: definition.digest,
    ...(newest ? { newest } : {}),
    ...(asked === undefined ? {} : { asked }),
  });
  if (decided !== undefined) return decided !== "blocked";
  if (asked !== undefined) return true;
  if (newest && newest.definition !== definition.digest) return true;
  return hasPendingInput(context, definition, found?.manifest);
}
