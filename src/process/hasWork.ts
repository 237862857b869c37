import { hubSources } from "../domain/definition.ts";
import { watermarkOf } from "../domain/planning.ts";
import type { Ends } from "../domain/records.ts";
import { decideByState } from "../domain/waiting.ts";
import { newestBatch } from "../ledger/batches.ts";
import { defineCache } from "../ledger/caches.ts";
import { clearOrphans } from "../ledger/claims.ts";
import { needDefinition } from "../ledger/definitions.ts";
import { standingOf } from "../ledger/streams.ts";
import type { AppContext } from "../context.ts";

/** Pipelines that the sweep of this process has looked at. */
const sweptPipelines = defineCache(() => new Set<string>());

/**
 * Whether a pipeline's watcher should look around. Asks for numbers and lists nothing of bronze: the sweep runs
 * whether or not there is anything. What died claims left is cleared, or it would be work for ever. The first time in a process it is yes, whatever happened before.
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
  const newest = await newestBatch(context, pipeline);
  const now = new Date(context.now()).toISOString();
  const decided = decideByState(newest?.state, definition.digest, now);
  if (decided !== undefined) return decided === "run";
  if (newest && newest.state.definition !== definition.digest) return true;
  if ((await clearOrphans(context, pipeline)) > 0) return true;
  const ends = newest?.manifest.ends ?? {};
  for (const { source } of hubSources(definition))
    if (await isAhead(context, source.hub, ends)) return true;
  return false;
}

async function isAhead(
  context: AppContext,
  hub: string,
  ends: Ends,
): Promise<boolean> {
  const { stream, positions } = await standingOf(context, hub, ends);
  return positions.some(
    ({ partition, last }) => last > watermarkOf(ends, stream, partition),
  );
}
