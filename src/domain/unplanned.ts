/** Work of which no batch comes: what the sweep finds again and again, and the watcher does not plan. */
import type { InputStatus, SweepReport } from "./records.ts";

/**
 * What a watcher has to look at. `none`: nothing, or the newest batch is blocked. `unknown`: nobody has looked yet.
 * `begun`: a batch goes on. Else something waits to be planned after this batch, which has ended; 0 where there is none.
 */
export type Work = "none" | "unknown" | "begun" | { readonly after: number };

/** The time of the first sweep since which something waits to be planned after one batch. */
export type Unplanned = NonNullable<SweepReport["unplanned"]>;

/**
 * Since when work waits unplanned. The time of the sweep before is kept. It begins anew where a batch was planned since
 * then, or where the watcher has looked since then and found nothing to take: the numbers of a stream tell of events that
 * have not landed yet.
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
  gapEvents = 0,
  askedSince,
}: InputStatus): boolean =>
  waitingEvents + waitingFiles + gapEvents > 0 || askedSince !== undefined;
