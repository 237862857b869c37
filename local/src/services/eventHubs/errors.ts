/**
 * What Event Hubs answers, in its own words: the SDKs derive their codes from the condition, and one of them
 * ("could not be found") from the sentence. `{name}` is filled in. Sources: issues of Azure's SDK repositories.
 */
const errors = {
  entityNotFound: {
    status: 404,
    condition: "amqp:not-found",
    message: "The messaging entity '{entity}' could not be found.",
  },
  // azure-sdk-for-python#11708
  partitionOutOfRange: {
    status: 400,
    condition: "com.microsoft:argument-out-of-range",
    message:
      "The specified partition is invalid for an EventHub partition sender or receiver. It should be between 0 and {last}.",
  },
  // azure-event-hubs-python#4
  claimMissing: {
    status: 401,
    condition: "amqp:unauthorized-access",
    message:
      "Unauthorized access. '{claim}' claim(s) are required to perform this operation. Resource: '{resource}'.",
  },
  // azure-sdk-for-js#26073 shows the condition of a refused put-token.
  invalidSignature: {
    status: 401,
    condition: "com.microsoft:auth-failed",
    message: "InvalidSignature: The token has an invalid signature.",
  },
  invalidAudience: {
    status: 401,
    condition: "com.microsoft:auth-failed",
    message:
      "InvalidAudience: The authorization header contains a token that was not issued for this resource: '{resource}'.",
  },
  expiredToken: {
    status: 401,
    condition: "com.microsoft:auth-failed",
    message: "ExpiredToken: The token is expired. Expiration time: '{at}'.",
  },
  malformedToken: {
    status: 401,
    condition: "com.microsoft:auth-failed",
    message:
      "MalformedToken: A put-token request needs a token of type jwt or servicebus.windows.net:sastoken.",
  },
  // azure-event-hubs-python#106: the delivery is rejected, the link stays.
  messageTooLarge: {
    status: 403,
    condition: "amqp:link:message-size-exceeded",
    message:
      "The received message (delivery-id:{delivery}, size:{size} bytes) exceeds the limit ({limit} bytes) currently allowed on the link.",
  },
  partitionKeyTooLong: {
    status: 400,
    condition: "com.microsoft:argument-error",
    message: "The partition key is longer than {limit} characters.",
  },
  malformedMessage: {
    status: 400,
    condition: "amqp:decode-error",
    message: "The message is not an encoded AMQP 1.0 message: {reason}",
  },
  // azure-sdk-for-java#38117
  tooManyReceivers: {
    status: 403,
    condition: "amqp:resource-limit-exceeded",
    message:
      "Exceeded the maximum number of allowed receivers per partition in a consumer group which is {limit}. List of connected receivers - {receivers}.",
  },
  // amqpnetlite#162
  epochRequired: {
    status: 410,
    condition: "amqp:link:stolen",
    message:
      "At least one receiver for the endpoint is created with epoch of '{epoch}', and so non-epoch receiver is not allowed. Either reconnect with a higher epoch, or make sure all epoch receivers are closed or disconnected.",
  },
  // azure-sdk-for-java#26583
  epochTooLow: {
    status: 410,
    condition: "amqp:link:stolen",
    message:
      "Receiver '{current}' with a higher epoch '{higher}' already exists. Receiver '{receiver}' with epoch {epoch} cannot be created. Make sure you are creating receiver with increasing epoch value to ensure connectivity, or ensure all old epoch receivers are closed or disconnected.",
  },
  // azure-sdk-for-python#31084
  receiverStolen: {
    status: 410,
    condition: "amqp:link:stolen",
    message:
      "New receiver '{receiver}' with higher epoch of '{higher}' is created hence current receiver '{current}' with epoch '{epoch}' is getting disconnected. If you are recreating the receiver, make sure a higher epoch is used.",
  },
  // azure-event-hubs-python#13
  offsetInvalid: {
    status: 400,
    condition: "com.microsoft:argument-error",
    message:
      "The supplied offset '{supplied}' is invalid. The last offset in the system is '{last}'",
  },
  // azure-event-hubs-spark#315
  sequenceNumberInvalid: {
    status: 400,
    condition: "com.microsoft:argument-error",
    message:
      "The supplied sequence number '{supplied}' is invalid. The last sequence number in the system is '{last}'",
  },
  notSupported: {
    status: 501,
    condition: "amqp:not-implemented",
    message:
      "The local Event Hubs does not support {what}. COVERAGE.md lists what it does.",
  },
  serverBusy: {
    status: 503,
    condition: "com.microsoft:server-busy",
    message:
      "The request was terminated because the entity is being throttled. Please wait 4 seconds and try again.",
  },
  timeout: {
    status: 408,
    condition: "com.microsoft:timeout",
    message:
      "The operation did not complete within the allotted time. The operation will be retried by the client.",
  },
  internalError: {
    status: 500,
    condition: "amqp:internal-error",
    message: "The service was unable to process the request; please retry.",
  },
} as const;

type ErrorName = keyof typeof errors;

export class EventHubsError extends Error {
  readonly status: number;
  readonly condition: string;

  constructor(
    name: ErrorName,
    fields: Readonly<Record<string, string | number>> = {},
  ) {
    const { status, condition, message } = errors[name];
    super(
      message.replace(/\{(\w+)\}/g, (_, field: string) =>
        String(fields[field] ?? ""),
      ),
    );
    this.name = "EventHubsError";
    this.status = status;
    this.condition = condition;
  }

  /** As a delivery is rejected with, or a link closed. */
  get amqp(): { condition: string; description: string } {
    return { condition: this.condition, description: this.message };
  }
}

export function fail(
  name: ErrorName,
  fields?: Readonly<Record<string, string | number>>,
): never {
  throw new EventHubsError(name, fields);
}

/** The error that a planted fault of this status stands for. */
export function errorOfStatus(status = 503): EventHubsError {
  const name = (
    { 401: "claimMissing", 404: "entityNotFound", 408: "timeout" } as const
  )[status];
  return new EventHubsError(
    name ?? (status === 500 ? "internalError" : "serverBusy"),
  );
}
