import type { AppContext } from "../context.ts";
import type { Definition } from "../domain/definition.ts";
import type { ProcessRecord, SinkHead } from "../domain/records.ts";
import { findBatchEnd } from "../ledger/batches.ts";
import { removeChanges } from "./removeChanges.ts";
import { readDefinition } from "../ledger/definitions.ts";

/** Batches that are passed over in one go. */
const MOST_PASSED = 200;

export type NextOwed =
  | {
      readonly kind: "owed";
      readonly batch: number;
      readonly process: ProcessRecord;
      readonly definition: Definition;
    }
  /** `batch` has not ended. `isRemoved`: the newest batch that was processed does not name the sink any more. */
  | {
      readonly kind: "none";
      readonly batch: number;
      readonly isRemoved: boolean;
    }
  | { readonly kind: "more"; readonly batch: number };

/** The next batch that owes something to a sink, from its head on. */
export async function findNextOwed(
  context: AppContext,
  pipeline: string,
  head: SinkHead,
): Promise<NextOwed> {
  let isRemoved = false;
  let batch = head.nextBatch;
  for (; batch < head.nextBatch + MOST_PASSED; batch += 1) {
    const end = await findBatchEnd(context.lake, pipeline, batch);
    if (!end) return { kind: "none", batch, isRemoved };
    if (end.kind === "processed") {
      const { process } = end;
      if (process.sinks[head.sink]) {
        const definition = await readDefinition(context, process);
        return { kind: "owed", batch, process, definition };
      }
      isRemoved = true;
    }
    await removeChanges(context, pipeline, head.sink, batch);
  }
  // The last one is looked at again: it may be what tells that the sink was removed.
  return { kind: "more", batch: batch - 1 };
}
