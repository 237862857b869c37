import { isBehind } from "../domain/waiting.ts";
import { AssayError } from "../errors.ts";
import { defineCache } from "../ledger/caches.ts";
import { needDefinition } from "../ledger/definitions.ts";
import type { AppContext } from "../context.ts";
import { readPipelineStatus } from "../process/pipelineStatus.ts";
import { silent } from "../telemetry/log.ts";
import { readSinks } from "./sinks.ts";
import type { Health, PipelineHealth } from "./views/health.ts";
import type { SinkView } from "./views/pipelines.ts";

/** Anyone may ask: an answer stands for this long, however often it is asked for. */
const STANDS_MS = 10_000;

/** A batch without an end, or at a sink, after this long keeps failing, or is one to look after. */
const OVERDUE_MINUTES = 60;

const lastCheck = defineCache(() => ({
  askedAt: -Infinity,
  answer: undefined as Promise<Health> | undefined,
}));

/** Costs, once in ten seconds, what the status of every pipeline and its sinks costs. */
export function readHealth(context: AppContext): Promise<Health> {
  const last = lastCheck(context);
  if (!last.answer || context.now() - last.askedAt >= STANDS_MS) {
    last.askedAt = context.now();
    last.answer = checkHealth(context);
  }
  return last.answer;
}

async function checkHealth(context: AppContext): Promise<Health> {
  const { definitions, disabled } = context.pipelines;
  const checked = await Promise.all(
    [...definitions.keys()].map(
      async (pipeline) =>
        [pipeline, await checkPipeline(context, pipeline)] as const,
    ),
  );
  const broken = [...disabled].map(
    ([pipeline, detail]) => [pipeline, { state: "disabled", detail }] as const,
  );
  const pipelines = Object.fromEntries<PipelineHealth>([...checked, ...broken]);
  return { status: statusOf(Object.values(pipelines)), pipelines };
}

const CANNOT_WORK: readonly PipelineHealth["state"][] = [
  "unreachable",
  "otherVersion",
  "disabled",
];

function statusOf(pipelines: readonly PipelineHealth[]): Health["status"] {
  if (pipelines.every(({ state }) => state === "ok")) return "ok";
  const isDown = pipelines.every(({ state }) => CANNOT_WORK.includes(state));
  return isDown ? "down" : "degraded";
}

async function checkPipeline(
  context: AppContext,
  pipeline: string,
): Promise<PipelineHealth> {
  try {
    const [input, sinks] = await Promise.all([
      checkInput(context, pipeline),
      readSinks(context, needDefinition(context.pipelines, pipeline)),
    ]);
    const states = Object.entries(sinks).map(
      ([name, { state, behind }]) => [name, { state, behind }] as const,
    );
    return {
      ...(input ?? checkSinks(sinks)),
      sinks: Object.fromEntries(states),
    };
  } catch (error) {
    // What failed may name addresses; the log of the watcher has it.
    if (!(error instanceof AssayError) || error.code !== "STATE_VERSION")
      return { state: "unreachable" };
    return { state: "otherVersion", detail: error.whatToDo };
  }
}

/** What is wrong up to the end of the newest batch. */
async function checkInput(
  context: AppContext,
  pipeline: string,
): Promise<PipelineHealth | undefined> {
  const status = await readPipelineStatus(
    { ...context, log: silent },
    { pipeline },
  );
  const { newest, gaps } = status;
  if (newest?.state === "blocked")
    return { state: "blocked", detail: `batch ${newest.batch}` };
  if (newest?.state === "unfinished") {
    const minutes = minutesSince(newest.createdAt, context.now());
    if (minutes > OVERDUE_MINUTES)
      return {
        state: "unfinished",
        detail: `batch ${newest.batch} for ${minutes} minutes`,
      };
  }
  const [gap] = gaps;
  if (gap)
    return {
      state: "gap",
      detail: `${gap.stream} partition ${gap.partition}: ${gap.from} to ${gap.to} are not in bronze, and are waited for until ${gap.closesAt}`,
    };
  if (isBehind(status))
    return {
      state: "behind",
      detail: `${status.notLandedEvents} events in the streams`,
    };
  return undefined;
}

/** A sink that is blocked or late holds nothing else up, so it is told last. */
function checkSinks(sinks: Readonly<Record<string, SinkView>>): PipelineHealth {
  const named = Object.entries(sinks);
  const blocked = named.find(([, { state }]) => state === "blocked");
  if (blocked) {
    const [name, { blocked: why }] = blocked;
    return {
      state: "sinkBlocked",
      detail: `${name}: ${why?.code ?? "unknown"}, tried again at ${why?.retryAt ?? "once"}`,
    };
  }
  const late = named.find(
    ([, { behind }]) => behind.seconds > OVERDUE_MINUTES * 60,
  );
  if (late) {
    const [name, { behind }] = late;
    return {
      state: "sinkBehind",
      detail: `${name}: ${behind.batches} batches, for ${Math.floor(behind.seconds / 60)} minutes`,
    };
  }
  return { state: "ok" };
}

const minutesSince = (time: string, now: number): number =>
  Math.floor((now - Date.parse(time)) / 60_000);
