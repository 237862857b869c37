import type { AppFunction } from "../../app/appFunctions.ts";
import { isBoundAsMessages } from "../../app/bindingTypes.ts";
import type { Host } from "../hostContext.ts";
import { mergedProperties } from "../shared/jsonProperties.ts";
import { runWithRetries } from "../shared/retryPolicy.ts";
import type { Call } from "../../worker/index.ts";
import { json, type TypedData } from "../../worker/typedData.ts";
import {
  batchMetadata,
  singleMetadata,
  type PartitionContext,
} from "./bindingData.ts";
import type { Event } from "./event.ts";

/** Gives events to the function. False: the host stops before they were handled, so there is to be no checkpoint. */
export type Dispatch = (
  events: readonly Event[],
  stopping: AbortSignal,
) => Promise<boolean>;

export function dispatchTo(
  host: Host,
  fn: AppFunction,
  partition: PartitionContext,
): Dispatch {
  const { cardinality, dataType } = fn.trigger;
  const isBinary = dataType === "binary";
  const isDeferred = isBoundAsMessages(fn);
  const context = json({
    FullyQualifiedNamespace: partition.fullyQualifiedNamespace,
    EventHubName: partition.eventHubName,
    ConsumerGroup: partition.consumerGroup,
    PartitionId: partition.partitionId,
    IsCheckpointingAfterInvocation: true,
  });
  const keepsEmpty =
    host.worker.capabilities["IncludeEmptyEntriesInMessagePayload"] === "true";
  const run = async (
    call: () => Call,
    stopping: AbortSignal,
  ): Promise<boolean> => {
    const { ok } = await runWithRetries(host, fn, call, stopping);
    return ok || !stopping.aborted || fn.retry === undefined;
  };

  if (cardinality === "many")
    return (events, stopping) =>
      run(
        () => ({
          inputData: host.inputsOf(
            fn,
            isDeferred
              ? messagesOf(events)
              : batchValue(events, isBinary, keepsEmpty),
          ),
          triggerMetadata: batchMetadata(context, events, host.longs),
        }),
        stopping,
      );
  return async (events, stopping) => {
    for (const event of events) {
      const isHandled = await run(() => {
        const value = singleValue(event, isBinary);
        return {
          inputData: host.inputsOf(fn, value),
          triggerMetadata: {
            ...singleMetadata(context, event),
            ...mergedProperties(value),
          },
        };
      }, stopping);
      if (!isHandled) return false;
    }
    return true;
  };
}

/** As Microsoft's extension writes it (EventHubExtensionConfigProvider). */
const messagesOf = (events: readonly Event[]): TypedData => ({
  collectionModelBindingData: {
    modelBindingData: events.map((event) => ({
      version: "1.0",
      source: "AzureEventHubsEventData",
      contentType: "application/octet-stream",
      content: writable(event).message,
    })),
  },
});

function batchValue(
  events: readonly Event[],
  isBinary: boolean,
  keepsEmpty: boolean,
): TypedData {
  const bodies = events.map(bodyOf);
  if (isBinary) return { collectionBytes: { bytes: bodies } };
  const texts = bodies.map((body) => body.toString("utf8"));
  return {
    collectionString: {
      string: keepsEmpty ? texts : texts.filter((text) => text !== ""),
    },
  };
}

function singleValue(event: Event, isBinary: boolean): TypedData {
  const body = bodyOf(event);
  return isBinary ? { bytes: body } : { string: body.toString("utf8") };
}

/** Thrown into the invocation: as on Azure the binding fails, and the function is not called. */
function readable(event: Event): Event {
  const { sequenceNumber, failure } = event;
  if (failure !== undefined)
    throw new Error(
      `The event ${sequenceNumber} cannot be read, so it cannot be bound: ${failure}`,
    );
  return event;
}

/** The extension decodes a message and encodes it again for this binding. */
function writable(event: Event): Event {
  const { sequenceNumber, unwritable } = readable(event);
  if (unwritable !== undefined)
    throw new Error(
      `The event ${sequenceNumber} cannot be bound as a message: ${unwritable}.`,
    );
  return event;
}

function bodyOf(event: Event): Buffer {
  const { body, sequenceNumber } = readable(event);
  if (body === undefined)
    throw new Error(
      `The event ${sequenceNumber} has an AMQP body that is no data: it cannot be bound.`,
    );
  return body;
}
