/** An encoded AMQP 1.0 message, read as far as its body needs: part 1, 1.2 and part 3, 3.2 of the standard. */
import { contentEnd, hasBounds } from "./amqpValue.ts";

const DATA = 0x75;
const SEQUENCE = 0x76;
const VALUE = 0x77;

const CODES: ReadonlyMap<string, number> = new Map([
  ["amqp:data:binary", DATA],
  ["amqp:amqp-sequence:list", SEQUENCE],
  ["amqp:amqp-value:*", VALUE],
]);

interface Section {
  readonly code: number;
  /** Where its value begins, with its type's code. */
  readonly value: number;
  readonly to: number;
}

/**
 * The bytes of a message whose body is data, which may lie in several sections. Undefined when the body is something
 * else, or when the message is not to be understood.
 */
export function dataOf(message: Buffer): Buffer | undefined {
  const parts: Buffer[] = [];
  for (const { code, value, to } of sectionsOf(message) ?? []) {
    if (code !== DATA) continue;
    const isShort = message[value] === 0xa0;
    if (!isShort && message[value] !== 0xb0) return undefined;
    parts.push(message.subarray(value + (isShort ? 2 : 5), to));
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
  const sections = sectionsOf(message);
  // Data that is no binary is not to be understood.
  if (!sections || sections.some(({ code }) => code === DATA)) return undefined;
  const body = Buffer.concat(
    sections
      .filter(({ code }) => code === VALUE || code === SEQUENCE)
      .flatMap(({ code, value, to }) => [
        Buffer.of(0x00, 0x53, code),
        message.subarray(value, to),
      ]),
  );
  return hasBounds(body) ? body : undefined;
}

/** The sections one after the other; undefined where something is none, or reaches beyond the message. */
function sectionsOf(message: Buffer): Section[] | undefined {
  const sections: Section[] = [];
  let at = 0;
  while (at < message.length) {
    const descriptor = descriptorAt(message, at);
    if (!descriptor) return undefined;
    const { code, end: value } = descriptor;
    const to = describedEnd(message, value);
    if (to === undefined) return undefined;
    sections.push({ code, value, to });
    at = to;
  }
  return sections;
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

/** Senders write descriptors as small numbers; the standard allows numbers of eight bytes and symbols, too. */
function descriptorAt(
  bytes: Buffer,
  at: number,
): { readonly code: number; readonly end: number } | undefined {
  if (bytes[at] !== 0x00) return undefined;
  const begin = at + 2;
  const end = contentEnd(bytes, bytes[at + 1], begin);
  if (end === undefined) return undefined;
  // Of the sections that are no body, nobody asks which one it is.
  const ofSymbol = (width: number) => ({
    code: CODES.get(bytes.toString("latin1", begin + width, end)) ?? -1,
    end,
  });
  switch (bytes[at + 1]) {
    case 0x53:
      return { code: bytes.readUInt8(begin), end };
    case 0x80:
      return { code: Number(bytes.readBigUInt64BE(begin)), end };
    case 0xa3:
      return ofSymbol(1);
    case 0xb3:
      return ofSymbol(4);
    default:
      return undefined;
  }
}
