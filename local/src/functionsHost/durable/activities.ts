import type { FunctionInvoker } from "./contract.ts";
import type { TypedData } from "../worker/typedData.ts";
import { sized } from "./endings.ts";
import { OrchestrationFailure, unknownFunctionText } from "./errors.ts";
import { eventType, type TaskCompleted, type TaskFailed } from "./history.ts";
import type { ScheduledActivity } from "./rows.ts";

/** Runs an activity function and says how it ended. Never rejects. */
export async function runActivity(
  { instanceId, taskId, name, input }: ScheduledActivity,
  invoker: FunctionInvoker,
  now: () => string,
): Promise<TaskCompleted | TaskFailed> {
  const known = invoker.names("activityTrigger");
  const registered = known.find(
    (other) => other.toLowerCase() === name.toLowerCase(),
  );
  const end = { EventId: -1, TaskScheduledId: taskId } as const;
  const failed = (
    Reason: string,
    message: string,
    stack: string,
  ): TaskFailed => ({
    ...end,
    EventType: eventType.TaskFailed,
    Timestamp: now(),
    Reason,
    Details: JSON.stringify({
      ClassName: "System.Exception",
      Message: message,
      StackTraceString: stack,
    }),
    FailureDetails: null,
  });
  if (registered === undefined) {
    const reason = unknownFunctionText("activity", name, known);
    return failed(reason, reason, "");
  }
  const [value] = JSON.parse(input) as [unknown];
  const result = await invoker.invoke(registered, activityInput(value), {
    instanceId: { string: instanceId },
    data: { json: JSON.stringify(value) },
  });
  // The second space is real: the message comes out of "Exception: <message>" with the first one before it.
  if (!result.ok)
    return failed(
      `Activity function '${name}' failed:  ${result.message}`,
      ` ${result.message}`,
      result.stack ?? "",
    );
  try {
    const Result = sized(
      `The result of activity '${name}'`,
      returnedJson(result.returnValue),
    );
    return {
      ...end,
      EventType: eventType.TaskCompleted,
      Timestamp: now(),
      Result,
    };
  } catch (error) {
    if (!(error instanceof OrchestrationFailure)) throw error;
    return failed(
      `Activity function '${name}' failed:  ${error.message}`,
      ` ${error.message}`,
      "",
    );
  }
}

/**
 * The input as .NET hands it to a function that asks for text (DurableActivityContext.cs): a scalar as its bare text, so
 * that the library's guess at JSON gives the value back. A boolean comes as `True` or `False`, which is no JSON: the
 * function gets that text.
 */
function activityInput(value: unknown): TypedData {
  if (typeof value === "string") return { string: value };
  if (typeof value === "boolean") return { string: value ? "True" : "False" };
  return { string: JSON.stringify(value) };
}

/** The JSON of what a function returned; bytes as .NET writes them. */
const returnedJson = (value: unknown): string =>
  JSON.stringify(
    value instanceof Uint8Array
      ? Buffer.from(value).toString("base64")
      : (value ?? null),
  );
