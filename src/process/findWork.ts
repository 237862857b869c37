import type { AppContext } from "../context.ts";
import { askedOf } from "../domain/sortRequests.ts";
import type { Work } from "../domain/unplanned.ts";
import { decideByState } from "../domain/waiting.ts";
import { findNewestBatch } from "../ledger/batches.ts";
import { needDefinition } from "../ledger/definitions.ts";
import { hasPendingInput } from "./pendingInput.ts";
import { readRequests } from "./settleRequests.ts";

/**
 * What a pipeline's watcher has to look at. It asks for numbers and changes nothing: the sweep runs whether or not there
 * is anything.
 */
export async function findWork(
  context: AppContext,
  pipeline: string,
): Promise<Work> {
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
  if (decided === "blocked") return "none";
  const unplanned = { after: newest?.batch ?? 0 };
  if (decided !== undefined)
    return newest === undefined || newest.state === "ended"
      ? unplanned
      : "begun";
  const isWaiting =
    asked !== undefined ||
    (newest && newest.definition !== definition.digest) ||
    (await hasPendingInput(context, definition, found?.manifest));
  return isWaiting ? unplanned : "none";
}
