import { randomUUID } from "node:crypto";
import type { InvocationResult } from "../durable/contract.ts";
import { AppFault, messageOf, toError } from "../app/appFault.ts";
import { coreModule } from "./core.ts";
import { runInvocation } from "./invoke.ts";
import { loadApp } from "./load.ts";
import type {
  Capabilities,
  InvocationRequest,
  InvocationResponse,
  ProgrammingModel,
  RetryContext,
} from "./model.ts";
import { Registry, type LogEntry, type Registered } from "./registry.ts";
import { installCoreModule } from "./requireHook.ts";
import { returnedValue } from "./returned.ts";
import type { TypedData } from "./typedData.ts";

/** What the worker of Azure offers before the app changes it. */
const DEFAULT_CAPABILITIES: Capabilities = Object.fromEntries(
  [
    "RawHttpBodyBytes",
    "RpcHttpTriggerMetadataRemoved",
    "RpcHttpBodyOnly",
    "IgnoreEmptyValuedRpcHttpHeaders",
    "UseNullableValueDictionaryForHttp",
    "WorkerStatus",
    "TypedDataCollection",
    "HandlesWorkerTerminateMessage",
  ].map((name) => [name, "true"]),
);

/** The data of one invocation. */
export interface Call {
  readonly inputData: InvocationRequest["inputData"];
  readonly triggerMetadata?: Readonly<Record<string, TypedData>>;
  readonly retryContext?: RetryContext;
  readonly traceParent?: string;
}

/** The outcome as the host sees it; a response only when the function succeeded. */
export type Outcome =
  | { readonly ok: true; readonly response: InvocationResponse }
  | { readonly ok: false; readonly error: Error };

/** The app in this process, behind the same contract as the language worker of Azure. */
export class Worker {
  readonly functions: ReadonlyMap<string, Registered>;
  readonly capabilities: Capabilities;
  readonly #registry: Registry;
  readonly #model: ProgrammingModel;
  readonly #appDir: string;
  readonly #appHookData: object;
  readonly #running = new Set<Promise<Outcome>>();

  private constructor(
    registry: Registry,
    model: ProgrammingModel,
    capabilities: Capabilities,
    appDir: string,
    appHookData: object,
  ) {
    this.#registry = registry;
    this.#model = model;
    this.#appDir = appDir;
    this.#appHookData = appHookData;
    this.capabilities = capabilities;
    this.functions = registry.functions;
  }

  static async start(
    appDir: string,
    log: (entry: LogEntry) => void,
  ): Promise<Worker> {
    const registry = new Registry(log);
    installCoreModule(coreModule(registry));
    await loadApp(appDir);
    const { model } = registry;
    if (model === undefined)
      throw new AppFault(
        `The app in '${appDir}' registered nothing: its entry file must import '@azure/functions' and call app.http, app.timer, ….`,
      );
    const appHookData = {};
    try {
      await registry.hooks.run("appStart", {
        hookData: appHookData,
        appHookData,
        functionAppDirectory: appDir,
      });
    } catch (error) {
      throw new AppFault(
        `An appStart hook of the app failed: ${messageOf(error)}`,
        { cause: error },
      );
    }
    const capabilities =
      (await model.getCapabilities?.({ ...DEFAULT_CAPABILITIES })) ??
      DEFAULT_CAPABILITIES;
    registry.lock();
    return new Worker(registry, model, capabilities, appDir, appHookData);
  }

  /** Never rejects: inputs that cannot be bound fail the invocation like the function itself. */
  run(functionId: string, bind: () => Call): Promise<Outcome> {
    const outcome = this.#run(functionId, bind);
    this.#running.add(outcome);
    void outcome.finally(() => this.#running.delete(outcome));
    return outcome;
  }

  async #run(functionId: string, bind: () => Call): Promise<Outcome> {
    const registered = this.#registry.functions.get(functionId);
    if (registered === undefined)
      return {
        ok: false,
        error: new Error(`The app has no function '${functionId}'.`),
      };
    const invocationId = randomUUID();
    const startedAt = performance.now();
    let outcome: Outcome;
    try {
      const { traceParent = newTrace(invocationId), ...call } = bind();
      const response = await runInvocation(
        this.#registry,
        this.#model,
        registered,
        {
          invocationId,
          functionId,
          ...call,
          traceContext: { traceParent, traceState: "", attributes: {} },
        },
        this.#appHookData,
      );
      outcome = { ok: true, response };
    } catch (thrown) {
      outcome = { ok: false, error: toError(thrown) };
    }
    const ms = Math.round((performance.now() - startedAt) * 10) / 10;
    this.#registry.log({
      level: outcome.ok ? "information" : "error",
      category: "system",
      message: outcome.ok
        ? `Succeeded in ${ms} ms`
        : `Failed in ${ms} ms: ${outcome.error.message}`,
      functionName: registered.metadata.name,
      invocationId,
    });
    return outcome;
  }

  /** Waits for what runs, then lets the app say good-bye. */
  async stop(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
    await this.#registry.hooks.run("appTerminate", {
      hookData: this.#appHookData,
      appHookData: this.#appHookData,
      functionAppDirectory: this.#appDir,
    });
  }
}

/** The outcome in the form that the durable engine takes. */
export function toResult(outcome: Outcome): InvocationResult {
  if (outcome.ok)
    return {
      ok: true,
      returnValue: returnedValue(outcome.response.returnValue),
    };
  const { message, stack } = outcome.error;
  return stack === undefined
    ? { ok: false, message }
    : { ok: false, message, stack };
}

/** A W3C trace of its own for an invocation that came without one. */
const newTrace = (invocationId: string): string => {
  const hex = invocationId.replaceAll("-", "");
  return `00-${hex}-${hex.slice(16)}-00`;
};
