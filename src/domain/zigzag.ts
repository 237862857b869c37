/** Avro's `long`: zigzag, then seven bits a byte, low ones first. Safe integers only; no BigInt on this path. */

/** Bytes that `writeLong` takes. */
export function longSize(value: number): number {
  let rest = zigzag(value);
  let size = 1;
  while (rest >= 128) {
    rest = Math.floor(rest / 128);
    size += 1;
  }
  return size;
}

/** Writes at `start` and answers where it ended. */
export function writeLong(
  target: Uint8Array,
  start: number,
  value: number,
): number {
  let rest = zigzag(value);
  let at = start;
  while (rest >= 128) {
    target[at] = (rest % 128) | 128;
    rest = Math.floor(rest / 128);
    at += 1;
  }
  target[at] = rest;
  return at + 1;
}

// Beyond 2^52 the doubled number is no safe integer; sequence numbers, counts and sizes stay far below.
const zigzag = (value: number): number =>
  value >= 0 ? value * 2 : -value * 2 - 1;
