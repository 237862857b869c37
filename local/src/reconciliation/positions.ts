/** A run of consecutive sequence numbers, both ends included. */
export type Range = readonly [first: number, last: number];

/** Positions of events, by `<generation>/<partition>`. Ranges are sorted and do not touch. */
export type Positions = ReadonlyMap<string, readonly Range[]>;

/** The runs that a list of sequence numbers makes, in any order, repeats allowed. */
export function toRanges(sequences: Iterable<number>): Range[] {
  const ranges: [number, number][] = [];
  for (const sequence of [...sequences].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && sequence <= last[1] + 1) last[1] = Math.max(last[1], sequence);
    else ranges.push([sequence, sequence]);
  }
  return ranges;
}

/** What of `whole` is not in `part`. */
export function subtract(
  whole: readonly Range[],
  part: readonly Range[],
): Range[] {
  const left: Range[] = [];
  for (const [first, last] of whole) {
    let from = first;
    for (const [a, b] of part) {
      if (b < from || a > last) continue;
      if (a > from) left.push([from, a - 1]);
      from = b + 1;
    }
    if (from <= last) left.push([from, last]);
  }
  return left;
}

export const countOf = (ranges: readonly Range[]): number =>
  ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);

export const describe = (ranges: readonly Range[]): string =>
  ranges
    .map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`))
    .join(", ");

/** What is in one or the other. */
export const union = (
  one: readonly Range[],
  other: readonly Range[],
): Range[] => {
  const joined: [number, number][] = [];
  for (const [first, last] of [...one, ...other].sort(([a], [b]) => a - b)) {
    const end = joined.at(-1);
    if (end && first <= end[1] + 1) end[1] = Math.max(end[1], last);
    else joined.push([first, last]);
  }
  return joined;
};
