/** Work of which no batch comes: what the sweep finds again and again, and the watcher does not plan. */
import type { InputStatus, SweepReport } from "./records.ts";

/**
 * What a watcher has to look at. `none`: nothing, or the newest batch is blocked. `unknown`: nobody has looked yet.
 * `begun`: a batch goes on. Else something waits to be planned after this batch, which has ended; 0 where there is none.
 */
export type Work = "none" | "unknown" | "begun" | { readonly after: number };

/** The time of the first sweep since which something waits to be planned after one batch. */
export type Unplanned = NonNullable<SweepReport["unplanned"]>;

/** What is known of the time since the sweep before. */
export interface Since {
  /** When that one ended. */
  readonly sweptAt: string;
  /** The newest look. */
  readonly seen: InputStatus | undefined;
  /** When a look or a plan failed last. */
  readonly failedAt: string | undefined;
}

/** The sweep runs once a minute: where none ran for so long, nothing did. */
const RESTED_MS = 10 * 60_000;

/**
 * Since when work waits unplanned. The time that the sweep before has told is kept. It begins anew where a batch was
 * planned since then, where no sweep ran for a while, or where the watcher has looked and found nothing to take: the
 * numbers of a stream tell of events that have not landed yet.
 */
export function unplannedSince(
  work: Work,
  before: Unplanned | undefined,
  at: string,
  known?: Since,
): Unplanned | undefined {
  if (work === "unknown") return before;
  if (work === "none" || work === "begun") return undefined;
  const { after } = work;
  const isKept =
    before?.after === after &&
    known !== undefined &&
    Date.parse(at) - Date.parse(known.sweptAt) <= RESTED_MS &&
    !hasFoundNothing(before, known);
  return isKept ? before : { after, since: at };
}

/** ISO times in UTC sort as text. */
function hasFoundNothing(
  { after, since }: Unplanned,
  { seen, failedAt = "" }: Since,
): boolean {
  if (seen === undefined || seen.at <= since || failedAt > since) return false;
  return (seen.newestBatch ?? 0) === after && !isToBeTaken(seen);
}

/** Whether a look has found something that asks for a batch. */
const isToBeTaken = ({
  waitingEvents,
  waitingFiles,
  gapEvents = 0,
  askedSince,
}: InputStatus): boolean =>
  waitingEvents + waitingFiles + gapEvents > 0 || askedSince !== undefined;
