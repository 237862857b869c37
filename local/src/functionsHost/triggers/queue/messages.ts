import { XMLParser } from "fast-xml-parser";
import type { Host } from "../hostContext.ts";
import { storageAt, unexpected } from "../../connections/storageRequests.ts";

/** A message of a storage queue that this host holds. */
export interface Message {
  readonly id: string;
  readonly popReceipt: string;
  readonly text: string;
  readonly dequeueCount: number;
  readonly insertedAt: Date;
  readonly expiresAt: Date;
  readonly visibleAt: Date;
}

/** The operations that a queue trigger needs. */
export interface Queue {
  /** Takes up to 32 messages and hides them. A queue that is not there is empty. */
  take(most: number, hiddenMs: number, signal: AbortSignal): Promise<Message[]>;
  /** Hides a held message for another time, from now. The message with its new receipt. */
  hide(message: Message, hiddenMs: number): Promise<Message>;
  remove(message: Message): Promise<void>;
  /** Puts a message, in base64 where the messages are so, and makes the queue where it is missing. */
  put(content: string): Promise<void>;
}

const parser = new XMLParser({
  parseTagValue: false,
  trimValues: false,
  isArray: (name) => name === "QueueMessage",
});

export function openQueue(host: Host, serviceUri: string, name: string): Queue {
  const storage = storageAt(host, serviceUri);
  const messages = `${name}/messages`;
  return {
    async take(most, hiddenMs, signal) {
      const response = await storage("GET", messages, {
        query: {
          numofmessages: String(most),
          visibilitytimeout: seconds(hiddenMs),
        },
        signal,
      });
      if (response.status === 404) {
        await response.body?.cancel();
        return [];
      }
      if (!response.ok) throw await unexpected(`Reading '${name}'`, response);
      const { QueueMessagesList: list } = parser.parse(
        await response.text(),
      ) as { QueueMessagesList: { QueueMessage?: RawMessage[] } | string };
      return typeof list === "string"
        ? []
        : (list.QueueMessage ?? []).map(toMessage);
    },
    async hide(message, hiddenMs) {
      const response = await storage("PUT", `${messages}/${message.id}`, {
        query: {
          popreceipt: message.popReceipt,
          visibilitytimeout: seconds(hiddenMs),
        },
      });
      if (!response.ok)
        throw await unexpected(`Keeping a message of '${name}'`, response);
      await response.body?.cancel();
      const popReceipt = response.headers.get("x-ms-popreceipt");
      return { ...message, popReceipt: popReceipt ?? message.popReceipt };
    },
    async remove({ id, popReceipt }) {
      const response = await storage("DELETE", `${messages}/${id}`, {
        query: { popreceipt: popReceipt },
      });
      if (!response.ok && response.status !== 404)
        throw await unexpected(`Deleting a message of '${name}'`, response);
      await response.body?.cancel();
    },
    async put(content) {
      const body = `<QueueMessage><MessageText>${escape(content)}</MessageText></QueueMessage>`;
      let response = await storage("POST", messages, { body });
      if (response.status === 404) {
        await response.body?.cancel();
        const created = await storage("PUT", name);
        await created.body?.cancel();
        response = await storage("POST", messages, { body });
      }
      if (!response.ok)
        throw await unexpected(`Putting a message into '${name}'`, response);
      await response.body?.cancel();
    },
  };
}

interface RawMessage {
  readonly MessageId: string;
  readonly PopReceipt: string;
  readonly MessageText?: string;
  readonly DequeueCount: string;
  readonly InsertionTime: string;
  readonly ExpirationTime: string;
  readonly TimeNextVisible: string;
}

const toMessage = (raw: RawMessage): Message => ({
  id: raw.MessageId,
  popReceipt: raw.PopReceipt,
  text: raw.MessageText ?? "",
  dequeueCount: Number(raw.DequeueCount),
  insertedAt: new Date(raw.InsertionTime),
  expiresAt: new Date(raw.ExpirationTime),
  visibleAt: new Date(raw.TimeNextVisible),
});

const seconds = (ms: number): string => String(Math.ceil(ms / 1000));

const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
