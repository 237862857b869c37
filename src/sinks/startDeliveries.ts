import { readDefinition } from "../ledger/definitions.ts";
import type { AppContext } from "../context.ts";
import { findBatchEnd } from "../ledger/batches.ts";
import { deliveryAsked, deliveryStartFailed } from "../telemetry/events.ts";

export interface StartDeliveries {
  readonly pipeline: string;
  /** All sinks that this processed batch names. */
  readonly batch?: number;
  /** Only those that wait for this one. */
  readonly after?: string;
  /** Only these: the ones that were at work when they were started before. */
  readonly sinks?: readonly string[];
}

/** Sinks, by what became of the start of their delivery. */
export interface StartedDeliveries {
  /** They were at work already. */
  readonly running: readonly string[];
  readonly failed: readonly string[];
}

/**
 * Starts the deliveries of a batch that has ended. Those that are at work may have looked at the lake before the batch
 * ended: the caller starts them again after a second. Safe to run twice: there is one orchestration for each sink.
 */
export async function startDeliveries(
  context: AppContext,
  ask: StartDeliveries,
): Promise<StartedDeliveries> {
  const { deliveries, durable, log } = context;
  const { pipeline } = ask;
  const running: string[] = [];
  const failed: string[] = [];
  if (durable === undefined) return { running, failed };
  for (const sink of ask.sinks ?? (await findSinks(context, ask))) {
    const { outcome, message = "" } = await deliveries.start(
      durable,
      pipeline,
      sink,
    );
    if (outcome === "running") running.push(sink);
    if (outcome === "failed") {
      failed.push(sink);
      deliveryStartFailed(log, { pipeline, sink, message });
    } else deliveryAsked(log, { pipeline, sink, outcome });
  }
  return { running, failed };
}

async function findSinks(
  context: AppContext,
  { pipeline, batch, after }: StartDeliveries,
): Promise<string[]> {
  if (batch === undefined) return [];
  const end = await findBatchEnd(context.lake, pipeline, batch);
  if (end?.kind !== "processed") return [];
  const { sinks } = await readDefinition(context, end.process);
  return Object.keys(end.process.sinks).filter(
    (sink) => after === undefined || sinks[sink]?.after === after,
  );
}
