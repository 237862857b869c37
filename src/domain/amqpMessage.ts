/** An encoded AMQP 1.0 message, read as far as its body needs: part 3, 3.2 of the standard. */

const DATA = 0x75;

/**
 * The bytes of a message whose body is data, which may lie in several sections. Undefined when the body is something
 * else, or when the message is not to be understood.
 */
export function dataOf(message: Buffer): Buffer | undefined {
  const parts: Buffer[] = [];
  let at = 0;
  while (at < message.length) {
    // Senders write descriptors as small numbers: 0x00, 0x53, code. What is written otherwise is read by others.
    const isKnown = message[at] === 0x00 && message[at + 1] === 0x53;
    const end = isKnown ? endOf(message, at + 3) : undefined;
    if (end === undefined || end > message.length) return undefined;
    if (message[at + 2] === DATA) {
      const head = message[at + 3] === 0xa0 ? 5 : 8;
      parts.push(message.subarray(at + head, end));
    }
    at = end;
  }
  const [only] = parts;
  return parts.length > 1 ? Buffer.concat(parts) : only;
}

/** Where the value that begins at `at` ends, by the width that its type's code says (part 1, 1.2). */
function endOf(bytes: Buffer, at: number): number | undefined {
  const code = bytes[at] ?? 0;
  const kind = code >> 4;
  if (kind === 0x4) return at + 1;
  if (kind >= 0x5 && kind <= 0x9) return at + 1 + 2 ** (kind - 5);
  if (kind === 0xa || kind === 0xc || kind === 0xe)
    return at + 2 + (bytes[at + 1] ?? 0);
  if (kind < 0xb || at + 5 > bytes.length) return undefined;
  return at + 5 + bytes.readUInt32BE(at + 1);
}
