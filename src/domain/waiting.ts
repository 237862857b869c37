/** When a batch starts: pure, over what a survey of the lake and the hubs says. */
import type { Batching } from "./definition.ts";

/** What a survey found. Times are ISO, of the clocks that wrote them; `at` is the surveyor's. */
export interface Survey {
  readonly at: string;
  readonly batching: Batching;
  /** The digest of the definition that the app holds. */
  readonly definition: string;
  readonly newest?: NewestBatch;
  /** Input that a batch could take now. */
  readonly waiting: {
    readonly events: number;
    readonly files: number;
    /** When the first of it arrived. */
    readonly firstAt?: string;
    /** When the last file of bronze or the last claimed drop arrived. */
    readonly lastAt?: string;
  };
  /** Events in the hubs that no batch could take yet, of partitions without a gap. */
  readonly ahead: number;
  readonly lastEnqueuedAt?: string;
  /** Dropped files that are about to be claimed. */
  readonly landing: number;
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
}

/** A hole between the watermark and what lies in bronze. */
export interface Gap {
  readonly hub: string;
  readonly generation: string;
  readonly partition: string;
  readonly from: number;
  readonly to: number;
  /** The hub does not hold these events any more. */
  readonly isLost: boolean;
}

export type Decision =
  | { readonly kind: "run" }
  | { readonly kind: "wait"; readonly seconds: number }
  | {
      readonly kind: "end";
      readonly why: "idle" | "blocked" | "gap" | "behind";
    };

/** How long events may be on the way from the hub to bronze before nobody waits for them: landing them wakes us. */
const ARRIVING_SECONDS = 60;
const SHORTEST_WAIT_SECONDS = 0.5;

/** What the newest batch alone decides; undefined where it depends on what waits. */
export function decideByState(
  newest: NewestBatch | undefined,
  definition: string,
  at: string,
): "run" | "blocked" | undefined {
  if (newest?.state === "unfinished") return "run";
  if (newest?.state !== "blocked") return undefined;
  const { retryAt } = newest;
  const isDue = retryAt !== undefined && Date.parse(retryAt) <= Date.parse(at);
  return newest.definition !== definition || isDue ? "run" : "blocked";
}

export function decide(survey: Survey): Decision {
  const { newest, waiting, batching } = survey;
  const decided = decideByState(newest, survey.definition, survey.at);
  if (decided === "run") return { kind: "run" };
  if (decided === "blocked") return { kind: "end", why: "blocked" };

  const hasNewDefinition =
    newest !== undefined && newest.definition !== survey.definition;
  const isArriving =
    survey.landing > 0 || (survey.ahead > 0 && !isOverdue(survey));
  if (waiting.events === 0 && waiting.files === 0) {
    if (isArriving) return { kind: "wait", seconds: 1 };
    if (hasNewDefinition) return { kind: "run" };
    if (survey.gaps.length > 0) return { kind: "end", why: "gap" };
    return { kind: "end", why: isBehind(survey) ? "behind" : "idle" };
  }

  const waitedSeconds =
    waiting.firstAt === undefined ? 0 : age(waiting.firstAt, survey);
  const quietSeconds = age(latestArrival(survey), survey);
  const isDue =
    waiting.events >= batching.maxEvents ||
    waiting.files >= batching.maxFiles ||
    waitedSeconds >= batching.atMostSeconds ||
    (!isArriving && quietSeconds >= batching.quietForSeconds);
  if (isDue) return { kind: "run" };
  const restSeconds = batching.atMostSeconds - waitedSeconds;
  const wait = isArriving
    ? Math.max(1, waitedSeconds / 20)
    : batching.quietForSeconds - quietSeconds;
  // A clock that runs ahead of ours must not make us wait longer than asked for.
  const longest = Math.min(
    Math.max(1, batching.quietForSeconds),
    Math.max(restSeconds, 0),
  );
  return {
    kind: "wait",
    seconds: Math.max(SHORTEST_WAIT_SECONDS, Math.min(wait, longest)),
  };
}

/** What the hub holds should have been landed by now: its trigger does not run, or fails. */
export const isBehind = (survey: Survey): boolean =>
  survey.ahead > 0 &&
  survey.waiting.events < survey.batching.maxEvents &&
  isOverdue(survey);

const isOverdue = (survey: Survey): boolean =>
  survey.lastEnqueuedAt === undefined ||
  age(survey.lastEnqueuedAt, survey) >= ARRIVING_SECONDS;

const age = (time: string, { at }: Survey): number =>
  (Date.parse(at) - Date.parse(time)) / 1000;

/** ISO times in UTC sort as text. */
function latestArrival({ waiting, lastEnqueuedAt, ahead, at }: Survey): string {
  const times = [waiting.lastAt, ahead > 0 ? lastEnqueuedAt : undefined].filter(
    (time) => time !== undefined,
  );
  return times.sort().at(-1) ?? at;
}
