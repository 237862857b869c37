import { valueEnd as endOfValue } from "../../../shared/amqpValues.ts";
import { fail } from "../errors.ts";

/** The sections of an encoded message (AMQP 1.0, part 3, 3.2), by the code of their descriptor. */
export const HEADER = 0x70;
export const DELIVERY_ANNOTATIONS = 0x71;
export const MESSAGE_ANNOTATIONS = 0x72;
export const DATA = 0x75;
const FOOTER = 0x78;

const CODES: Readonly<Record<string, number>> = {
  "amqp:header:list": HEADER,
  "amqp:delivery-annotations:map": DELIVERY_ANNOTATIONS,
  "amqp:message-annotations:map": MESSAGE_ANNOTATIONS,
  "amqp:properties:list": 0x73,
  "amqp:application-properties:map": 0x74,
  "amqp:data:binary": DATA,
  "amqp:amqp-sequence:list": 0x76,
  "amqp:amqp-value:*": 0x77,
  "amqp:footer:map": FOOTER,
};

/** Where one section lies in its buffer: from its descriptor, from its value, to its end. */
interface Section {
  readonly code: number;
  readonly start: number;
  readonly value: number;
  readonly end: number;
}

/**
 * Finds the sections of a message without decoding them, so that they can be stored and delivered as they came:
 * decoding and encoding again would lose the types that other languages' clients gave their values.
 */
export function sectionsOf(bytes: Buffer): Section[] {
  const sections: Section[] = [];
  let start = 0;
  while (start < bytes.length) {
    if (bytes[start] !== 0x00) malformed("a section without a descriptor");
    const value = valueEnd(bytes, start + 1);
    const code = codeAt(bytes, start + 1);
    if (code < HEADER || code > FOOTER) malformed("a section of unknown kind");
    const end = valueEnd(bytes, value);
    sections.push({ code, start, value, end });
    start = end;
  }
  return sections;
}

/** The end of the value that starts at `at`, whatever its type is. */
export const valueEnd = (bytes: Buffer, at: number): number =>
  endOfValue(bytes, at, malformed);

/** A descriptor is a number, or the name of the section. */
function codeAt(bytes: Buffer, at: number): number {
  switch (bytes[at]) {
    case 0x53:
      return bytes[at + 1] ?? 0;
    case 0x80:
      return Number(bytes.readBigUInt64BE(at + 1));
    case 0xa3:
      return CODES[bytes.toString("latin1", at + 2, valueEnd(bytes, at))] ?? 0;
    default:
      return 0;
  }
}

/** The bytes that a data section holds. */
export function dataOf(bytes: Buffer, section: Section): Buffer {
  switch (bytes[section.value]) {
    case 0xa0:
      return bytes.subarray(section.value + 2, section.end);
    case 0xb0:
      return bytes.subarray(section.value + 5, section.end);
    default:
      return malformed("a data section that is not binary");
  }
}

/** Keys and values of a map section, each still encoded. */
export function pairsOf(bytes: Buffer, section: Section): Buffer[] {
  const { value, end } = section;
  const type = bytes[value];
  if (type !== 0xc1 && type !== 0xd1) malformed("annotations that are no map");
  let at = value + (type === 0xd1 ? 9 : 3);
  const items: Buffer[] = [];
  while (at < end) {
    const next = valueEnd(bytes, at);
    items.push(bytes.subarray(at, next));
    at = next;
  }
  return items;
}

/** The text of an encoded string or symbol. */
export function textOf(value: Buffer | undefined): string | undefined {
  switch (value?.[0]) {
    case 0xa1:
    case 0xa3:
      return value.toString("utf8", 2);
    case 0xb1:
    case 0xb3:
      return value.toString("utf8", 5);
    default:
      return undefined;
  }
}

function malformed(reason: string): never {
  return fail("malformedMessage", { reason });
}
