import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../../shared/clock.ts";
import type { Log } from "../../shared/log.ts";
import type { TypedData } from "../worker/typedData.ts";

/** The triggers that a durable engine fires. */
export type DurableTrigger = "orchestrationTrigger" | "activityTrigger";

export type InvocationResult =
  | { ok: true; returnValue: unknown }
  | { ok: false; message: string; stack?: string };

/** What the host offers the durable engine: the app's functions, run through the worker's own contract. */
export interface FunctionInvoker {
  /** Names by trigger type, in order of registration. */
  names(kind: DurableTrigger): readonly string[];
  /** Never rejects: a failing function is an answer. */
  invoke(
    name: string,
    trigger: TypedData,
    triggerMetadata?: Record<string, TypedData>,
  ): Promise<InvocationResult>;
}

/** What the durable engine offers the host. */
export interface DurableEngine {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** The value of a `durableClient` input binding. */
  clientBinding(): object;
  /** Serves `/runtime/webhooks/durabletask` and the rpc path. False: not ours, nothing was written. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
}

export interface DurableEngineOptions {
  readonly stateDir: string;
  readonly clock: Clock;
  readonly invoker: FunctionInvoker;
  /** The host's own origin, without a trailing slash: `http://127.0.0.1:7071`. */
  readonly baseUrl: string;
  readonly systemKey: string;
  readonly taskHub: string;
  readonly log: Log;
  readonly maxConcurrentActivities?: number;
  readonly maxConcurrentOrchestrators?: number;
}

export type CreateDurableEngine = (
  options: DurableEngineOptions,
) => DurableEngine;
