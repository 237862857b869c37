/**
 * The end of the AMQP 1.0 value that starts at `at`, whatever its type is (part 1, 1.2).
 * `malformed` is called with the reason when there is no such value.
 */
export function valueEnd(
  bytes: Buffer,
  at: number,
  malformed: (reason: string) => never,
): number {
  let end = at;
  // Counted, not recursive: a sender may nest descriptors as deep as a message is long.
  for (let left = 1; left > 0; left -= 1) {
    const constructor = bytes[end];
    if (constructor === 0x00) {
      // Described: a descriptor and a value stand in the place of one.
      left += 2;
      end += 1;
    } else end += 1 + bodyLength(bytes, end, malformed);
    if (end > bytes.length) malformed("it ends within a value");
  }
  return end;
}

function bodyLength(
  bytes: Buffer,
  at: number,
  malformed: (reason: string) => never,
): number {
  const constructor = bytes[at];
  if (constructor === undefined) return malformed("it ends within a value");
  switch (constructor >> 4) {
    case 0x4:
      return 0;
    case 0x5:
    case 0x6:
    case 0x7:
    case 0x8:
    case 0x9:
      return 1 << ((constructor >> 4) - 5);
    case 0xa:
    case 0xc:
    case 0xe:
      return 1 + (bytes[at + 1] ?? 0);
    case 0xb:
    case 0xd:
    case 0xf:
      if (at + 5 > bytes.length) malformed("it ends within a value");
      return 4 + bytes.readUInt32BE(at + 1);
    default:
      return malformed(`a value of unknown type 0x${constructor.toString(16)}`);
  }
}
