const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** The largest event that a hub takes; a longer line is none. */
export const MAX_LINE_BYTES = 1_048_576;

/** Thrown at a line that can be no event. */
export class LineTooLong extends Error {
  override readonly name = "LineTooLong";
}

/**
 * The lines of a stream as they are, byte for byte, with their numbers; empty ones are left out. No more than one line
 * and one chunk are in memory.
 */
export async function* linesOf(
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<{ readonly number: number; readonly line: Buffer }> {
  let rest: Buffer = Buffer.alloc(0);
  let number = 0;
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let from = 0;
    for (;;) {
      const end = rest.indexOf(LINE_FEED, from);
      if (end < 0) break;
      number += 1;
      const line = trimmed(rest.subarray(from, end), number);
      if (line.length > 0) yield { number, line };
      from = end + 1;
    }
    rest = rest.subarray(from);
    if (rest.length > MAX_LINE_BYTES + 1) trimmed(rest, number + 1);
  }
  const line = trimmed(rest, number + 1);
  if (line.length > 0) yield { number: number + 1, line };
}

function trimmed(line: Buffer, number: number): Buffer {
  const end = line.at(-1) === CARRIAGE_RETURN ? line.length - 1 : line.length;
  if (end > MAX_LINE_BYTES)
    throw new LineTooLong(
      `Line ${number} is longer than the ${MAX_LINE_BYTES} bytes of an event: write one event a line.`,
    );
  return line.subarray(0, end);
}
