import type { OrchestratorAnswer } from "./actions.ts";
import { OrchestrationFailure, failures } from "./errors.ts";
import {
  eventType,
  type Arrival,
  type Decision,
  type EventRaised,
  type ExecutionStarted,
  type HistoryEvent,
} from "./history.ts";
import { statusNumber, type Instance } from "./instance.ts";
import { MAX_CUSTOM_STATUS_BYTES, MAX_PAYLOAD_BYTES } from "./limits.ts";
import { walk, type Walked } from "./walk.ts";

/** An instance between two turns. */
export interface Episode {
  readonly instance: Instance;
  readonly history: readonly HistoryEvent[];
}

export interface Functions {
  readonly activities: readonly string[];
  readonly orchestrators: readonly string[];
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

/** The first events of a turn. Its time is never before that of an earlier turn, or of a timer that has fired. */
export function openTurn(
  { history }: Episode,
  arrivals: readonly Arrival[],
  nowMs: number,
): HistoryEvent[] {
  const due = arrivals.map((event) =>
    event.EventType === eventType.TimerFired ? Date.parse(event.FireAt) : 0,
  );
  const last = history.at(-1);
  const at = Math.max(nowMs, last ? Date.parse(last.Timestamp) : 0, ...due);
  return [
    {
      EventType: eventType.OrchestratorStarted,
      EventId: -1,
      Timestamp: new Date(at).toISOString(),
    },
    ...arrivals,
  ];
}

/** Does the turn end without asking the function? Then these are its results. */
export function withoutFunction(
  episode: Episode,
  opened: readonly HistoryEvent[],
): TurnResult | undefined {
  const arrivals = opened.slice(1);
  const terminated = arrivals.find(
    (event) => event.EventType === eventType.ExecutionTerminated,
  );
  if (terminated)
    return ended(
      episode,
      opened,
      nextIdOf(episode),
      "Terminated",
      terminated.Input,
      null,
    );
  const lifecycle: readonly number[] = [
    eventType.ExecutionSuspended,
    eventType.ExecutionResumed,
  ];
  if (!arrivals.every((event) => lifecycle.includes(event.EventType)))
    return undefined;
  return {
    ...unchanged,
    instance: running(episode, opened),
    events: [...opened, completed(opened)],
  };
}

/** The results of a turn from what the function answered. */
export function closeTurn(
  episode: Episode,
  opened: readonly HistoryEvent[],
  answer: OrchestratorAnswer,
  functions: Functions,
  nextExecutionId: string,
): TurnResult {
  try {
    const { instance } = episode;
    const history = [...episode.history, ...opened];
    const customStatus = customStatusOf(answer, episode);
    const walked = walk(history, answer.actions, {
      instanceId: instance.instanceId,
      executionId: instance.executionId,
      parentInstanceId: instance.parent?.OrchestrationInstance.InstanceId,
      ...functions,
    });
    walked.decisions.forEach(checkSize);
    const current: Episode = {
      ...episode,
      instance: { ...instance, customStatus },
    };
    if (walked.settled && answer.error !== undefined)
      throw failures.userCode(instance.name, answer.error, answer.stack);
    if (walked.settled && walked.continueAsNew)
      return continuedAsNew(current, opened, walked, nextExecutionId);
    if (walked.settled && answer.isDone) {
      const output = sized(
        "The output of an orchestration",
        JSON.stringify(answer.output ?? null),
      );
      return ended(
        current,
        [...opened, ...walked.decisions],
        walked.nextId,
        "Completed",
        output,
        null,
      );
    }
    return {
      ...unchanged,
      instance: running(current, opened),
      events: [...opened, ...walked.decisions, completed(opened)],
      decisions: walked.decisions.filter(
        ({ EventId }) => !walked.cancelledTimers.includes(EventId),
      ),
      cancelledTimers: walked.cancelledTimers,
    };
  } catch (error) {
    if (error instanceof OrchestrationFailure)
      return failTurn(episode, opened, error);
    throw error;
  }
}

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

export function sized(what: string, json: string): string {
  const bytes = Buffer.byteLength(json);
  if (bytes > MAX_PAYLOAD_BYTES)
    throw failures.payloadTooLarge(what, bytes, MAX_PAYLOAD_BYTES);
  return json;
}

const unchanged = {
  decisions: [],
  cancelledTimers: [],
  next: undefined,
  report: undefined,
} as const;

const timeOf = (opened: readonly HistoryEvent[]): string =>
  opened[0]?.Timestamp ?? "";

const completed = (opened: readonly HistoryEvent[]): HistoryEvent => ({
  EventType: eventType.OrchestratorCompleted,
  EventId: -1,
  Timestamp: timeOf(opened),
});

const nextIdOf = ({ history }: Episode): number =>
  history.reduce((next, event) => Math.max(next, event.EventId + 1), 0);

function running(
  { instance }: Episode,
  opened: readonly HistoryEvent[],
): Instance {
  const last = opened.at(-1)?.EventType;
  return {
    ...instance,
    status: last === eventType.ExecutionSuspended ? "Suspended" : "Running",
    updatedAt: timeOf(opened),
  };
}

function ended(
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
function continuedAsNew(
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

export const startedEvent = (
  { instanceId, executionId, name, version, input, parent }: Instance,
  at: string,
): ExecutionStarted => ({
  EventType: eventType.ExecutionStarted,
  EventId: -1,
  Timestamp: at,
  Name: name,
  Version: version,
  Input: input,
  OrchestrationInstance: { InstanceId: instanceId, ExecutionId: executionId },
  ParentInstance: parent,
  Tags: null,
});

export const raisedEvent = (
  name: string,
  input: string,
  at: string,
): EventRaised => ({
  EventType: eventType.EventRaised,
  EventId: -1,
  Timestamp: at,
  Name: name,
  Input: input,
});

/** Each turn says anew what the status is; the first turn after continueAsNew keeps the old one when it says nothing. */
function customStatusOf(
  { customStatus }: OrchestratorAnswer,
  { instance, history }: Episode,
): string | null {
  if (customStatus === undefined || customStatus === null)
    return history.length === 0 ? instance.customStatus : null;
  const json = JSON.stringify(customStatus);
  if (json.length * 2 > MAX_CUSTOM_STATUS_BYTES)
    throw failures.customStatusTooLarge(json.length * 2);
  return json;
}

function checkSize(decision: Decision): void {
  if (decision.EventType === eventType.TaskScheduled)
    sized(`The input of activity '${decision.Name}'`, decision.Input);
  if (decision.EventType === eventType.SubOrchestrationInstanceCreated)
    sized(`The input of sub-orchestration '${decision.Name}'`, decision.Input);
}
