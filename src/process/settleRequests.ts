import { sinkPaths } from "../domain/paths.ts";
import type { OperatorRequest } from "../domain/records.ts";
import {
  NO_REQUESTS,
  sortRequests,
  type SortedRequests,
} from "../domain/sortRequests.ts";
import type { AppContext } from "../context.ts";
import type { Newest } from "../ledger/batches.ts";
import { needDefinition } from "../ledger/definitions.ts";
import { listRequests, removeRequest } from "../ledger/openRequests.ts";
import { requestIgnored, requestSettled } from "../telemetry/events.ts";

/** The open requests that are the planner's. It costs one listing of a folder that is empty nearly always. */
export async function readRequests(
  context: AppContext,
  pipeline: string,
  newest: Newest | undefined,
): Promise<SortedRequests> {
  const open = await listRequests(context, pipeline);
  if (open.length === 0) return NO_REQUESTS;
  return sortRequests(open, {
    newest: newest?.state,
    planned: new Set(newest?.manifest.requests),
    definition: needDefinition(context.pipelines, pipeline),
    formerSinks: await findFormerSinks(context, pipeline, open),
  });
}

/** Sinks that a request names and that have a head, whether or not the definition still has them. */
async function findFormerSinks(
  { lake }: AppContext,
  pipeline: string,
  requests: readonly OperatorRequest[],
): Promise<Set<string>> {
  const found = new Set<string>();
  for (const request of requests)
    if (request.kind === "retry" && request.sink !== undefined)
      if (await lake.find(sinkPaths(pipeline, request.sink).head))
        found.add(request.sink);
  return found;
}

/** Removes requests whose effect is in the lake. */
export const settleRequests = (
  context: AppContext,
  pipeline: string,
  requests: readonly OperatorRequest[],
): Promise<void> => removeAll(context, pipeline, requests, requestSettled);

/** Removes requests that nothing can be done about. */
export const ignoreRequests = (
  context: AppContext,
  pipeline: string,
  requests: readonly OperatorRequest[],
): Promise<void> => removeAll(context, pipeline, requests, requestIgnored);

async function removeAll(
  context: AppContext,
  pipeline: string,
  requests: readonly OperatorRequest[],
  tell: typeof requestSettled,
): Promise<void> {
  for (const { id, kind } of requests) {
    await removeRequest(context, pipeline, id);
    tell(context.log, { pipeline, request: id, kind });
  }
}
