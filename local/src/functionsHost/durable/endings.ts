import { failures, type OrchestrationFailure } from "./errors.ts";
import {
  eventType,
  startedEvent,
  type Arrival,
  type Decision,
  type HistoryEvent,
} from "./history.ts";
import { statusNumber, type Instance } from "./instance.ts";
import { MAX_PAYLOAD_BYTES } from "./limits.ts";
import type { Walked } from "./walk.ts";

/** An instance between two turns. */
export interface Episode {
  readonly instance: Instance;
  readonly history: readonly HistoryEvent[];
}

/** What a turn changes. All of it is written in one transaction. */
export interface TurnResult {
  readonly instance: Instance;
  /** Appended to the history, or, after continueAsNew, the only ones. */
  readonly events: readonly HistoryEvent[];
  readonly decisions: readonly Decision[];
  readonly cancelledTimers: readonly number[];
  /** Set when the instance continues as new: what arrives first at its next execution. */
  readonly next: readonly Arrival[] | undefined;
  /** For the parent. */
  readonly report: Arrival | undefined;
}

export const unchanged = {
  decisions: [],
  cancelledTimers: [],
  next: undefined,
  report: undefined,
} as const;

export const timeOf = (opened: readonly HistoryEvent[]): string =>
  opened[0]?.Timestamp ?? "";

export const completed = (opened: readonly HistoryEvent[]): HistoryEvent => ({
  EventType: eventType.OrchestratorCompleted,
  EventId: -1,
  Timestamp: timeOf(opened),
});

export const nextIdOf = ({ history }: Episode): number =>
  history.reduce((next, event) => Math.max(next, event.EventId + 1), 0);

/** The instance fails: by its own error, or because the engine refuses what it asks for. */
export function failTurn(
  episode: Episode,
  opened: readonly HistoryEvent[],
  failure: OrchestrationFailure,
): TurnResult {
  return ended(
    episode,
    opened,
    nextIdOf(episode),
    "Failed",
    failure.message,
    failure.details,
  );
}

export function ended(
  { instance }: Episode,
  events: readonly HistoryEvent[],
  id: number,
  status: "Completed" | "Failed" | "Terminated",
  output: string,
  details: string | null,
): TurnResult {
  const stamp = { EventId: -1, Timestamp: timeOf(events) };
  const end: HistoryEvent = {
    EventType: eventType.ExecutionCompleted,
    ...stamp,
    EventId: id,
    OrchestrationStatus: statusNumber[status],
    Result: output,
  };
  const TaskScheduledId = instance.parent?.TaskScheduleId;
  const report: Arrival | undefined =
    TaskScheduledId === undefined
      ? undefined
      : status === "Completed"
        ? {
            EventType: eventType.SubOrchestrationInstanceCompleted,
            ...stamp,
            TaskScheduledId,
            Result: output,
          }
        : // Details are null when a sub-orchestration was terminated, which the SDK cannot read: its parent fails, as on Azure.
          {
            EventType: eventType.SubOrchestrationInstanceFailed,
            ...stamp,
            TaskScheduledId,
            Reason: output,
            Details: details,
            FailureDetails: null,
          };
  return {
    ...unchanged,
    instance: { ...instance, status, output, updatedAt: stamp.Timestamp },
    events: [...events, end, completed(events)],
    report,
  };
}

/** A new execution with an empty history; events that nobody has waited for go with it. */
export function continuedAsNew(
  { instance }: Episode,
  opened: readonly HistoryEvent[],
  walked: Walked,
  executionId: string,
): TurnResult {
  const at = timeOf(opened);
  // The SDK has put a text through JSON.stringify already: on Azure too it arrives with quotation marks around it.
  const input = sized(
    "The input of an orchestration",
    JSON.stringify(walked.continueAsNew?.input ?? null),
  );
  const started = startedEvent({ ...instance, executionId, input }, at);
  return {
    ...unchanged,
    instance: {
      ...instance,
      executionId,
      input,
      status: "Running",
      createdAt: at,
      updatedAt: at,
    },
    events: [],
    next: [started, ...walked.unconsumed],
  };
}

export function sized(what: string, json: string): string {
  const bytes = Buffer.byteLength(json);
  if (bytes > MAX_PAYLOAD_BYTES)
    throw failures.payloadTooLarge(what, bytes, MAX_PAYLOAD_BYTES);
  return json;
}
