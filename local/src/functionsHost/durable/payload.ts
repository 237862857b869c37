import { eventJson, type HistoryEvent } from "./history.ts";
import type { Instance } from "./instance.ts";
import {
  HTTP_POLL_MS,
  LONG_TIMER_PIECE_TEXT,
  MAX_SHORT_TIMER_TEXT,
} from "./limits.ts";

/** The replay schema of the protocol: V2 for old SDKs, V3 for those that read the second field. */
const versions = { upperSchemaVersion: 1, upperSchemaVersionNew: 2 } as const;

/**
 * What an orchestrator function is given: the whole history, each turn. `played` is the JSON of the earlier events, joined,
 * which the caller keeps and appends to, so that a turn does not encode the history anew.
 */
export function orchestratorPayload(
  instance: Instance,
  played: string,
  opened: readonly HistoryEvent[],
): string {
  const fresh = opened.map((event) => eventJson(event, false)).join(",");
  const rest = JSON.stringify({
    instanceId: instance.instanceId,
    isReplaying: played !== "",
    parentInstanceId: instance.parent?.OrchestrationInstance.InstanceId ?? null,
    ...versions,
    longRunningTimerIntervalDuration: LONG_TIMER_PIECE_TEXT,
    maximumShortTimerDuration: MAX_SHORT_TIMER_TEXT,
    // The missing letter is part of the protocol.
    defaultHttpAsyncRequestSleepTimeMillseconds: HTTP_POLL_MS,
  });
  return `{"history":[${played}${played === "" ? "" : ","}${fresh}],"input":${instance.input},${rest.slice(1)}`;
}

export const playedJson = (events: readonly HistoryEvent[]): string =>
  events.map((event) => eventJson(event, true)).join(",");
