import { randomUUID } from "node:crypto";
import type { TurnResult } from "./endings.ts";
import { responses } from "./errors.ts";
import {
  eventType,
  startedEvent,
  type Arrival,
  type SubOrchestrationInstanceCreated,
} from "./history.ts";
import { hasEnded, type Instance } from "./instance.ts";
import type { Message, ScheduledActivity, ScheduledTimer } from "./rows.ts";
import type { Store } from "./store.ts";

/** A new instance, as its starter describes it. */
export type NewInstance = Pick<
  Instance,
  "instanceId" | "name" | "version" | "input" | "parent"
>;

/** What the engine has to do once a turn stands in the store. */
interface Committed {
  readonly activities: readonly ScheduledActivity[];
  readonly timers: readonly ScheduledTimer[];
  /** For other instances, or for this one. */
  readonly messages: readonly Message[];
  /** What is left for this instance. */
  readonly inbox: readonly Message[];
}

/** Guid without dashes, as .NET's format "N". */
export const newGuid = (): string => randomUUID().replaceAll("-", "");

/** Takes the place of an ended instance of the same id, with all that belonged to it. */
export function createInstance(
  store: Store,
  given: NewInstance,
  at: string,
): Message {
  const state = {
    status: "Pending",
    output: null,
    customStatus: null,
    createdAt: at,
    updatedAt: at,
  } as const;
  const instance: Instance = { ...given, ...state, executionId: newGuid() };
  store.deleteInstance(instance.instanceId);
  store.putInstance(instance);
  return store.putMessage(
    instance.instanceId,
    instance.executionId,
    startedEvent(instance, at),
  );
}

/** Writes what a turn has changed. The caller wraps it in a transaction. */
export function commitTurn(
  store: Store,
  before: Instance,
  historyLength: number,
  result: TurnResult,
  inbox: readonly Message[],
): Committed {
  const { instance, decisions, next } = result;
  const { instanceId, executionId } = before;
  const key = { instanceId, executionId };
  const activities: ScheduledActivity[] = [];
  const timers: ScheduledTimer[] = [];
  const messages: Message[] = [];

  store.putInstance(instance);
  if (next) store.clearHistory(instanceId);
  store.appendHistory(instanceId, next ? 0 : historyLength, result.events);
  for (const taskId of result.cancelledTimers)
    store.deleteTimer({ ...key, taskId });
  for (const decision of decisions) {
    const task = { ...key, taskId: decision.EventId };
    if (decision.EventType === eventType.TaskScheduled)
      activities.push({ ...task, name: decision.Name, input: decision.Input });
    else if (decision.EventType === eventType.TimerCreated)
      timers.push({ ...task, fireAt: decision.FireAt });
    else messages.push(startChild(store, before, decision));
  }
  for (const activity of activities) store.putActivity(activity);
  for (const timer of timers) store.putTimer(timer);
  const parent = before.parent?.OrchestrationInstance;
  if (
    result.report &&
    parent &&
    isCurrent(store, parent.InstanceId, parent.ExecutionId)
  )
    messages.push(
      store.putMessage(parent.InstanceId, parent.ExecutionId, result.report),
    );
  if (!next && !hasEnded(instance.status))
    return { activities, timers, messages, inbox };

  store.clearTimers(instanceId);
  store.clearMessages(instanceId);
  const left = next
    ? [
        ...next,
        ...inbox
          .filter((message) => message.executionId === null)
          .map(({ event }) => event),
      ]
    : [];
  return {
    activities,
    timers,
    messages,
    inbox: left.map((event) => putForNext(store, instance, event)),
  };
}

/** The start belongs to the execution that it starts; an event from outside to whichever runs. */
const putForNext = (
  store: Store,
  { instanceId, executionId }: Instance,
  event: Arrival,
): Message =>
  store.putMessage(
    instanceId,
    event.EventType === eventType.ExecutionStarted ? executionId : null,
    event,
  );

function startChild(
  store: Store,
  parent: Instance,
  created: SubOrchestrationInstanceCreated,
): Message {
  const { InstanceId, Name, Version, Input, EventId, Timestamp } = created;
  const ids = {
    InstanceId: parent.instanceId,
    ExecutionId: parent.executionId,
  };
  const existing = store.instance(InstanceId);
  if (existing && !hasEnded(existing.status))
    return store.putMessage(ids.InstanceId, ids.ExecutionId, {
      EventType: eventType.SubOrchestrationInstanceFailed,
      EventId: -1,
      Timestamp,
      TaskScheduledId: EventId,
      Reason: responses.alreadyRunning.message,
      Details: `Instance ID: ${InstanceId}`,
      FailureDetails: null,
    });
  const ParentInstance = {
    Name: parent.name,
    TaskScheduleId: EventId,
    OrchestrationInstance: ids,
  };
  return createInstance(
    store,
    {
      instanceId: InstanceId,
      name: Name,
      version: Version,
      input: Input,
      parent: ParentInstance,
    },
    Timestamp,
  );
}

function isCurrent(
  store: Store,
  instanceId: string,
  executionId: string,
): boolean {
  const instance = store.instance(instanceId);
  return instance?.executionId === executionId && !hasEnded(instance.status);
}
