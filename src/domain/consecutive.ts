/** A run of consecutive sequence numbers: the indexes `from` (included) to `to` (not included) of a batch. */
export interface Run {
  readonly from: number;
  readonly to: number;
}

/** Cuts a batch where a sequence number is not its predecessor plus one (compacted or overtaken by retention). */
export function consecutiveRuns(sequenceNumbers: readonly number[]): Run[] {
  const runs: Run[] = [];
  let from = 0;
  for (let at = 1; at <= sequenceNumbers.length; at += 1) {
    const expected = (sequenceNumbers[at - 1] ?? 0) + 1;
    if (at < sequenceNumbers.length && sequenceNumbers[at] === expected)
      continue;
    runs.push({ from, to: at });
    from = at;
  }
  return runs;
}
