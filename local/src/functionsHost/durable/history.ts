/** The events of an instance, named and numbered as DurableTask does: this is what the SDK replays. */
export const eventType = {
  ExecutionStarted: 0,
  ExecutionCompleted: 1,
  ExecutionTerminated: 3,
  TaskScheduled: 4,
  TaskCompleted: 5,
  TaskFailed: 6,
  SubOrchestrationInstanceCreated: 7,
  SubOrchestrationInstanceCompleted: 8,
  SubOrchestrationInstanceFailed: 9,
  TimerCreated: 10,
  TimerFired: 11,
  OrchestratorStarted: 12,
  OrchestratorCompleted: 13,
  EventRaised: 15,
  ExecutionSuspended: 19,
  ExecutionResumed: 20,
} as const;

type Types = typeof eventType;

/** `IsPlayed` is not stored: it depends on the turn that the event is shown in. */
interface Of<Name extends keyof Types> {
  readonly EventType: Types[Name];
  /** The id of the task that the event schedules; -1 for all others. */
  readonly EventId: number;
  readonly Timestamp: string;
}

export interface ParentInstance {
  readonly Name: string;
  readonly TaskScheduleId: number;
  readonly OrchestrationInstance: {
    readonly InstanceId: string;
    readonly ExecutionId: string;
  };
}

interface ExecutionStarted extends Of<"ExecutionStarted"> {
  readonly Name: string;
  readonly Version: string;
  /** JSON text. */
  readonly Input: string;
  readonly OrchestrationInstance: {
    readonly InstanceId: string;
    readonly ExecutionId: string;
  };
  readonly ParentInstance: ParentInstance | null;
  readonly Tags: null;
}
interface ExecutionCompleted extends Of<"ExecutionCompleted"> {
  readonly OrchestrationStatus: number;
  readonly Result: string | null;
}
interface ExecutionTerminated extends Of<"ExecutionTerminated"> {
  readonly Input: string;
}
interface TaskScheduled extends Of<"TaskScheduled"> {
  readonly Name: string;
  readonly Version: string;
  /** JSON text of an array of one element. */
  readonly Input: string;
}
export interface TaskCompleted extends Of<"TaskCompleted"> {
  readonly TaskScheduledId: number;
  /** JSON text. The SDK breaks when it is missing. */
  readonly Result: string;
}
export interface TaskFailed extends Of<"TaskFailed"> {
  readonly TaskScheduledId: number;
  readonly Reason: string;
  readonly Details: string | null;
  readonly FailureDetails: null;
}
export interface SubOrchestrationInstanceCreated extends Of<"SubOrchestrationInstanceCreated"> {
  readonly Name: string;
  readonly Version: string;
  readonly InstanceId: string;
  readonly Input: string;
}
interface SubOrchestrationInstanceCompleted extends Of<"SubOrchestrationInstanceCompleted"> {
  readonly TaskScheduledId: number;
  readonly Result: string;
}
interface SubOrchestrationInstanceFailed extends Of<"SubOrchestrationInstanceFailed"> {
  readonly TaskScheduledId: number;
  readonly Reason: string;
  readonly Details: string | null;
  readonly FailureDetails: null;
}
interface TimerCreated extends Of<"TimerCreated"> {
  readonly FireAt: string;
}
interface TimerFired extends Of<"TimerFired"> {
  readonly TimerId: number;
  readonly FireAt: string;
}
export interface EventRaised extends Of<"EventRaised"> {
  readonly Name: string;
  /** JSON text; empty for an event without data. */
  readonly Input: string;
}
interface ExecutionSuspended extends Of<"ExecutionSuspended"> {
  readonly Reason: string;
}
interface ExecutionResumed extends Of<"ExecutionResumed"> {
  readonly Reason: string;
}

/** What arrives from outside and begins a turn. */
export type Arrival =
  | ExecutionStarted
  | ExecutionTerminated
  | TaskCompleted
  | TaskFailed
  | SubOrchestrationInstanceCompleted
  | SubOrchestrationInstanceFailed
  | TimerFired
  | EventRaised
  | ExecutionSuspended
  | ExecutionResumed;

/** What a turn decides. */
export type Decision =
  TaskScheduled | SubOrchestrationInstanceCreated | TimerCreated;

export type HistoryEvent =
  | Arrival
  | Decision
  | ExecutionCompleted
  | Of<"OrchestratorStarted">
  | Of<"OrchestratorCompleted">;

const names: ReadonlyMap<number, string> = new Map(
  Object.entries(eventType).map(([name, number]) => [number, name]),
);

export const eventName = (event: HistoryEvent): string =>
  names.get(event.EventType) ?? String(event.EventType);

/** The JSON of an event as the SDK is shown it. */
export const eventJson = (event: HistoryEvent, isPlayed: boolean): string =>
  `${JSON.stringify(event).slice(0, -1)},"IsPlayed":${isPlayed ? "true" : "false"}}`;

export const startedEvent = (
  {
    instanceId,
    executionId,
    name,
    version,
    input,
    parent,
  }: {
    readonly instanceId: string;
    readonly executionId: string;
    readonly name: string;
    readonly version: string;
    readonly input: string;
    readonly parent: ParentInstance | null;
  },
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
