import { app, type InvocationContext } from "@azure/functions";
import * as df from "durable-functions";
import type { AppContext } from "../context.ts";
import { startWatchers } from "../ingest/startWatchers.ts";
import { sweepPipeline } from "../ingest/sweepPipeline.ts";
import { hasWork } from "../process/hasWork.ts";
import { purgeHistory } from "../process/purgeHistory.ts";
import { findDueSinks } from "../sinks/findDueSinks.ts";
import { startDeliveries } from "../sinks/startDeliveries.ts";
import { pipelineDisabled } from "../telemetry/events.ts";
import { logOf } from "../telemetry/log.ts";

/** Finds files and events whose notification was lost, and starts watchers and deliveries that have something to do. */
export function registerSweep(appContext: AppContext): void {
  app.timer("sweep", {
    schedule: "%SWEEP_SCHEDULE%",
    extraInputs: [df.input.durableClient()],
    handler: async (_timer: unknown, invocation: InvocationContext) => {
      const log = logOf(invocation);
      const durable = df.getClient(invocation);
      await sweep({ ...appContext, log, durable }, durable);
      await purgeHistory({ ...appContext, log }, durable);
    },
  });
}

export async function sweep(
  context: AppContext,
  durable: df.DurableClient,
): Promise<void> {
  const { definitions, disabled } = context.pipelines;
  for (const [pipeline, mistake] of disabled)
    pipelineDisabled(context.log, { pipeline, mistake });
  for (const pipeline of definitions.keys())
    await sweepPipeline(context, pipeline, {
      work: async () => {
        if (await hasWork(context, pipeline))
          await startWatchers(context, durable, [pipeline]);
      },
      deliveries: async () => {
        const sinks = await findDueSinks(context, pipeline);
        if (sinks.length > 0)
          await startDeliveries(context, { pipeline, sinks });
      },
    });
}
