import { eventName, eventType, type HistoryEvent } from "./history.ts";
import { statusNumber, type Instance } from "./instance.ts";

/** What the caller of a status wants to see. */
export interface Shown {
  readonly input: boolean;
  readonly history: boolean;
  readonly historyOutput: boolean;
}

/** The body of a status. The SDK breaks when input, output or customStatus are missing. */
export function statusBody(
  instance: Instance,
  shown: Shown,
  history: () => readonly HistoryEvent[],
) {
  return {
    name: instance.name,
    instanceId: instance.instanceId,
    runtimeStatus: instance.status,
    input: shown.input ? jsonOrText(instance.input) : null,
    customStatus: jsonOrText(instance.customStatus),
    output: jsonOrText(instance.output),
    createdTime: seconds(instance.createdAt),
    lastUpdatedTime: seconds(instance.updatedAt),
    ...(shown.history && instance.status !== "Pending"
      ? { historyEvents: shownHistory(history(), shown) }
      : {}),
  };
}

/** The text of a failure or of the reason of a termination is no JSON; it is shown as it is. */
function jsonOrText(text: string | null): unknown {
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const seconds = (time: string): string => `${time.slice(0, 19)}Z`;

/** Events under their names; what was scheduled is told with its completion (DurableClient.cs). */
function shownHistory(
  history: readonly HistoryEvent[],
  shown: Shown,
): Record<string, unknown>[] {
  const scheduled = new Map<number, HistoryEvent>();
  const told = new Set<number>();
  for (const event of history) {
    if (
      event.EventType === eventType.TaskScheduled ||
      event.EventType === eventType.SubOrchestrationInstanceCreated
    )
      scheduled.set(event.EventId, event);
    if ("TaskScheduledId" in event) told.add(event.TaskScheduledId);
  }
  return history
    .filter(
      ({ EventType, EventId }) =>
        EventType !== eventType.OrchestratorStarted &&
        EventType !== eventType.OrchestratorCompleted &&
        !(scheduled.has(EventId) && told.has(EventId)),
    )
    .map((event) => shownEvent(event, scheduled, shown));
}

const hidden = [
  "EventId",
  "TaskScheduledId",
  "TimerId",
  "Version",
  "OrchestrationInstance",
  "ParentInstance",
  "Tags",
];

function shownEvent(
  event: HistoryEvent,
  scheduled: ReadonlyMap<number, HistoryEvent>,
  { input, historyOutput }: Shown,
): Record<string, unknown> {
  const fields: Record<string, unknown> = {
    ...event,
    EventType: eventName(event),
  };
  for (const field of hidden) Reflect.deleteProperty(fields, field);
  if ("TaskScheduledId" in event) {
    const cause = scheduled.get(event.TaskScheduledId);
    if (cause && "Name" in cause)
      Object.assign(fields, {
        ScheduledTime: cause.Timestamp,
        FunctionName: cause.Name,
        ...("Input" in cause ? { Input: cause.Input } : {}),
      });
  }
  if (event.EventType === eventType.ExecutionStarted) {
    fields["FunctionName"] = event.Name;
    Reflect.deleteProperty(fields, "Name");
  }
  if (event.EventType === eventType.ExecutionCompleted)
    fields["OrchestrationStatus"] = Object.entries(statusNumber).find(
      ([, number]) => number === event.OrchestrationStatus,
    )?.[0];
  if ("Result" in event) {
    if (historyOutput) fields["Result"] = jsonOrText(event.Result);
    else Reflect.deleteProperty(fields, "Result");
  }
  if (!input) Reflect.deleteProperty(fields, "Input");
  return fields;
}
