import type { Action } from "./actions.ts";
import { failures, type ScheduledKind } from "./errors.ts";
import {
  eventType,
  type Decision,
  type EventRaised,
  type HistoryEvent,
} from "./history.ts";
import {
  LONG_TIMER_PIECE_MS,
  MAX_ORCHESTRATION_ACTIONS,
  MAX_SHORT_TIMER_MS,
} from "./limits.ts";

/** What the walk has to know besides history and actions. */
interface Surroundings {
  readonly instanceId: string;
  readonly executionId: string;
  readonly parentInstanceId: string | undefined;
  readonly activities: readonly string[];
  readonly orchestrators: readonly string[];
}

export interface Walked {
  /** Scheduled now for the first time, in the order of their ids. The time stamps are those of this turn. */
  readonly decisions: readonly Decision[];
  /** Timers that user code has cancelled. */
  readonly cancelledTimers: readonly number[];
  /** Every action has been awaited and no task is open: only then may the orchestration end. */
  readonly settled: boolean;
  readonly continueAsNew: { readonly input: unknown } | undefined;
  /** Events that nobody waited for, in the order of arrival. */
  readonly unconsumed: readonly EventRaised[];
  readonly nextId: number;
}

type Done = (ok: boolean) => void;

/**
 * Replays an instance as the extension does for a language out of its process (OutOfProcOrchestrationShim.cs): goes through
 * the list of actions, awaits one before it starts the next, and ignores how each ends. It gives every task its id from one
 * counter, in the order in which tasks start; the SDK counts for itself and has to come to the same numbers.
 */
export function walk(
  history: readonly HistoryEvent[],
  actions: readonly Action[],
  around: Surroundings,
): Walked {
  return new Walk(actions, around).replay(history);
}

class Walk {
  readonly #actions: readonly Action[];
  readonly #around: Surroundings;
  #now = 0;
  #timestamp = "";
  #nextId = 0;
  #cursor = 0;
  #isBlocked = false;
  #scheduled = 0;
  /** Decisions that no event of the history confirms (yet). */
  readonly #pending = new Map<number, Decision>();
  /** Tasks that have not ended. */
  readonly #open = new Map<number, Done>();
  /** Who waits for an event, by its name in lower case; the last to wait is the first to be served. */
  readonly #waiters = new Map<string, (() => void)[]>();
  readonly #buffered = new Map<string, EventRaised[]>();
  readonly #unconsumed = new Set<EventRaised>();
  readonly #cancelledTimers: number[] = [];
  #continueAsNew: { readonly input: unknown } | undefined;

  constructor(actions: readonly Action[], around: Surroundings) {
    this.#actions = actions;
    this.#around = around;
  }

  replay(history: readonly HistoryEvent[]): Walked {
    for (const event of history) this.#meet(event);
    return {
      decisions: [...this.#pending.values()],
      cancelledTimers: this.#cancelledTimers,
      settled:
        !this.#isBlocked &&
        this.#cursor === this.#actions.length &&
        this.#open.size === 0,
      continueAsNew: this.#continueAsNew,
      unconsumed: [...this.#unconsumed],
      nextId: this.#nextId,
    };
  }

  #meet(event: HistoryEvent): void {
    switch (event.EventType) {
      case eventType.OrchestratorStarted:
        this.#now = Date.parse(event.Timestamp);
        this.#timestamp = event.Timestamp;
        break;
      case eventType.ExecutionStarted:
        this.#advance();
        break;
      case eventType.TaskScheduled:
        this.#confirm(event, "TaskScheduled", event.Name);
        break;
      case eventType.SubOrchestrationInstanceCreated:
        this.#confirm(event, "SubOrchestrationInstanceCreated", event.Name);
        break;
      case eventType.TimerCreated:
        this.#confirm(event, "TimerCreated", "");
        break;
      case eventType.TaskCompleted:
      case eventType.SubOrchestrationInstanceCompleted:
        this.#end(event.TaskScheduledId, true);
        break;
      case eventType.TaskFailed:
      case eventType.SubOrchestrationInstanceFailed:
        this.#end(event.TaskScheduledId, false);
        break;
      case eventType.TimerFired:
        this.#end(event.TimerId, true);
        break;
      case eventType.EventRaised:
        this.#raise(event);
        break;
    }
  }

  /** The history says that an earlier turn scheduled this: the same must have been scheduled again by now. */
  #confirm(event: Decision, kind: ScheduledKind, name: string): void {
    const again = this.#pending.get(event.EventId);
    if (!again) throw failures.notScheduled(kind, event.EventId, name);
    const nameAgain = "Name" in again ? again.Name : "";
    if (
      again.EventType !== event.EventType ||
      nameAgain.toLowerCase() !== name.toLowerCase()
    )
      throw failures.scheduledOtherwise(
        kind,
        event.EventId,
        name,
        kindOf(again),
        nameAgain,
      );
    this.#pending.delete(event.EventId);
  }

  /** A second completion of the same task finds nothing open. */
  #end(id: number, ok: boolean): void {
    const done = this.#open.get(id);
    this.#open.delete(id);
    done?.(ok);
  }

  #raise(event: EventRaised): void {
    this.#unconsumed.add(event);
    // Once the orchestration has said that it continues as new, events belong to its next execution.
    if (this.#continueAsNew) return;
    const name = event.Name.toLowerCase();
    const waiter = this.#waiters.get(name)?.pop();
    if (waiter) {
      this.#unconsumed.delete(event);
      waiter();
    } else {
      const queue = this.#buffered.get(name) ?? [];
      this.#buffered.set(name, queue);
      queue.push(event);
    }
  }

  #advance(): void {
    while (!this.#isBlocked) {
      const action = this.#actions[this.#cursor];
      if (!action) return;
      this.#cursor += 1;
      this.#isBlocked = true;
      let isStarting = true;
      this.#start(action, () => {
        this.#isBlocked = false;
        if (!isStarting) this.#advance();
      });
      isStarting = false;
    }
  }

  #start(action: Action, done: Done): void {
    switch (action.actionType) {
      case 0:
        this.#callActivity(action.functionName, action.input, done);
        break;
      case 1:
        this.#withRetry(action, done, (each) =>
          this.#callActivity(action.functionName, action.input, each),
        );
        break;
      case 2:
        this.#callSubOrchestrator(action, done);
        break;
      case 3:
        this.#withRetry(action, done, (each) =>
          this.#callSubOrchestrator(action, each),
        );
        break;
      case 4:
        this.#continueAsNew = { input: action.input };
        done(true);
        break;
      case 5:
        this.#timer(Date.parse(action.fireAt), action.isCanceled, done);
        break;
      case 6:
        this.#waitFor(action.externalEventName, done);
        break;
      case 11:
        this.#any(action.compoundActions, done);
        break;
      case 12:
        this.#all(action.compoundActions, done);
        break;
    }
  }

  #callActivity(name: string, input: unknown, done: Done): void {
    if (!isOneOf(this.#around.activities, name))
      throw failures.unknownFunction("activity", name, this.#around.activities);
    const Input = JSON.stringify([input ?? null]);
    this.#schedule(
      {
        EventType: eventType.TaskScheduled,
        ...this.#stamp(),
        Name: name,
        Version: "",
        Input,
      },
      done,
    );
  }

  #callSubOrchestrator(
    action: Extract<Action, { actionType: 2 | 3 }>,
    done: Done,
  ): void {
    const { functionName: name, instanceId, input } = action;
    const { orchestrators, parentInstanceId } = this.#around;
    if (!isOneOf(orchestrators, name))
      throw failures.unknownFunction("orchestrator", name, orchestrators);
    if (
      instanceId &&
      [this.#around.instanceId, parentInstanceId].some(
        (id) => id?.toLowerCase() === instanceId.toLowerCase(),
      )
    )
      throw failures.ownInstanceId();
    if (instanceId?.startsWith("@"))
      throw failures.badInstanceId(
        "Orchestration instance ids must not start with @.",
      );
    const stamp = this.#stamp();
    const id = instanceId?.trim()
      ? instanceId
      : `${this.#around.executionId}:${stamp.EventId}`;
    this.#schedule(
      {
        EventType: eventType.SubOrchestrationInstanceCreated,
        ...stamp,
        Name: name,
        Version: action.version ?? "",
        InstanceId: id,
        Input: JSON.stringify(input ?? null),
      },
      done,
    );
  }

  /** After the last failed try comes one more timer, which fires at once: RetryInterceptor.cs keeps it for old histories. */
  #withRetry(
    action: Extract<Action, { actionType: 1 | 3 }>,
    done: Done,
    call: (done: Done) => void,
  ): void {
    const { functionName, retryOptions } = action;
    const { firstRetryIntervalInMilliseconds: first, maxNumberOfAttempts } =
      retryOptions;
    const longest =
      retryOptions.maxRetryIntervalInMilliseconds ?? MAX_SHORT_TIMER_MS;
    const timeout = retryOptions.retryTimeoutInMilliseconds ?? Infinity;
    if (first > MAX_SHORT_TIMER_MS)
      throw failures.retryTooLong("firstRetryIntervalInMilliseconds");
    if (longest > MAX_SHORT_TIMER_MS)
      throw failures.retryTooLong("maxRetryIntervalInMilliseconds");
    if (maxNumberOfAttempts < 1) throw failures.retryAttempts();
    const startedAt = this.#now;
    const attempt = (earlier: number): void =>
      call((ok) => {
        if (ok) {
          done(true);
        } else if (earlier + 1 === maxNumberOfAttempts) {
          this.#shortTimer(this.#now, () => done(false));
        } else {
          if (this.#now >= startedAt + timeout)
            throw failures.retryTimedOut(functionName);
          const factor = (retryOptions.backoffCoefficient ?? 1) ** earlier;
          const delay = Math.min(first * factor, longest);
          this.#shortTimer(this.#now + delay, () => attempt(earlier + 1));
        }
      });
    attempt(0);
  }

  /** A timer longer than the storage can hold is cut into pieces, each a task of its own. */
  #timer(fireAt: number, isCanceled: boolean, done: Done): void {
    const isLong = fireAt - this.#now > MAX_SHORT_TIMER_MS;
    const piece = (at: number): number =>
      this.#shortTimer(at, () => {
        const restMs = fireAt - this.#now;
        if (!isLong || restMs <= 0) done(true);
        else piece(this.#now + Math.min(restMs, LONG_TIMER_PIECE_MS));
      });
    const id = piece(isLong ? this.#now + LONG_TIMER_PIECE_MS : fireAt);
    if (!isCanceled) return;
    // As in the extension, a timer that is cancelled later counts as ended from its start: only its id stays in use.
    this.#open.delete(id);
    this.#cancelledTimers.push(id);
    done(false);
  }

  #shortTimer(at: number, done: Done): number {
    const FireAt = new Date(at).toISOString();
    return this.#schedule(
      { EventType: eventType.TimerCreated, ...this.#stamp(), FireAt },
      done,
    );
  }

  #waitFor(name: string, done: Done): void {
    const key = name.toLowerCase();
    const early = this.#buffered.get(key)?.shift();
    if (early) {
      this.#unconsumed.delete(early);
      done(true);
      return;
    }
    const stack = this.#waiters.get(key) ?? [];
    this.#waiters.set(key, stack);
    stack.push(() => done(true));
  }

  #any(members: readonly Action[], done: Done): void {
    let isOver = false;
    for (const member of members)
      this.#start(member, () => {
        if (isOver) return;
        isOver = true;
        done(true);
      });
  }

  /** Ends when all members have ended, also when one has failed long before: the SDK goes on then, the host does not. */
  #all(members: readonly Action[], done: Done): void {
    let left = members.length;
    for (const member of members)
      this.#start(member, () => {
        left -= 1;
        if (left === 0) done(true);
      });
  }

  #stamp(): { readonly EventId: number; readonly Timestamp: string } {
    return { EventId: this.#nextId++, Timestamp: this.#timestamp };
  }

  #schedule(decision: Decision, done: Done): number {
    this.#scheduled += 1;
    if (this.#scheduled > MAX_ORCHESTRATION_ACTIONS)
      throw failures.tooManyActions(MAX_ORCHESTRATION_ACTIONS);
    this.#pending.set(decision.EventId, decision);
    this.#open.set(decision.EventId, done);
    return decision.EventId;
  }
}

const kindOf = (decision: Decision): ScheduledKind =>
  decision.EventType === eventType.TaskScheduled
    ? "TaskScheduled"
    : decision.EventType === eventType.TimerCreated
      ? "TimerCreated"
      : "SubOrchestrationInstanceCreated";

/** Names of functions compare without case. */
const isOneOf = (names: readonly string[], name: string): boolean =>
  names.some((other) => other.toLowerCase() === name.toLowerCase());
