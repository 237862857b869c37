/** What becomes of events that are not where they should be. */
import type { AwaitedRange, ManifestGap } from "./records.ts";
import type { ClosedGap, Hole } from "./slices.ts";

/**
 * How long a hole is waited for, from the landing of what lies behind it. A delivery that fails is given again within
 * a minute, and what lies behind it lands after it: what is not there after this long is not on its way.
 */
export const GAP_DEADLINE_MS = 15 * 60_000;

/**
 * The part of a hole, from its start, that need not be waited for: what the stream's service has dropped at once, the
 * rest when its time is over. `begin` is the first event that the service still holds; undefined where it holds none
 * of this generation any more, and only a landing that is under way could bring them.
 */
export function closeHole(
  { from, to, nextLandedAt }: Hole,
  begin: number | undefined,
  now: number,
): ClosedGap[] {
  const closed: ClosedGap[] = [];
  const expiredTo = Math.min(to, (begin ?? from) - 1);
  const landedAt = nextLandedAt;
  if (expiredTo >= from)
    closed.push({ from, to: expiredTo, reason: "expired", landedAt });
  const rest = Math.max(from, expiredTo + 1);
  if (rest <= to && now - nextLandedAt >= GAP_DEADLINE_MS)
    closed.push({ from: rest, to, reason: "missing", landedAt });
  return closed;
}

/** Event Hubs keeps events for seven days in its standard tier: nobody gives them again afterwards. */
const AWAITED_MS = 7 * 86_400_000;
/** Each costs a listing at every look at the pipeline. */
const MAX_AWAITED = 20;

/**
 * What is awaited after a batch: what was before, without what it recovers, and its own gaps. Where these are too many,
 * those that expired go first: the service cannot give them again, only a landing that was under way brings them.
 */
export function awaitedAfter(
  before: readonly AwaitedRange[],
  gaps: readonly ManifestGap[],
  createdAt: string,
): AwaitedRange[] {
  const recovered = gaps.filter(({ reason }) => reason === "recovered");
  const own = gaps
    .filter(({ reason }) => reason !== "recovered")
    .map(({ stream, generation, partition, from, to, reason }) => ({
      ...{ stream, generation, partition, from, to },
      since: createdAt,
      ...(reason === "expired" ? { hasExpired: true as const } : {}),
    }));
  const left = before.flatMap((range) =>
    recovered.filter((gap) => isOfOne(gap, range)).reduce(cut, [range]),
  );
  const awaited = [...left, ...own].filter(
    ({ since }) => Date.parse(createdAt) - Date.parse(since) < AWAITED_MS,
  );
  const tooMany = new Set(
    awaited
      .toSorted((a, b) => rankOf(a) - rankOf(b))
      .slice(0, Math.max(0, awaited.length - MAX_AWAITED)),
  );
  return awaited.filter((range) => !tooMany.has(range));
}

/** Ranges of one rank keep their order: the oldest goes first. */
const rankOf = ({ hasExpired }: AwaitedRange): number =>
  hasExpired === true ? 0 : 1;

const isOfOne = (
  a: Omit<AwaitedRange, "since">,
  b: Omit<AwaitedRange, "since">,
): boolean =>
  a.stream === b.stream &&
  a.generation === b.generation &&
  a.partition === b.partition;

/** What is left of the ranges without those of the gap. */
const cut = (
  ranges: readonly AwaitedRange[],
  { from, to }: ManifestGap,
): AwaitedRange[] =>
  ranges.flatMap((range) =>
    [
      { ...range, to: Math.min(range.to, from - 1) },
      { ...range, from: Math.max(range.from, to + 1) },
    ].filter((each) => each.from <= each.to),
  );
