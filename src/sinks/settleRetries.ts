import type { AppContext } from "../context.ts";
import { findHead, replaceHead, withoutBlock } from "../ledger/heads.ts";
import { listRequests, removeRequest } from "../ledger/openRequests.ts";
import { requestSettled, sinkUnblocked } from "../telemetry/events.ts";
import type { PrepareDelivery } from "./prepareDelivery.ts";

/** Whether an operator asks to try the sink again: then it is not blocked any more, and the request is removed after that. */
export async function settleRetries(
  context: AppContext,
  { pipeline, sink, at }: PrepareDelivery,
): Promise<boolean> {
  const { lake, log } = context;
  const requests = await listRequests(context, pipeline);
  const retries = requests.filter(
    (request) => request.kind === "retry" && request.sink === sink,
  );
  if (retries.length === 0) return false;
  const found = await findHead(lake, pipeline, sink);
  if (found?.head.blocked) {
    const freed = { ...withoutBlock(found.head), updatedAt: at };
    // Whoever changed it meanwhile tries the sink just now. The request stays for the next start.
    if (!(await replaceHead(lake, pipeline, found, freed))) return false;
    sinkUnblocked(log, { pipeline, sink, batch: freed.nextBatch });
  }
  for (const { id, kind } of retries) {
    await removeRequest(context, pipeline, id);
    requestSettled(log, { pipeline, request: id, kind });
  }
  return true;
}
