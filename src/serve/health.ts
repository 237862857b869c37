import { needDefinition } from "../ledger/definitions.ts";
import { defineCache } from "../ledger/caches.ts";
import type { AppContext } from "../context.ts";
import type { PipelineCheck } from "./pipelineHealth.ts";
import type { Health, PipelineHealth } from "./views/health.ts";

/** Anyone may ask: an answer stands for this long, however often it is asked for. */
const STANDS_MS = 10_000;
/** Whoever has the key may ask as often as she likes, and sees what she has done. */
const STANDS_WITH_KEY_MS = 1_000;

/** What is known of every pipeline of the package. */
export type PipelineChecks = ReadonlyMap<string, PipelineCheck>;

const lastCheck = defineCache(() => ({
  firstAskedAt: undefined as number | undefined,
  askedAt: -Infinity,
  answer: undefined as Promise<PipelineChecks> | undefined,
}));

/** For whoever has the key. Costs, once a second, a dozen reads a pipeline and three a sink, whatever waits. */
export const readPipelineChecks = (
  context: AppContext,
): Promise<PipelineChecks> => readChecks(context, STANDS_WITH_KEY_MS);

function readChecks(
  context: AppContext,
  standsMs: number,
): Promise<PipelineChecks> {
  const last = lastCheck(context);
  const now = context.now();
  last.firstAskedAt ??= now;
  if (!last.answer || now - last.askedAt >= standsMs) {
    last.askedAt = now;
    last.answer = checkPipelines(context, last.firstAskedAt);
  }
  return last.answer;
}

/** What anybody may know of them. Costs the same, once in ten seconds. */
export async function readHealth(context: AppContext): Promise<Health> {
  const checks = [...(await readChecks(context, STANDS_MS))].map(
    ([pipeline, { health }]) => [pipeline, health] as const,
  );
  const pipelines = Object.fromEntries<PipelineHealth>(checks);
  const status = statusOf(Object.values(pipelines));
  const { mistakes } = context.config;
  if (mistakes.length === 0) return { status, pipelines };
  return {
    status: status === "ok" ? "degraded" : status,
    settings: mistakes,
    pipelines,
  };
}

async function checkPipelines(
  context: AppContext,
  firstAskedAt: number,
): Promise<PipelineChecks> {
  const { definitions, disabled } = context.pipelines;
  // A file of its own in the package: a cold start does not read what only health says.
  const { checkPipeline } = await import("./pipelineHealth.ts");
  const checked = await Promise.all(
    [...definitions.keys()].map(async (pipeline) => {
      const definition = needDefinition(context.pipelines, pipeline);
      const check = await checkPipeline(context, definition, firstAskedAt);
      return [pipeline, check] as const;
    }),
  );
  const broken = [...disabled].map(
    ([pipeline, detail]) =>
      [pipeline, { health: { state: "disabled" as const, detail } }] as const,
  );
  return new Map<string, PipelineCheck>([...checked, ...broken]);
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
