import type { HostJson } from "../../app/hostJson.ts";
import { MAX_DEQUEUE_COUNT } from "../../limits.ts";

/** `extensions.queues` of host.json, with the extension's defaults. */
export interface QueueOptions {
  readonly maxPollingMs: number;
  /** How long a message is hidden after the function failed on it. */
  readonly hiddenAfterFailureMs: number;
  readonly batchSize: number;
  readonly newBatchThreshold: number;
  readonly maxDequeueCount: number;
  readonly isBase64: boolean;
}

const section = "extensions.queues";

export function queueOptions(hostJson: HostJson): QueueOptions {
  const batchSize = hostJson.number(`${section}.batchSize`, 16);
  return {
    batchSize,
    newBatchThreshold: hostJson.number(
      `${section}.newBatchThreshold`,
      Math.floor(batchSize / 2),
    ),
    maxPollingMs: hostJson.timeSpanMs(
      `${section}.maxPollingInterval`,
      "00:01:00",
    ),
    hiddenAfterFailureMs: hostJson.timeSpanMs(
      `${section}.visibilityTimeout`,
      "00:00:00",
    ),
    maxDequeueCount: hostJson.number(
      `${section}.maxDequeueCount`,
      MAX_DEQUEUE_COUNT,
    ),
    isBase64:
      hostJson.text(`${section}.messageEncoding`, "base64").toLowerCase() !==
      "none",
  };
}
