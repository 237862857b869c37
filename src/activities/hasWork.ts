import { eventSources } from "../domain/definition.ts";
import { watermarkOf } from "../domain/planning.ts";
import type { Ends } from "../domain/records.ts";
import { decideByState } from "../domain/waiting.ts";
import { newestBatch } from "../ledger/batches.ts";
import { clearOrphans } from "../ledger/claims.ts";
import { needDefinition } from "../ledger/definitions.ts";
import { standingOf } from "../ledger/streams.ts";
import type { Ports } from "../ports.ts";
import type { Log } from "../telemetry/events.ts";

/**
 * Whether a pipeline's watcher should look around. Asks for numbers and lists nothing of bronze: the sweep runs
 * whether or not there is anything. What died claims left is cleared, or it would be work for ever. The first time in a process it is yes, whatever happened before.
 */
export async function hasWork(
  ports: Ports,
  pipeline: string,
  log: Log,
): Promise<boolean> {
  if (!ports.memory.swept.has(pipeline)) {
    ports.memory.swept.add(pipeline);
    return true;
  }
  const definition = needDefinition(ports.pipelines, pipeline);
  const newest = await newestBatch(ports, pipeline);
  const now = new Date(ports.now()).toISOString();
  const decided = decideByState(newest?.state, definition.digest, now);
  if (decided !== undefined) return decided === "run";
  if (newest && newest.state.definition !== definition.digest) return true;
  if ((await clearOrphans(ports, pipeline, log)) > 0) return true;
  const ends = newest?.manifest.ends ?? {};
  for (const { source } of eventSources(definition))
    if (await isAhead(ports, source.hub, ends, log)) return true;
  return false;
}

async function isAhead(
  ports: Ports,
  hub: string,
  ends: Ends,
  log: Log,
): Promise<boolean> {
  const { stream, positions } = await standingOf(ports, hub, ends, log);
  return positions.some(
    ({ partition, last }) => last > watermarkOf(ends, stream, partition),
  );
}
