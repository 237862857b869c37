import { AppFault } from "../../app/appFault.ts";
import type { HostJson } from "../../app/hostJson.ts";
import { MOST_CREDIT_BY_BYTES } from "../../limits.ts";

/** `extensions.eventHubs` of host.json, with the extension's defaults (6.x). */
export interface BatchOptions {
  readonly maxBatchSize: number;
  readonly minBatchSize: number;
  readonly maxWaitMs: number;
  readonly checkpointFrequency: number;
  /** Events of a partition that are fetched ahead; with 0 each read asks for its own. */
  readonly prefetchCount: number;
  /** Bytes of them. Where this is said, `prefetchCount` counts no more. */
  readonly prefetchBytes: number | undefined;
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
    prefetchCount: hostJson.number(`${section}.prefetchCount`, 300),
    prefetchBytes: hostJson.optionalNumber(`${section}.prefetchSizeInBytes`),
  };
}

/** How many events of one partition the extension holds at most, those that it has asked for included. */
export function mostHeld(
  { maxBatchSize, minBatchSize, prefetchCount, prefetchBytes }: BatchOptions,
  meanBytes: number,
): number {
  // Those that a batch waits for are kept beside what is fetched ahead.
  const waiting = minBatchSize - 1;
  if (prefetchBytes === undefined)
    return waiting + (prefetchCount === 0 ? maxBatchSize : prefetchCount);
  const fitting = Math.max(1, Math.floor(prefetchBytes / meanBytes));
  return waiting + Math.min(MOST_CREDIT_BY_BYTES, fitting);
}
