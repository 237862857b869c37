import type { DurableClient } from "durable-functions";
import type { StartOutcome } from "../watchers/index.ts";

/** What starts orchestrations: a durable client. */
export type Starter = Pick<DurableClient, "startNew">;

/** Starts the orchestration that delivers to one sink of a pipeline. */
export interface Deliveries {
  /** Best effort: it never rejects. The sweep is the guarantee. */
  start(
    client: Starter,
    pipeline: string,
    sink: string,
  ): Promise<{ outcome: StartOutcome; message?: string }>;
}

export const deliveryIdOf = (pipeline: string, sink: string): string =>
  `deliver-${pipeline}-${sink}`;

export const createDeliveries = (): Deliveries => ({
  async start(client, pipeline, sink) {
    try {
      await client.startNew("deliver", {
        instanceId: deliveryIdOf(pipeline, sink),
        input: { pipeline, sink },
      });
      return { outcome: "started" };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      // Newer extensions answer 409 for an instance that runs, older ones 500.
      const isRunning = /409|already|exists|running/i.test(message);
      return { outcome: isRunning ? "running" : "failed", message };
    }
  },
});
