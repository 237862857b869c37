import { systemError } from "../app/appFault.ts";
import { Hooks } from "./hooks.ts";
import type {
  FunctionCallback,
  FunctionMetadata,
  LogCategory,
  LogLevel,
  ProgrammingModel,
} from "./model.ts";

/** One line that the library, the host or the app's own code logs. */
export interface LogEntry {
  readonly level: LogLevel;
  readonly category: LogCategory;
  readonly message: string;
  readonly functionName?: string;
  readonly invocationId?: string;
}

export interface Registered {
  readonly metadata: FunctionMetadata;
  readonly callback: FunctionCallback;
}

/** What the app registers while it loads: functions, hooks, the programming model. */
export class Registry {
  readonly hooks = new Hooks();
  readonly functions = new Map<string, Registered>();
  readonly log: (entry: LogEntry) => void;
  model: ProgrammingModel | undefined;
  #locked = false;

  constructor(log: (entry: LogEntry) => void) {
    this.log = log;
  }

  register(metadata: FunctionMetadata, callback: FunctionCallback): () => void {
    if (this.#locked)
      throw systemError(
        new Error("A function can only be registered during app startup."),
      );
    const id = metadata.functionId ?? metadata.name;
    if (this.functions.has(id))
      throw systemError(
        new Error(`A function with id "${id}" has already been registered.`),
      );
    this.functions.set(id, { metadata, callback });
    return () => {
      if (this.#locked)
        throw systemError(
          new Error("A function can only be disposed during app startup."),
        );
      this.functions.delete(id);
    };
  }

  /** The host has asked for the functions: from here on the list stands. */
  lock(): void {
    this.#locked = true;
  }
}
