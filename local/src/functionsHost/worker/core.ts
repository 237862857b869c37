import { systemError } from "../app/appFault.ts";
import { hookNames, type HookCallback, type HookName } from "./hooks.ts";
import type { Registry } from "./registry.ts";
import type {
  FunctionCallback,
  FunctionMetadata,
  LogCategory,
  LogLevel,
  ProgrammingModel,
} from "./model.ts";

/** What the app may read as versions: the ones whose contract this host follows. */
const WORKER_VERSION = "3.12.0";
const HOST_VERSION = "4.1041.200";

/** The module `@azure/functions-core`: it is on no registry, the worker supplies it. */
export function coreModule(registry: Registry): object {
  return {
    version: WORKER_VERSION,
    hostVersion: HOST_VERSION,
    Disposable,
    registerFunction: (
      metadata: FunctionMetadata,
      callback: FunctionCallback,
    ): Disposable => new Disposable(registry.register(metadata, callback)),
    registerHook(name: HookName, callback: HookCallback): Disposable {
      if (!hookNames.includes(name))
        throw systemError(new RangeError(`Unrecognized hook "${name}"`));
      return new Disposable(registry.hooks.add(name, callback));
    },
    setProgrammingModel: (model: ProgrammingModel): void => {
      registry.model = model;
    },
    getProgrammingModel: (): ProgrammingModel | undefined => registry.model,
    log: (level: LogLevel, category: LogCategory, message: string): void =>
      registry.log({ level, category, message }),
  };
}

class Disposable {
  static from(...disposables: { dispose?: () => unknown }[]): Disposable {
    return new Disposable(() => {
      for (const disposable of disposables) disposable.dispose?.();
    });
  }

  #onDispose: (() => unknown) | undefined;

  constructor(onDispose: () => unknown) {
    this.#onDispose = onDispose;
  }

  dispose(): unknown {
    const action = this.#onDispose;
    this.#onDispose = undefined;
    return action?.();
  }
}
