/** Work of which no batch comes: what the sweep finds again and again, and the watcher does not plan. */
import type { InputStatus, SweepReport } from "./records.ts";

/**
 * What a watcher has to look at. `unknown`: nobody has looked yet. `begun`: a batch goes on. Else something waits to be
 * planned after this batch, which has ended; 0 where there is none.
 */
export type Work = "none" | "unknown" | "begun" | { readonly after: number };

/** The time of the first sweep since which something waits to be planned after one batch. */
export type Unplanned = NonNullable<SweepReport["unplanned"]>;

/**
 * What is told of it by a sweep: as the one before saw it, unless a batch was planned since then, or the watcher has
 * looked and found nothing that a batch could take. The numbers of a stream tell of events that are not there yet.
 */
export function unplannedSince(
  work: Work,
  before: Unplanned | undefined,
  seen: InputStatus | undefined,
  at: string,
): Unplanned | undefined {
  if (work === "unknown") return before;
  if (work === "none" || work === "begun") return undefined;
  const { after } = work;
  if (before?.after !== after) return { after, since: at };
  const hasLooked =
    seen?.newestBatch === (after === 0 ? undefined : after) &&
    // ISO times in UTC sort as text.
    seen !== undefined &&
    seen.at > before.since;
  return hasLooked && !isToBeTaken(seen) ? { after, since: at } : before;
}

/** Whether a look has found something that asks for a batch. */
const isToBeTaken = ({
  waitingEvents,
  waitingFiles,
  closedEvents = 0,
  askedSince,
}: InputStatus): boolean =>
  waitingEvents + waitingFiles + closedEvents > 0 || askedSince !== undefined;
