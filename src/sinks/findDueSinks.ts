import { isHeldBy } from "../domain/sinkHeads.ts";
import type { AppContext } from "../context.ts";
import { sinksFolder } from "../domain/paths.ts";
import type { SinkHead } from "../domain/records.ts";
import { findBatchEnd, type BatchEnd } from "../ledger/batches.ts";
import { findHead } from "../ledger/heads.ts";
import { listRequests } from "../ledger/openRequests.ts";

/**
 * The sinks of a pipeline that have something to deliver, to probe, or to try again because an operator asks. Costs
 * two listings of small folders; for each sink one read of its head and at most two of its next batch.
 */
export async function findDueSinks(
  context: AppContext,
  pipeline: string,
): Promise<string[]> {
  const { lake, now } = context;
  const [sinks, requests] = await Promise.all([
    lake.listFolders(sinksFolder(pipeline)),
    listRequests(context, pipeline),
  ]);
  const asked = new Set(
    requests.flatMap((request) =>
      request.kind === "retry" && request.sink !== undefined
        ? [request.sink]
        : [],
    ),
  );
  const heads = new Map<string, SinkHead>();
  for (const sink of sinks) {
    const found = await findHead(lake, pipeline, sink);
    if (found) heads.set(sink, found.head);
  }
  const due: string[] = [];
  for (const [sink, head] of heads) {
    if (asked.has(sink)) due.push(sink);
    else if (head.retiredAt !== undefined) {
      // A batch that names it again starts it; that start may have been lost.
      const end = await findBatchEnd(lake, pipeline, head.nextBatch);
      if (end?.kind === "processed" && end.process.sinks[sink]) due.push(sink);
    } else if (head.blocked) {
      if (Date.parse(head.blocked.retryAt) <= now()) due.push(sink);
    } else {
      const end = await findBatchEnd(lake, pipeline, head.nextBatch);
      if (end && !isHeld(context, pipeline, head, end, heads)) due.push(sink);
    }
  }
  return due;
}

/** By the package's definition, which may be newer than the batch's: the earlier sink starts this one in any case. */
function isHeld(
  { pipelines }: AppContext,
  pipeline: string,
  { sink }: SinkHead,
  end: BatchEnd,
  heads: ReadonlyMap<string, SinkHead>,
): boolean {
  const { after } = pipelines.definitions.get(pipeline)?.sinks[sink] ?? {};
  return (
    end.kind === "processed" &&
    isHeldBy(end.process, after, heads.get(after ?? ""))
  );
}
