import { isBehind } from "../domain/waiting.ts";
import type { AppContext } from "../context.ts";
import { silent } from "../telemetry/log.ts";
import { readPipelineStatus } from "../activities/readPipelineStatus.ts";

interface PipelineHealth {
  readonly state:
    | "ok"
    | "blocked"
    | "unfinished"
    | "gap"
    | "behind"
    | "setAside"
    | "unreachable";
  readonly detail?: string;
}

export interface Health {
  /** `down`: no pipeline can work. */
  readonly status: "ok" | "degraded" | "down";
  readonly pipelines: Readonly<Record<string, PipelineHealth>>;
}

/** Anyone may ask: an answer stands for this long, however often it is asked for. */
const STANDS_MS = 10_000;

/** A batch that is not done after this long keeps failing, or is one to look after. */
const UNFINISHED_MINUTES = 60;

export function openHealth(context: AppContext): () => Promise<Health> {
  let askedAt = -Infinity;
  let answer: Promise<Health> | undefined;
  return () => {
    if (!answer || context.now() - askedAt >= STANDS_MS) {
      askedAt = context.now();
      answer = checkHealth(context);
    }
    return answer;
  };
}

async function checkHealth(context: AppContext): Promise<Health> {
  const { definitions, setAside } = context.pipelines;
  const checked = await Promise.all(
    [...definitions.keys()].map(
      async (pipeline) =>
        [pipeline, await checkPipeline(context, pipeline)] as const,
    ),
  );
  const aside = [...setAside].map(
    ([pipeline, detail]) => [pipeline, { state: "setAside", detail }] as const,
  );
  const pipelines = Object.fromEntries<PipelineHealth>([...checked, ...aside]);
  return { status: statusOf(Object.values(pipelines)), pipelines };
}

function statusOf(pipelines: readonly PipelineHealth[]): Health["status"] {
  if (pipelines.every(({ state }) => state === "ok")) return "ok";
  const isDown = pipelines.every(
    ({ state }) => state === "unreachable" || state === "setAside",
  );
  return isDown ? "down" : "degraded";
}

async function checkPipeline(
  context: AppContext,
  pipeline: string,
): Promise<PipelineHealth> {
  try {
    const survey = await readPipelineStatus(
      { ...context, log: silent },
      { pipeline },
    );
    const { newest, gaps } = survey;
    if (newest?.state === "blocked")
      return { state: "blocked", detail: `batch ${newest.batch}` };
    if (newest?.state === "unfinished") {
      const minutes = minutesSince(newest.createdAt, context.now());
      if (minutes > UNFINISHED_MINUTES)
        return {
          state: "unfinished",
          detail: `batch ${newest.batch} for ${minutes} minutes`,
        };
    }
    const [gap] = gaps;
    if (gap)
      return {
        state: "gap",
        detail: `${gap.hub} partition ${gap.partition}: ${gap.from} to ${gap.to} ${gap.isLost ? "are not in the hub any more" : "are not in bronze"}`,
      };
    if (isBehind(survey))
      return { state: "behind", detail: `${survey.ahead} events in the hub` };
    return { state: "ok" };
  } catch {
    // What failed may name addresses; the log of the watcher has it.
    return { state: "unreachable" };
  }
}

const minutesSince = (time: string, now: number): number =>
  Math.floor((now - Date.parse(time)) / 60_000);
