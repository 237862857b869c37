/** Ends an orchestration as Failed; the message becomes its output. */
export class OrchestrationFailure extends Error {
  readonly details: string;

  constructor(message: string, details = "") {
    super(message);
    this.name = "OrchestrationFailure";
    this.details = details;
  }
}

const kinds = {
  TaskScheduled: "an activity",
  TimerCreated: "a timer",
  SubOrchestrationInstanceCreated: "a sub-orchestration",
};
export type ScheduledKind = keyof typeof kinds;

/** What an orchestration fails with. Texts follow DurableTask and the extension where those have one. */
export const failures = {
  userCode: (name: string, error: string, stack = "") =>
    new OrchestrationFailure(
      `Orchestrator function '${name}' failed: ${error}`,
      `Message: ${error}, StackTrace: ${stack}`,
    ),
  notScheduled: (kind: ScheduledKind, id: number, name: string) =>
    new OrchestrationFailure(
      `Non-Deterministic workflow detected: A previous execution of this orchestration scheduled ${kinds[kind]} task with sequence ID ${id} and name '${name}', but the current replay execution hasn't (yet?) scheduled this task. Was a change made to the orchestrator code after this instance had already started running?`,
    ),
  scheduledOtherwise: (
    kind: ScheduledKind,
    id: number,
    name: string,
    now: ScheduledKind,
    nowName: string,
  ) =>
    new OrchestrationFailure(
      `Non-Deterministic workflow detected: A previous execution of this orchestration scheduled ${kinds[kind]} task with sequence ID ${id} and name '${name}', but the current orchestration replay instead scheduled ${kinds[now]} task named '${nowName}' with this sequence number. Was a change made to the orchestrator code after this instance had already started running?`,
    ),
  unknownFunction: (
    kind: "activity" | "orchestrator",
    name: string,
    known: readonly string[],
  ) => new OrchestrationFailure(unknownFunctionText(kind, name, known)),
  ownInstanceId: () =>
    new OrchestrationFailure(
      "The instance ID of a sub-orchestration must be different than the instance ID of a parent orchestration.",
    ),
  badInstanceId: (reason: string) => new OrchestrationFailure(reason),
  tooManyActions: (limit: number) =>
    new OrchestrationFailure(
      `Maximum amount of orchestration actions (${limit}) has been reached.`,
    ),
  payloadTooLarge: (what: string, bytes: number, limit: number) =>
    new OrchestrationFailure(payloadTooLargeText(what, bytes, limit)),
  customStatusTooLarge: (bytes: number) =>
    new OrchestrationFailure(
      `The UTF-16 size of the JSON-serialized payload must not exceed 16 KB. The current payload is ${Math.ceil(bytes / 1024)} KB.`,
    ),
  retryTooLong: (field: string) =>
    new OrchestrationFailure(
      `${field} must not exceed 6 days: the storage has no longer timers.`,
    ),
  retryAttempts: () =>
    new OrchestrationFailure("maxNumberOfAttempts must be 1 or more."),
  retryTimedOut: (name: string) =>
    new OrchestrationFailure(
      `The retries of '${name}' ended because of retryTimeoutInMilliseconds. The JavaScript SDK waits for a further retry in this case and the instance would hang on Azure: limit maxNumberOfAttempts instead.`,
    ),
  notSupported: (what: string) =>
    new OrchestrationFailure(
      `${what} not supported by the local engine: see durable/COVERAGE.md.`,
    ),
  badAnswer: (why: string) =>
    new OrchestrationFailure(
      `The orchestrator function gave an answer that is not understood: ${why}`,
    ),
} as const;

export function unknownFunctionText(
  kind: "activity" | "orchestrator",
  name: string,
  known: readonly string[],
): string {
  const article = kind === "activity" ? "an activity" : "an orchestrator";
  const plural = kind === "activity" ? "activity" : "orchestrator";
  const list =
    known.length === 0
      ? `No ${plural} functions are currently registered!`
      : `The following are the known ${plural} functions: '${known.join("', '")}'.`;
  return `The function '${name}' doesn't exist, is disabled, or is not ${article} function. Additional info: ${list}`;
}

export function payloadTooLargeText(
  what: string,
  bytes: number,
  limit: number,
): string {
  return `${what} has ${bytes} bytes as JSON; at most ${limit} are allowed. Write it to the lake and pass its path.`;
}

/** What the management API answers besides success. */
export const responses = {
  badJson: { status: 400, message: "Invalid JSON content" },
  notJson: {
    status: 400,
    message: "Only application/json request content is supported",
  },
  badArgument: {
    status: 400,
    message: "One or more of the arguments submitted is incorrect",
  },
  createdTimeFromMissing: {
    status: 400,
    message: "Please provide value for 'createdTimeFrom' parameter.",
  },
  restartUnknown: {
    status: 400,
    message: "InstanceId does not match a valid orchestration instance.",
  },
  unauthorized: {
    status: 401,
    message: "The key of this host is missing or wrong.",
  },
  fromBrowser: {
    status: 403,
    message: "Pages of a browser may not use this address.",
  },
  notFound: { status: 404, message: "" },
  alreadyRunning: {
    status: 409,
    message:
      "An Orchestration instance with the status Running already exists.",
  },
  gone: { status: 410, message: "" },
  bodyTooLarge: { status: 413, message: "The request body is too large." },
  internal: {
    status: 500,
    message: "Something went wrong while processing your request",
  },
  notImplemented: {
    status: 501,
    message:
      "This operation is not supported by the local engine: see durable/COVERAGE.md.",
  },
} as const;

type ResponseName = keyof typeof responses;

/** A request that is answered with one of `responses`. */
export class RequestRefused extends Error {
  readonly response: ResponseName;
  readonly detail: string | undefined;

  constructor(response: ResponseName, detail?: string) {
    super(detail ?? responses[response].message);
    this.name = "RequestRefused";
    this.response = response;
    this.detail = detail;
  }
}

export function refuse(response: ResponseName, detail?: string): never {
  throw new RequestRefused(response, detail);
}
