/** Events that a stream holds and no batch could take yet: those on their way to bronze, and those that should be there. */
import type { Definition } from "./definition.ts";
import type { StreamPartition } from "./paths.ts";
import type { InputStatus } from "./records.ts";

/** What has not landed of one partition. */
export interface NotLanded extends StreamPartition {
  readonly events: number;
  /** The last event that landed, of those that the service still holds; absent where none of them did. */
  readonly landedTo?: number;
  readonly lastEnqueuedAt?: string;
}

/** The same, with the time of the first look since which nothing has landed. */
export type SeenNotLanded = NonNullable<InputStatus["notLanded"]>[number];

/**
 * How long nothing may land of a partition that holds events, before nobody waits for them: landing them wakes us. The
 * time for which the host may wait for more of them is added.
 */
const ARRIVING_SECONDS = 60;

/**
 * Since when nothing has landed of each partition: as the last look saw it, where nothing has landed since then. A
 * stream that never rests has always a young event, and tells nothing by it. What retention drops is no landing.
 */
export function seenSince(
  found: readonly NotLanded[],
  before: readonly SeenNotLanded[],
  at: string,
): SeenNotLanded[] {
  return found.map((each) => {
    const known = before.find((other) => isOfOne(each, other));
    const hasLanded =
      each.landedTo !== undefined && each.landedTo !== known?.landedTo;
    return { ...each, since: known && !hasLanded ? known.since : at };
  });
}

const isOfOne = (a: StreamPartition, b: StreamPartition): boolean =>
  a.stream === b.stream &&
  a.generation === b.generation &&
  a.partition === b.partition;

export interface NotLandedSum {
  /** Events that are on their way. */
  readonly arrivingEvents: number;
  /** Of those. */
  readonly lastEnqueuedAt?: string;
  /** Events that should have landed by now: their trigger does not run, or fails. */
  readonly overdueEvents: number;
}

export function sumNotLanded(
  seen: readonly SeenNotLanded[],
  { sources }: Pick<Definition, "sources">,
  at: string,
): NotLandedSum {
  const landWithin = new Map(
    Object.values(sources).flatMap((source) =>
      source.input === "stream"
        ? [[source.stream, source.landWithinSeconds ?? 0] as const]
        : [],
    ),
  );
  const isOverdue = ({
    stream,
    since,
    lastEnqueuedAt,
  }: SeenNotLanded): boolean => {
    if (lastEnqueuedAt === undefined) return true;
    const seconds = ARRIVING_SECONDS + (landWithin.get(stream) ?? 0);
    return [since, lastEnqueuedAt].some(
      (time) => Date.parse(at) - Date.parse(time) >= seconds * 1000,
    );
  };
  const overdue = seen.filter(isOverdue);
  const arriving = seen.filter((each) => !isOverdue(each));
  // ISO times in UTC sort as text.
  const lastEnqueuedAt = arriving
    .flatMap((each) => each.lastEnqueuedAt ?? [])
    .sort()
    .at(-1);
  return {
    arrivingEvents: eventsIn(arriving),
    ...(lastEnqueuedAt === undefined ? {} : { lastEnqueuedAt }),
    overdueEvents: eventsIn(overdue),
  };
}

const eventsIn = (seen: readonly NotLanded[]): number =>
  seen.reduce((sum, { events }) => sum + events, 0);
