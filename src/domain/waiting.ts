/** When a batch starts: pure, over what the lake and the streams say of a pipeline. */
import type { Batching } from "./definition.ts";

/** Where a pipeline stands and what waits for it. Times are ISO, of the clocks that wrote them; `at` is the reader's. */
export interface PipelineStatus {
  readonly at: string;
  readonly batching: Batching;
  /** The digest of the definition that the app holds. */
  readonly definition: string;
  readonly newest?: NewestBatch;
  /** What operators asked for that the planner can do something about now. */
  readonly asked?: Asked;
  /** Input that a batch could take now. */
  readonly waiting: {
    readonly events: number;
    readonly files: number;
    /** More than a batch may hold. */
    readonly isFull?: boolean;
    /** Events that a batch is to account for without having them. */
    readonly gapEvents?: number;
    /** When the first of it arrived. */
    readonly firstAt?: string;
    /** When the last file of bronze or the last claimed drop arrived. */
    readonly lastAt?: string;
  };
  /** Since when the watcher has seen, after the newest batch, that a batch without input is asked for. */
  readonly askedSince?: string;
  /** Events in the streams that are on their way to bronze, of partitions without a gap. */
  readonly arrivingEvents: number;
  /** Of those. */
  readonly lastEnqueuedAt?: string;
  /** Events that should have landed by now. Absent: none. */
  readonly overdueEvents?: number;
  /** Dropped files that are about to be claimed. */
  readonly unclaimedFiles: number;
  /** When the last of them may be taken, if nobody writes it any more. */
  readonly settlesAt?: string;
  readonly gaps: readonly Gap[];
}

export interface NewestBatch {
  readonly batch: number;
  /** Its manifest's. */
  readonly createdAt: string;
  readonly state: "unfinished" | "ended" | "blocked";
  /** The digest of the definition in force for it; of a blocked one, of the definition that it was blocked with. */
  readonly definition: string;
  readonly retryAt?: string;
  /** It was skipped with a new definition or with snapshots: a batch without input may bring what it would have. */
  readonly isOwed?: boolean;
  /** A job run of it is known that has not ended: nothing may follow the batch yet. Absent where nobody looked. */
  readonly hasActiveRun?: boolean;
}

/** `settle`: only requests that are planned already or make no sense any more, to be removed. */
export type Asked = "skip" | "retry" | "reload" | "settle";

/** A hole between the watermark and what lies in bronze. */
export interface Gap {
  /** `<kind>/<name>` */
  readonly stream: string;
  readonly generation: string;
  readonly partition: string;
  readonly from: number;
  readonly to: number;
  /** Until when they are waited for. */
  readonly closesAt: string;
}

export type Decision =
  | { readonly kind: "run" }
  | { readonly kind: "wait"; readonly seconds: number }
  | {
      readonly kind: "end";
      readonly why: "idle" | "blocked" | "gap" | "behind";
    };

const SHORTEST_WAIT_SECONDS = 0.5;
/**
 * The part of the time that input has waited by which a batch may begin later than it could: a stream that never rests
 * is looked at O(log(its longest wait)) times a batch.
 */
const LATER = 0.1;

/** A run that outlived its batch ends at its next commit: it is asked for this often. */
const ACTIVE_RUN_SECONDS = 10;

/** What the newest batch and the requests alone decide; undefined where it depends on what waits. */
export function decideByState({
  at,
  newest,
  asked,
  definition,
}: Pick<PipelineStatus, "at" | "newest" | "asked" | "definition">):
  "run" | "wait" | "blocked" | undefined {
  if (newest?.state === "unfinished") return "run";
  const isHeldUp = newest?.hasActiveRun ?? false;
  if (asked === "settle" || asked === "retry") return "run";
  if (asked === "skip") return isHeldUp ? "wait" : "run";
  if (newest?.state !== "blocked") return undefined;
  const { retryAt } = newest;
  const isDue = retryAt !== undefined && Date.parse(retryAt) <= Date.parse(at);
  return newest.definition !== definition || isDue ? "run" : "blocked";
}

export function decide(status: PipelineStatus): Decision {
  const decided = decideByState(status);
  if (decided === "run") return { kind: "run" };
  if (decided === "wait") return { kind: "wait", seconds: ACTIVE_RUN_SECONDS };
  if (decided === "blocked") return { kind: "end", why: "blocked" };
  const byInput = decideByInput(status);
  return byInput.kind === "run" && status.newest?.hasActiveRun === true
    ? { kind: "wait", seconds: ACTIVE_RUN_SECONDS }
    : byInput;
}

/** Whether a batch is asked for that may have no input: by a request, or because the app holds another definition. */
export const isAskedFor = ({
  asked,
  newest,
  definition,
}: Pick<PipelineStatus, "asked" | "newest" | "definition">): boolean =>
  asked === "reload" ||
  (newest !== undefined && newest.definition !== definition);

function decideByInput(status: PipelineStatus): Decision {
  const { waiting, batching, unclaimedFiles, arrivingEvents } = status;
  const isAsked = isAskedFor(status);
  const isArriving = unclaimedFiles > 0 || arrivingEvents > 0;
  const { events, files, gapEvents = 0 } = waiting;
  const isEmpty = events === 0 && files === 0;
  if (isEmpty && gapEvents > 0) return { kind: "run" };
  if (isEmpty && !isArriving) {
    if (isAsked) return { kind: "run" };
    if (status.gaps.length > 0) return { kind: "end", why: "gap" };
    return { kind: "end", why: isBehind(status) ? "behind" : "idle" };
  }

  const waitedSeconds = Math.max(
    waiting.firstAt === undefined ? 0 : age(waiting.firstAt, status),
    // What is asked for waits for what arrives as input itself does, and no longer.
    isAsked ? age(status.askedSince ?? status.at, status) : 0,
  );
  const restSeconds = Math.max(batching.atMostSeconds - waitedSeconds, 0);
  if (isEmpty) {
    if (!isAsked) return { kind: "wait", seconds: arrivalSeconds(status) };
    return restSeconds === 0
      ? { kind: "run" }
      : wait(arrivalSeconds(status), restSeconds);
  }
  const quietSeconds = age(latestArrival(status), status);
  const isDue =
    waiting.isFull === true ||
    events >= batching.maxEvents ||
    files >= batching.maxFiles ||
    restSeconds === 0 ||
    (!isArriving && quietSeconds >= batching.quietForSeconds);
  if (isDue) return { kind: "run" };
  const seconds = isArriving ? 1 : batching.quietForSeconds - quietSeconds;
  // A clock that runs ahead of ours must not make us wait longer than asked for.
  const soon = Math.min(seconds, Math.max(1, batching.quietForSeconds));
  return wait(Math.max(soon, waitedSeconds * LATER), restSeconds);
}

const wait = (seconds: number, restSeconds: number): Decision => ({
  kind: "wait",
  seconds: Math.max(SHORTEST_WAIT_SECONDS, Math.min(seconds, restSeconds)),
});

/** Until what is on its way should be there. Events are, within a second or two. */
const arrivalSeconds = (status: PipelineStatus): number =>
  status.arrivingEvents > 0 || status.settlesAt === undefined
    ? 1
    : Math.max(1, -age(status.settlesAt, status));

/** What a stream holds should have been landed by now: its trigger does not run, or fails. */
export const isBehind = ({
  overdueEvents = 0,
}: Pick<PipelineStatus, "overdueEvents">): boolean => overdueEvents > 0;

const age = (time: string, { at }: { readonly at: string }): number =>
  (Date.parse(at) - Date.parse(time)) / 1000;

/** ISO times in UTC sort as text. */
function latestArrival({
  waiting,
  lastEnqueuedAt,
  at,
}: PipelineStatus): string {
  const times = [waiting.lastAt, lastEnqueuedAt].filter(
    (time) => time !== undefined,
  );
  return times.sort().at(-1) ?? at;
}
