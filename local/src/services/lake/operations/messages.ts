import { receiveText } from "../bodies.ts";
import { fail } from "../errors.ts";
import { xmlReply, type Exchange, type Reply } from "../exchange.ts";
import type { Operation } from "../lake.ts";
import {
  DEFAULT_MESSAGE_TTL_SECONDS,
  DEFAULT_VISIBILITY_SECONDS,
  MAX_MESSAGES_PER_CALL,
  MAX_MESSAGE_BYTES,
  MAX_VISIBILITY_SECONDS,
} from "../limits.ts";
import type { Message } from "../queues.ts";
import { elements } from "../xml.ts";

/** XML around the text, and entities in it. */
const MAX_BODY_BYTES = 8 * MAX_MESSAGE_BYTES;

const isAllMessages = ({ address }: Exchange): boolean =>
  address.path === "messages";

export const messageOperations: readonly Operation[] = [
  {
    name: "Put Message",
    match: { method: "POST", level: "path" },
    async run({ queues }, exchange) {
      if (!isAllMessages(exchange)) fail("invalidUri");
      const text = messageText(await receiveText(exchange, MAX_BODY_BYTES));
      const ttl =
        exchange.number("messagettl", -1, Infinity) ??
        DEFAULT_MESSAGE_TTL_SECONDS;
      const delay = exchange.number(
        "visibilitytimeout",
        0,
        MAX_VISIBILITY_SECONDS,
      );
      if (ttl === 0 || (ttl > 0 && (delay ?? 0) >= ttl))
        fail(
          "outOfRangeQuery",
          "visibilitytimeout must be less than messagettl",
        );
      const { container } = exchange.address;
      const message = queues.put(
        container,
        text ?? fail("invalidXml"),
        delay,
        ttl,
      );
      return { ...messagesReply([message], ["popReceipt"]), status: 201 };
    },
  },
  {
    name: "Peek Messages",
    match: { method: "GET", level: "path", query: { peekonly: "true" } },
    run({ queues }, exchange) {
      if (!isAllMessages(exchange)) fail("invalidUri");
      const found = queues.peek(exchange.address.container, most(exchange));
      return messagesReply(found, ["text"]);
    },
  },
  {
    name: "Get Messages",
    match: { method: "GET", level: "path" },
    run({ queues }, exchange) {
      if (!isAllMessages(exchange)) fail("invalidUri");
      const seconds =
        exchange.number("visibilitytimeout", 1, MAX_VISIBILITY_SECONDS) ??
        DEFAULT_VISIBILITY_SECONDS;
      const taken = queues.get(
        exchange.address.container,
        most(exchange),
        seconds,
      );
      return messagesReply(taken, ["popReceipt", "text"]);
    },
  },
  {
    name: "Update Message",
    match: { method: "PUT", level: "path" },
    async run({ queues }, exchange) {
      const body =
        exchange.contentLength === 0
          ? undefined
          : messageText(await receiveText(exchange, MAX_BODY_BYTES));
      const seconds =
        exchange.number("visibilitytimeout", 0, MAX_VISIBILITY_SECONDS) ??
        fail("missingQuery", "visibilitytimeout");
      const message = queues.update(
        exchange.address.container,
        messageId(exchange),
        exchange.needQuery("popreceipt"),
        seconds,
        body,
      );
      return {
        status: 204,
        headers: {
          "x-ms-popreceipt": message.popReceipt,
          "x-ms-time-next-visible": httpDate(message.visibleAt),
        },
      };
    },
  },
  {
    name: "Delete Message",
    match: { method: "DELETE", level: "path", query: { popreceipt: true } },
    run({ queues }, exchange) {
      const { container } = exchange.address;
      const receipt = exchange.needQuery("popreceipt");
      queues.remove(container, messageId(exchange), receipt);
      return { status: 204 };
    },
  },
  {
    name: "Clear Messages",
    match: { method: "DELETE", level: "path" },
    run({ queues }, exchange) {
      // One message is deleted with its receipt only.
      if (!isAllMessages(exchange)) fail("missingQuery", "popreceipt");
      queues.clear(exchange.address.container);
      return { status: 204 };
    },
  },
];

function messageId({ address }: Exchange): string {
  const match = /^messages\/([^/]+)$/.exec(address.path);
  return match?.[1] ?? fail("invalidUri");
}

const most = (exchange: Exchange): number =>
  exchange.number("numofmessages", 1, MAX_MESSAGES_PER_CALL) ?? 1;

/** The text of `<QueueMessage><MessageText>…`; undefined when the body holds none. */
function messageText(xml: string): string | undefined {
  const match =
    /<MessageText(?:\s*\/>|>([^<]*)<\/MessageText>)/.exec(xml) ??
    fail("invalidXml");
  const text = (match[1] ?? "").replace(
    /&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi,
    (found, hex?: string, decimal?: string, name?: string) =>
      hex !== undefined
        ? String.fromCodePoint(parseInt(hex, 16))
        : decimal !== undefined
          ? String.fromCodePoint(Number(decimal))
          : (NAMED[name ?? ""] ?? found),
  );
  if (Buffer.byteLength(text) > MAX_MESSAGE_BYTES) fail("messageTooLarge");
  return text;
}

const NAMED: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  amp: "&",
  quot: '"',
  apos: "'",
};

const httpDate = (ms: number): string => new Date(ms).toUTCString();

function messagesReply(
  messages: readonly Message[],
  shown: readonly ("popReceipt" | "text")[],
): Reply {
  return xmlReply(
    `<QueueMessagesList>${messages
      .map((message) => {
        const isHeld = shown.includes("popReceipt");
        const withText = shown.includes("text");
        return `<QueueMessage>${elements({
          MessageId: message.id,
          InsertionTime: httpDate(message.insertedAt),
          ExpirationTime: httpDate(message.expiresAt),
          PopReceipt: isHeld ? message.popReceipt : undefined,
          TimeNextVisible: isHeld ? httpDate(message.visibleAt) : undefined,
          DequeueCount: withText ? message.dequeueCount : undefined,
          MessageText: withText ? message.text : undefined,
        })}</QueueMessage>`;
      })
      .join("")}</QueueMessagesList>`,
  );
}
