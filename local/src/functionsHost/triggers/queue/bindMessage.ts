import { mergedProperties } from "../shared/jsonProperties.ts";
import { dotnetInstant } from "../shared/dotnetTime.ts";
import type { AppFunction } from "../../app/appFunctions.ts";
import type { Host } from "../hostContext.ts";
import type { Call } from "../../worker/index.ts";
import { json, type TypedData } from "../../worker/typedData.ts";
import type { Message } from "./messages.ts";

/** What a function sees of a message. Throws when it is not in the encoding that host.json says. */
export function bindMessage(
  host: Host,
  fn: AppFunction,
  message: Message,
  isBase64: boolean,
): Call {
  const bytes = isBase64 ? decoded(message.text) : Buffer.from(message.text);
  const text = bytes.toString("utf8");
  const value: TypedData =
    fn.trigger["dataType"] === "binary" ? { bytes } : { string: text };
  return {
    inputData: host.inputsOf(fn, value),
    triggerMetadata: {
      QueueTrigger: { string: text },
      Id: { string: message.id },
      PopReceipt: { string: message.popReceipt },
      DequeueCount: json(message.dequeueCount),
      InsertionTime: json(dotnetInstant(message.insertedAt)),
      ExpirationTime: json(dotnetInstant(message.expiresAt)),
      NextVisibleTime: json(dotnetInstant(message.visibleAt)),
      ...mergedProperties({ string: text }),
    },
  };
}

function decoded(text: string): Buffer {
  const bytes = Buffer.from(text, "base64");
  if (bytes.toString("base64").replace(/=+$/, "") !== text.replace(/=+$/, ""))
    throw new Error(
      "The message is not base64. Where messages are plain text, host.json needs extensions.queues.messageEncoding: none.",
    );
  return bytes;
}
