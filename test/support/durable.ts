import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DummyOrchestrationContext,
  type OrchestrationHandler,
  type Task,
} from "durable-functions";
import testing from "durable-functions/lib/src/util/testingUtils.js";
import { Client } from "../../local/src/functionsHost/durable/client.ts";
import { Engine } from "../../local/src/functionsHost/durable/engine.ts";
import type { HistoryEvent } from "../../local/src/functionsHost/durable/history.ts";
import {
  hasEnded,
  type Instance,
} from "../../local/src/functionsHost/durable/instance.ts";
import type {
  DurableEngineOptions,
  FunctionInvoker,
  InvocationResult,
} from "../../local/src/functionsHost/durable/contract.ts";
import { ManualClock } from "../../local/src/shared/clock.ts";
import { silent } from "../../local/src/shared/log.ts";
import { until as untilThen } from "./until.ts";

export type Activity = (input: unknown, instanceId: string) => unknown;

export interface DurableApp {
  readonly orchestrators: Readonly<Record<string, OrchestrationHandler>>;
  readonly activities?: Readonly<Record<string, Activity>>;
}

/** What passed between the engine and the SDK. */
export interface Trace {
  /** The payloads that orchestrator functions were given, parsed. */
  readonly payloads: Payload[];
  /** The answers of the SDK's executor, parsed. */
  readonly answers: {
    actions: Record<string, unknown>[][];
    isDone: boolean;
    customStatus?: unknown;
  }[];
  /** Runs of activities: name and instance. */
  readonly runs: string[];
}

export interface Payload {
  readonly history: (HistoryEvent & { IsPlayed: boolean })[];
  readonly input: unknown;
  readonly isReplaying: boolean;
  readonly parentInstanceId: string | null;
}

/** The library's own executor behind the host's interface: real generators, typed data in, JSON out. */
export function invokerOf(app: DurableApp, trace: Trace): FunctionInvoker {
  const activities = app.activities ?? {};
  return {
    names: (kind) =>
      Object.keys(
        kind === "orchestrationTrigger" ? app.orchestrators : activities,
      ),
    async invoke(name, trigger, metadata = {}): Promise<InvocationResult> {
      if (!("string" in trigger)) throw new Error("The engine sends texts.");
      try {
        const orchestrator = app.orchestrators[name];
        if (orchestrator) {
          trace.payloads.push(JSON.parse(trigger.string) as Payload);
          const handler = testing.createOrchestrator(orchestrator);
          const state = await handler(
            JSON.parse(trigger.string),
            new DummyOrchestrationContext(name, "id", () => undefined),
          );
          return {
            ok: true,
            returnValue: remembered(JSON.stringify(state), trace),
          };
        }
        const { instanceId } = metadata;
        const id =
          instanceId && "string" in instanceId ? instanceId.string : "";
        trace.runs.push(`${name} ${id}`);
        return {
          ok: true,
          returnValue: await activities[name]?.(guess(trigger.string), id),
        };
      } catch (error) {
        const { message, stack = "" } = error as Error;
        const at = message.indexOf("$OutOfProcData$:");
        if (at >= 0)
          remembered(message.slice(at + "$OutOfProcData$:".length), trace);
        return { ok: false, message, stack };
      }
    },
  };
}

function remembered(json: string, trace: Trace): unknown {
  trace.answers.push(JSON.parse(json) as Trace["answers"][number]);
  return JSON.parse(json);
}

/** What the library makes of the field `string` of typed data. */
function guess(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** An engine over a folder of its own, with a clock that the test moves, and the library's executor. */
export class DurableBench {
  readonly clock = new ManualClock();
  readonly trace: Trace = { payloads: [], answers: [], runs: [] };
  readonly stateDir = mkdtempSync(join(tmpdir(), "durable-"));
  readonly #more: Partial<DurableEngineOptions>;
  readonly #invoker: FunctionInvoker;
  engine: Engine;

  constructor(
    app: DurableApp,
    more: Partial<DurableEngineOptions> = {},
    wrap: (invoker: FunctionInvoker) => FunctionInvoker = (invoker) => invoker,
  ) {
    this.#invoker = wrap(invokerOf(app, this.trace));
    this.#more = more;
    this.engine = this.#begin();
  }

  #begin(): Engine {
    const engine = new Engine(this.options);
    engine.start();
    return engine;
  }

  get options(): DurableEngineOptions {
    return {
      stateDir: this.stateDir,
      clock: this.clock,
      invoker: this.#invoker,
      baseUrl: "http://127.0.0.1:7071",
      systemKey: "key",
      taskHub: "TestHub",
      log: silent,
      ...this.#more,
    };
  }

  get client(): Client {
    return new Client(this.engine);
  }

  /** Ends the engine as kill -9 would, and starts another on the same store. */
  killAndRestart(): void {
    this.engine.kill();
    this.engine = this.#begin();
  }

  start(name: string, input: unknown = null, id = "one"): string {
    return this.client.start(name, id, JSON.stringify(input));
  }

  raise(event: string, data: unknown = null, id = "one"): void {
    this.client.raiseEvent(id, event, JSON.stringify(data));
  }

  /** Resolves with the instance as soon as it has ended. The clock stands still meanwhile. */
  async ended(id = "one"): Promise<Instance> {
    await until(
      () => hasEnded(this.client.find(id).status),
      () => `${id} is ${this.client.find(id).status}`,
    );
    return this.client.find(id);
  }

  /** Starts an instance and waits for its end. */
  run(name: string, input: unknown = null, id = "one"): Promise<Instance> {
    this.start(name, input, id);
    return this.ended(id);
  }

  /** Waits until the SDK has been asked `turns` times. */
  async turns(turns: number): Promise<void> {
    await until(
      () => this.trace.answers.length >= turns,
      () => `${this.trace.answers.length} of ${turns} turns`,
    );
    await settled();
  }

  history(id = "one"): HistoryEvent[] {
    return this.engine.store.history(id);
  }

  close(): void {
    this.engine.kill();
    rmSync(this.stateDir, { recursive: true });
  }
}

const PATIENCE_MS = 4_000;

/** A task's result with a type: `yield` alone gives any. */
export function* result<T>(task: Task): Generator<Task, T, unknown> {
  return (yield task) as T;
}

/** With the patience of a test that has jest's usual five seconds. */
export const until = (
  condition: () => boolean,
  what: () => string,
): Promise<true> => untilThen(condition, what, PATIENCE_MS);

/** Lets everything run that needs no clock. */
export async function settled(): Promise<void> {
  for (let round = 0; round < 20; round += 1)
    await new Promise((resolve) => setImmediate(resolve));
}
