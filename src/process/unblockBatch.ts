import type { AppContext } from "../context.ts";
import { batchPaths } from "../domain/paths.ts";
import type { DefinitionOverride, OperatorRequest } from "../domain/records.ts";
import { findLastAttemptNumber } from "../ledger/attempts.ts";
import type { Newest } from "../ledger/batches.ts";
import { needDefinition, storeDefinition } from "../ledger/definitions.ts";
import { replaceDocument } from "../ledger/documents.ts";
import { ensureHeads } from "../ledger/heads.ts";
import { batchUnblocked } from "../telemetry/events.ts";
import { settleRequests } from "./settleRequests.ts";

/**
 * Another definition, the time to try again, or a request gives a blocked batch new attempts. Killed anywhere in it,
 * the batch is still blocked with the definition that it was blocked with, and the next planner does it again.
 */
export async function unblockBatch(
  context: AppContext,
  { manifest, state }: Newest,
  retries: readonly OperatorRequest[],
): Promise<boolean> {
  const { lake } = context;
  const { pipeline, batch } = manifest;
  const definition = needDefinition(context.pipelines, pipeline);
  const isDue =
    state.retryAt !== undefined && Date.parse(state.retryAt) <= context.now();
  const isOther = state.definition !== definition.digest;
  if (!isOther && !isDue && retries.length === 0) return false;
  const paths = batchPaths(pipeline, batch);
  await storeDefinition(context, definition);
  if (isOther) await ensureHeads(context, definition, batch);
  const override: DefinitionOverride = {
    version: 3,
    definition: definition.digest,
    firstAttempt: (await findLastAttemptNumber(lake, pipeline, batch)) + 1,
  };
  await replaceDocument(lake, paths.definition, override);
  await lake.remove(paths.blocked);
  batchUnblocked(context.log, {
    pipeline,
    batch,
    definition: definition.digest,
  });
  await settleRequests(context, pipeline, retries);
  return true;
}
