import { createHash } from "node:crypto";
import type { SequenceRange } from "./sequenceRanges.ts";

/** Of a sequence number and of a length. */
const NUMBER_BYTES = 8;

/**
 * What makes the events of a range the same as others: their sequence numbers and bodies. Everything else that the host
 * tells of them may come in another form the next time, or not at all. One pass over the bodies.
 */
export function digestOfEvents(
  bodies: readonly Uint8Array[],
  sequenceNumbers: readonly number[],
  { from, to }: SequenceRange,
): string {
  const numbers = Buffer.alloc((to - from) * 2 * NUMBER_BYTES);
  const digest = createHash("sha256");
  let at = 0;
  for (let index = from; index < to; index += 1) {
    // Exact for safe integers, which these are.
    at = numbers.writeDoubleBE(sequenceNumbers[index] ?? 0, at);
    at = numbers.writeDoubleBE(bodies[index]?.length ?? 0, at);
  }
  digest.update(numbers);
  for (const body of bodies.slice(from, to)) digest.update(body);
  return digest.digest("hex");
}
