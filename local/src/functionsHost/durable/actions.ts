import { failures } from "./errors.ts";

/** What an orchestrator asks for, as the SDK encodes it (replay schema V3). */
export type Action =
  | {
      readonly actionType: 0;
      readonly functionName: string;
      readonly input?: unknown;
    }
  | {
      readonly actionType: 1;
      readonly functionName: string;
      readonly input?: unknown;
      readonly retryOptions: RetryOptions;
    }
  | {
      readonly actionType: 2;
      readonly functionName: string;
      readonly input?: unknown;
      readonly instanceId?: string;
      readonly version?: string;
    }
  | {
      readonly actionType: 3;
      readonly functionName: string;
      readonly input?: unknown;
      readonly instanceId?: string;
      readonly version?: string;
      readonly retryOptions: RetryOptions;
    }
  | { readonly actionType: 4; readonly input?: unknown }
  | {
      readonly actionType: 5;
      readonly fireAt: string;
      readonly isCanceled: boolean;
    }
  | { readonly actionType: 6; readonly externalEventName: string }
  | {
      readonly actionType: 11 | 12;
      readonly compoundActions: readonly Action[];
    };

interface RetryOptions {
  readonly firstRetryIntervalInMilliseconds: number;
  readonly maxNumberOfAttempts: number;
  readonly backoffCoefficient?: number;
  readonly maxRetryIntervalInMilliseconds?: number;
  readonly retryTimeoutInMilliseconds?: number;
}

/** What the orchestrator function answered in one turn. */
export interface OrchestratorAnswer {
  readonly actions: readonly Action[];
  readonly isDone: boolean;
  readonly output?: unknown;
  readonly customStatus?: unknown;
  /** Set when user code threw. */
  readonly error?: string;
  readonly stack?: string;
}

const OUT_OF_PROC_DATA = "$OutOfProcData$:";
const refused: ReadonlyMap<number, string> = new Map([
  [7, "Calling an entity is"],
  [8, "callHttp is"],
  [9, "Signalling an entity is"],
  [10, "Signalling an entity is"],
  [13, "Locking entities is"],
  [14, "Locking entities is"],
]);

/** Reads the answer of an invocation: its return value, or the state that the SDK puts into the message of its error. */
export function readAnswer(
  name: string,
  result:
    | { ok: true; returnValue: unknown }
    | { ok: false; message: string; stack?: string },
): OrchestratorAnswer {
  if (result.ok) return checkState(parsed(result.returnValue));
  const at = result.message.indexOf(OUT_OF_PROC_DATA);
  if (at < 0) throw failures.userCode(name, result.message, result.stack);
  const state = checkState(
    parsed(stateText(result.message.slice(at + OUT_OF_PROC_DATA.length))),
  );
  // The SDK leaves out an empty message, and what was thrown without being an Error.
  return { ...state, error: state.error ?? "", stack: result.stack ?? "" };
}

/** A host may pass the message in the form that gRPC gives it, with the stack behind. */
const stateText = (text: string): string => {
  const stackAt = text.indexOf("\nStack: ");
  return stackAt < 0 ? text : text.slice(0, stackAt);
};

function parsed(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    throw failures.badAnswer("it is no JSON");
  }
}

function checkState(state: unknown): OrchestratorAnswer {
  if (!isRecord(state) || !Array.isArray(state["actions"]))
    throw failures.badAnswer("actions are missing");
  const version = state["schemaVersion"];
  if (version !== 1 && version !== 2)
    throw failures.badAnswer(`schema version ${JSON.stringify(version)}`);
  const outer = state["actions"] as readonly unknown[];
  if (outer.length !== 1 || !Array.isArray(outer[0]))
    throw failures.badAnswer(
      `expected actions array to be of length 1 in outer layer but got size ${outer.length}`,
    );
  return {
    actions: (outer[0] as readonly unknown[]).map(checkAction),
    isDone: state["isDone"] === true,
    output: state["output"],
    customStatus: state["customStatus"],
    ...(typeof state["error"] === "string" ? { error: state["error"] } : {}),
  };
}

function checkAction(value: unknown): Action {
  if (!isRecord(value)) throw failures.badAnswer("an action is no object");
  const type = value["actionType"];
  const text = (field: string): void => {
    if (typeof value[field] !== "string")
      throw failures.badAnswer(`action ${String(type)} has no ${field}`);
  };
  switch (type) {
    case 0:
    case 2:
      text("functionName");
      break;
    case 1:
    case 3:
      text("functionName");
      checkRetry(value["retryOptions"]);
      break;
    case 4:
      break;
    case 5:
      text("fireAt");
      if (Number.isNaN(Date.parse(value["fireAt"] as string)))
        throw failures.badAnswer("a timer has no valid fireAt");
      break;
    case 6:
      text("externalEventName");
      break;
    case 11:
    case 12:
      if (!Array.isArray(value["compoundActions"]))
        throw failures.badAnswer("a compound action has no members");
      return {
        actionType: type,
        compoundActions: value["compoundActions"].map(checkAction),
      };
    default: {
      const what = typeof type === "number" ? refused.get(type) : undefined;
      throw what === undefined
        ? failures.badAnswer(`action type ${JSON.stringify(type)}`)
        : failures.notSupported(what);
    }
  }
  // Checked above, field by field.
  return value as unknown as Action;
}

function checkRetry(value: unknown): void {
  if (!isRecord(value)) throw failures.badAnswer("retryOptions are missing");
  for (const field of [
    "firstRetryIntervalInMilliseconds",
    "maxNumberOfAttempts",
  ])
    if (typeof value[field] !== "number")
      throw failures.badAnswer(`retryOptions have no ${field}`);
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;
