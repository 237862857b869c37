import type { OrchestratorAnswer } from "./actions.ts";
import {
  completed,
  continuedAsNew,
  ended,
  failTurn,
  nextIdOf,
  sized,
  timeOf,
  unchanged,
  type Episode,
  type TurnResult,
} from "./endings.ts";
import { OrchestrationFailure, failures } from "./errors.ts";
import {
  eventType,
  type Arrival,
  type Decision,
  type HistoryEvent,
} from "./history.ts";
import type { Instance } from "./instance.ts";
import { MAX_CUSTOM_STATUS_BYTES } from "./limits.ts";
import { walk } from "./walk.ts";

export interface Functions {
  readonly activities: readonly string[];
  readonly orchestrators: readonly string[];
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
      return failTurn(
        current,
        opened,
        failures.userCode(instance.name, answer.error, answer.stack),
      );
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
