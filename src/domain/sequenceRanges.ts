/** Consecutive sequence numbers: the indexes `from` (included) to `to` (not included) of a delivery. */
export interface SequenceRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Cuts a delivery where a sequence number is not its predecessor plus one (compacted or overtaken by retention), and
 * where a range has `most` events.
 */
export function sequenceRanges(
  sequenceNumbers: readonly number[],
  most = Infinity,
): SequenceRange[] {
  const ranges: SequenceRange[] = [];
  let from = 0;
  for (let at = 1; at <= sequenceNumbers.length; at += 1) {
    const expected = (sequenceNumbers[at - 1] ?? 0) + 1;
    const follows =
      at < sequenceNumbers.length && sequenceNumbers[at] === expected;
    if (follows && at - from < most) continue;
    ranges.push({ from, to: at });
    from = at;
  }
  return ranges;
}
