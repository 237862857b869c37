import { AppFault } from "../../app/appFault.ts";
import type { HostJson } from "../../app/hostJson.ts";
import { PREFETCH_BYTES } from "../../limits.ts";

/** `extensions.eventHubs` of host.json, with the extension's defaults (6.x). */
export interface BatchOptions {
  readonly maxBatchSize: number;
  readonly minBatchSize: number;
  readonly maxWaitMs: number;
  readonly checkpointFrequency: number;
  readonly prefetchCount: number;
  /** Bytes of events that one partition may hold ready. */
  readonly prefetchBytes: number;
  /** Where a partition without a checkpoint is read from. */
  readonly initialSelector: string;
}

const section = "extensions.eventHubs";

const initialSelectors: Readonly<Record<string, string>> = {
  fromstart: "amqp.annotation.x-opt-offset > '-1'",
  fromend: "amqp.annotation.x-opt-offset > '@latest'",
};

export function batchOptions(hostJson: HostJson): BatchOptions {
  const start = hostJson.text(
    `${section}.initialOffsetOptions.type`,
    "fromStart",
  );
  const initialSelector = initialSelectors[start.toLowerCase()];
  if (initialSelector === undefined)
    throw new AppFault(
      `host.json: '${section}.initialOffsetOptions.type' is '${start}', and the local host knows fromStart and fromEnd.`,
    );
  const maxBatchSize = hostJson.number(`${section}.maxEventBatchSize`, 100);
  return {
    initialSelector,
    maxBatchSize,
    minBatchSize: hostJson.number(`${section}.minEventBatchSize`, 1),
    maxWaitMs: hostJson.timeSpanMs(`${section}.maxWaitTime`, "00:01:00"),
    checkpointFrequency: hostJson.number(
      `${section}.batchCheckpointFrequency`,
      1,
    ),
    // The next batch is to be here when one ends.
    prefetchCount: Math.max(
      hostJson.number(`${section}.prefetchCount`, 300),
      2 * maxBatchSize,
    ),
    prefetchBytes: hostJson.number(
      `${section}.prefetchSizeInBytes`,
      PREFETCH_BYTES,
    ),
  };
}
