import {
  startOrchestration,
  type Starter,
  type StartResult,
} from "../startOrchestration.ts";

/** Starts the orchestration that plans and runs the batches of a pipeline. */
export interface Watchers {
  start(client: Starter, pipeline: string): Promise<StartResult>;
}

/** How long this process remembers that it asked for a start. */
const RECENT_MS = 2_000;

const instanceIdOf = (pipeline: string): string => `watch-${pipeline}`;

export function createWatchers(now: () => number = Date.now): Watchers {
  const askedAt = new Map<string, number>();
  return {
    async start(client, pipeline) {
      if (now() - (askedAt.get(pipeline) ?? -RECENT_MS) < RECENT_MS)
        return { outcome: "recent" };
      askedAt.set(pipeline, now());
      return startOrchestration(client, "watch", instanceIdOf(pipeline), {
        pipeline,
      });
    },
  };
}
