import type { DurableClient } from "durable-functions";

/** What came of a start. Newer extensions answer 409 for an instance that runs, older ones 500: the text tells less than we would like. */
export type StartOutcome = "started" | "running" | "recent" | "failed";

export interface Watchers {
  /** Best effort: it never rejects. The sweep is the guarantee. */
  start(
    client: DurableClient,
    pipeline: string,
  ): Promise<{ outcome: StartOutcome; message?: string }>;
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
      try {
        await client.startNew("watch", {
          instanceId: instanceIdOf(pipeline),
          input: { pipeline },
        });
        return { outcome: "started" };
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        return {
          outcome: /409|already|exists|running/i.test(message)
            ? "running"
            : "failed",
          message,
        };
      }
    },
  };
}
