/** An encoded AMQP 1.0 message, read as far as its body needs: part 1, 1.2 and part 3, 3.2 of the standard. */
import { contentEnd, hasBounds } from "./amqpValue.ts";

const DATA = 0x75;
const SEQUENCE = 0x76;
const VALUE = 0x77;
const NO_BODY = -1;
/** The type of a small number. */
const SMALL = 0x53;

const CODES: ReadonlyMap<string, number> = new Map([
  ["amqp:data:binary", DATA],
  ["amqp:amqp-sequence:list", SEQUENCE],
  ["amqp:amqp-value:*", VALUE],
]);

/**
 * The bytes of a message whose body is data, which may lie in several sections. Undefined when the body is something
 * else, or when the message is not to be understood. Every event passes here: a section makes no object.
 */
export function dataOf(message: Buffer): Buffer | undefined {
  const parts: Buffer[] = [];
  let end: number | undefined;
  for (let at = 0; at < message.length; at = end) {
    const value = valueOf(message, at);
    end = describedEnd(message, value);
    if (end === undefined) return undefined;
    if (codeAt(message, at, value) !== DATA) continue;
    const isShort = message[value] === 0xa0;
    if (!isShort && message[value] !== 0xb0) return undefined;
    parts.push(message.subarray(value + (isShort ? 2 : 5), end));
  }
  const [only] = parts;
  return parts.length > 1 ? Buffer.concat(parts) : only;
}

/**
 * The sections of a body that is a value or sequences, encoded and with small descriptors, which every decoder knows;
 * without bytes where the message has no body. Undefined when the message is not to be understood, or when decoding it
 * would take more than its bytes are worth.
 */
export function encodedBodyOf(message: Buffer): Buffer | undefined {
  const parts: Buffer[] = [];
  let end: number | undefined;
  for (let at = 0; at < message.length; at = end) {
    const value = valueOf(message, at);
    end = describedEnd(message, value);
    if (end === undefined) return undefined;
    const code = codeAt(message, at, value);
    // Data that is no binary is not to be understood.
    if (code === DATA) return undefined;
    if (code === VALUE || code === SEQUENCE)
      parts.push(Buffer.of(0x00, 0x53, code), message.subarray(value, end));
  }
  const body = Buffer.concat(parts);
  return hasBounds(body) ? body : undefined;
}

/** Where the value of a section begins; beyond the message where there is no section. */
function valueOf(message: Buffer, at: number): number {
  if (message[at] !== 0x00) return Infinity;
  return message[at + 1] === SMALL
    ? at + 3
    : (contentEnd(message, message[at + 1], at + 2) ?? Infinity);
}

/** Where a value ends that may be described, by numbers and symbols: once more than its section is, or oftener. */
function describedEnd(bytes: Buffer, at: number): number | undefined {
  let begin: number | undefined = at;
  while (begin !== undefined && bytes[begin] === 0x00)
    begin = contentEnd(bytes, bytes[begin + 1], begin + 2);
  return begin === undefined
    ? undefined
    : contentEnd(bytes, bytes[begin], begin + 1);
}

/**
 * Which section begins there, whose value was found. Senders write it as a small number; the standard allows a number of
 * eight bytes and a symbol, too. Sections outside the body need no code.
 */
function codeAt(message: Buffer, at: number, value: number): number {
  switch (message[at + 1]) {
    case SMALL:
      return message[at + 2] ?? NO_BODY;
    case 0x80:
      return Number(message.readBigUInt64BE(at + 2));
    case 0xa3:
      return CODES.get(message.toString("latin1", at + 3, value)) ?? NO_BODY;
    case 0xb3:
      return CODES.get(message.toString("latin1", at + 6, value)) ?? NO_BODY;
    default:
      return NO_BODY;
  }
}
