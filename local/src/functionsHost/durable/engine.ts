import { join } from "node:path";
import type { DurableEngineOptions } from "./contract.ts";
import { readAnswer } from "./actions.ts";
import { runActivity } from "./activities.ts";
import {
  commitTurn,
  createInstance,
  newGuid,
  type NewInstance,
} from "./commit.ts";
import { failTurn, type TurnResult } from "./endings.ts";
import { OrchestrationFailure, failures } from "./errors.ts";
import { eventType, type Arrival, type HistoryEvent } from "./history.ts";
import { hasEnded, type Instance } from "./instance.ts";
import {
  MAX_CONCURRENT_ACTIVITIES,
  MAX_CONCURRENT_ORCHESTRATORS,
  STOP_GRACE_MS,
} from "./limits.ts";
import { takeBatch } from "./messages.ts";
import { orchestratorPayload, playedJson } from "./payload.ts";
import type { Message, ScheduledActivity, ScheduledTimer } from "./rows.ts";
import { Store } from "./store.ts";
import { Timers } from "./timers.ts";
import {
  closeTurn,
  openTurn,
  withoutFunction,
  type Functions,
} from "./turn.ts";
import { WorkQueue } from "./workQueue.ts";

/** An instance that has not ended, as the engine works on it. */
interface Live {
  instance: Instance;
  history: HistoryEvent[];
  /** The JSON of the history, joined, as the SDK is shown it. */
  played: string;
  inbox: Message[];
}

/** When the store refuses a write (a full disk), the same work is tried again after this. */
const RETRY_MS = 1_000;

/**
 * Runs instances: everything happens in memory, woken by what arrives; before it has an effect, it stands in the store.
 * After kill -9 the store's content is taken up again: messages, activities that have not ended, timers that have not fired.
 */
export class Engine {
  readonly #options: DurableEngineOptions;
  readonly #live = new Map<string, Live>();
  readonly #turns: WorkQueue<string>;
  readonly #activities: WorkQueue<ScheduledActivity>;
  readonly #timers: Timers;
  #store: Store | undefined;

  constructor(options: DurableEngineOptions) {
    this.#options = options;
    this.#turns = new WorkQueue<string>(
      options.maxConcurrentOrchestrators ?? MAX_CONCURRENT_ORCHESTRATORS,
      (instanceId) => this.#turn(instanceId),
      (instanceId, error) =>
        this.#retry(error, () => this.#turns.add(instanceId)),
    );
    this.#activities = new WorkQueue<ScheduledActivity>(
      options.maxConcurrentActivities ?? MAX_CONCURRENT_ACTIVITIES,
      (activity) => this.#run(activity),
      (activity, error) =>
        this.#retry(error, () => this.#activities.add(activity)),
    );
    this.#timers = new Timers(options.clock, (timer) => this.#fire(timer));
  }

  start(): void {
    const store = new Store(
      join(this.#options.stateDir, "functions", "durable.db"),
    );
    this.#store = store;
    this.#deliver(store.messages());
    for (const activity of store.activities()) this.#activities.add(activity);
    for (const timer of store.timers()) this.#timers.arm(timer);
  }

  /** Waits a while for what runs; what has not ended by then is run again at the next start. */
  async stop(): Promise<void> {
    this.#quiet();
    let grace: NodeJS.Timeout | undefined;
    const tooLong = new Promise<void>((resolve) => {
      grace = setTimeout(resolve, STOP_GRACE_MS);
    });
    await Promise.race([
      Promise.all([this.#turns.idle(), this.#activities.idle()]),
      tooLong,
    ]);
    clearTimeout(grace);
    this.kill();
  }

  /** Ends at once, as the death of the process would: nothing is written after this. */
  kill(): void {
    this.#quiet();
    this.#store?.close();
    this.#store = undefined;
    this.#live.clear();
  }

  get store(): Store {
    if (!this.#store) throw new Error("The durable engine is not running.");
    return this.#store;
  }

  get functions(): Functions {
    const { invoker } = this.#options;
    return {
      activities: invoker.names("activityTrigger"),
      orchestrators: invoker.names("orchestrationTrigger"),
    };
  }

  now(): string {
    return new Date(this.#options.clock.now()).toISOString();
  }

  /** The caller has made sure that no instance of this id runs. */
  create(given: NewInstance): void {
    this.#deliver([
      this.store.transaction(() =>
        createInstance(this.store, given, this.now()),
      ),
    ]);
  }

  /** For an instance that has not ended. */
  send(instanceId: string, event: Arrival): void {
    this.#deliver([
      this.store.transaction(() =>
        this.store.putMessage(instanceId, null, event),
      ),
    ]);
  }

  #quiet(): void {
    this.#turns.close();
    this.#activities.close();
    this.#timers.disarmAll();
  }

  #retry(error: unknown, again: () => void): void {
    this.#options.log("durable.workFailed", { error: String(error) });
    if (this.#store) this.#options.clock.after(RETRY_MS, again);
  }

  #liveOf(instanceId: string): Live | undefined {
    const known = this.#live.get(instanceId);
    if (known) return known;
    const instance = this.store.instance(instanceId);
    if (!instance || hasEnded(instance.status)) return undefined;
    const history = this.store.history(instanceId);
    const live: Live = {
      instance,
      history,
      played: playedJson(history),
      inbox: [],
    };
    this.#live.set(instanceId, live);
    return live;
  }

  #deliver(messages: readonly Message[]): void {
    for (const message of messages) {
      const live = this.#liveOf(message.instanceId);
      if (!live) continue;
      live.inbox.push(message);
      this.#turns.add(message.instanceId);
    }
  }

  async #turn(instanceId: string): Promise<void> {
    const live = this.#liveOf(instanceId);
    if (!live) return;
    const { taken, dropped } = takeBatch(live.inbox, live.instance);
    if (taken.length === 0) {
      this.#commit(live, dropped, undefined);
      return;
    }
    const arrivals = taken.map(({ event }) => event);
    const opened = openTurn(live, arrivals, this.#options.clock.now());
    const result =
      withoutFunction(live, opened) ?? (await this.#ask(live, opened));
    if (this.#store) this.#commit(live, [...taken, ...dropped], result);
  }

  /** One invocation of the orchestrator function, and what follows from its answer. */
  async #ask(live: Live, opened: readonly HistoryEvent[]): Promise<TurnResult> {
    const { name } = live.instance;
    const { functions } = this;
    try {
      const registered = functions.orchestrators.find(
        (other) => other.toLowerCase() === name.toLowerCase(),
      );
      if (registered === undefined)
        throw failures.unknownFunction(
          "orchestrator",
          name,
          functions.orchestrators,
        );
      const payload = orchestratorPayload(live.instance, live.played, opened);
      const answer = readAnswer(
        name,
        await this.#options.invoker.invoke(registered, { string: payload }),
      );
      return closeTurn(live, opened, answer, functions, newGuid());
    } catch (error) {
      if (error instanceof OrchestrationFailure)
        return failTurn(live, opened, error);
      throw error;
    }
  }

  /** One turn, one transaction. Memory follows the store, and then the world hears of it. */
  #commit(
    live: Live,
    done: readonly Message[],
    result: TurnResult | undefined,
  ): void {
    const { store } = this;
    const before = live.instance;
    const gone = new Set(done);
    const left = live.inbox.filter((message) => !gone.has(message));
    const committed = store.transaction(() => {
      for (const { id } of done) store.deleteMessage(id);
      return (
        result && commitTurn(store, before, live.history.length, result, left)
      );
    });
    live.inbox = committed ? [...committed.inbox] : left;
    if (!result || !committed) return;
    this.#remember(live, result);
    for (const taskId of result.cancelledTimers)
      this.#timers.disarm({ ...before, taskId });
    for (const activity of committed.activities) this.#activities.add(activity);
    for (const timer of committed.timers) this.#timers.arm(timer);
    this.#deliver(committed.messages);
    if (live.inbox.length > 0) this.#turns.add(before.instanceId);
  }

  #remember(live: Live, { instance, events, next }: TurnResult): void {
    const before = live.instance;
    live.instance = instance;
    if (next) {
      live.history = [];
      live.played = "";
    } else {
      live.history.push(...events);
      live.played += `${live.played === "" ? "" : ","}${playedJson(events)}`;
    }
    if (next || hasEnded(instance.status)) this.#timers.disarmExecution(before);
    if (!hasEnded(instance.status)) return;
    this.#live.delete(instance.instanceId);
    const { instanceId, name, status, output } = instance;
    const error = status === "Failed" ? output?.slice(0, 500) : undefined;
    this.#options.log("orchestration.ended", {
      instanceId,
      name,
      status,
      error,
    });
  }

  /** The completion takes the place of the activity in one transaction: after it, the activity is never run again. */
  async #run(activity: ScheduledActivity): Promise<void> {
    const end = await runActivity(activity, this.#options.invoker, () =>
      this.now(),
    );
    if (!this.#store) return;
    if (end.EventType === eventType.TaskFailed)
      this.#options.log("activity.failed", {
        instanceId: activity.instanceId,
        name: activity.name,
      });
    this.#report(activity, end, () => this.store.deleteActivity(activity));
  }

  #fire(timer: ScheduledTimer): void {
    try {
      const { taskId: TimerId, fireAt: FireAt } = timer;
      const end = {
        EventType: eventType.TimerFired,
        EventId: -1,
        Timestamp: this.now(),
        TimerId,
        FireAt,
      } as const;
      this.#report(timer, end, () => this.store.deleteTimer(timer));
    } catch (error) {
      this.#retry(error, () => this.#timers.arm(timer));
    }
  }

  /** `remove` says whether the task was still there; the instance may have been purged or replaced. */
  #report(
    { instanceId, executionId }: Omit<ScheduledTimer, "fireAt">,
    event: Arrival,
    remove: () => boolean,
  ): void {
    const message = this.store.transaction(() => {
      const isWanted =
        remove() &&
        this.#liveOf(instanceId)?.instance.executionId === executionId;
      return isWanted
        ? this.store.putMessage(instanceId, executionId, event)
        : undefined;
    });
    if (message) this.#deliver([message]);
  }
}
