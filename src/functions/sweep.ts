import { app, type InvocationContext } from "@azure/functions";
import * as df from "durable-functions";
import { hasWork } from "../process/hasWork.ts";
import { startWatchers } from "../ingest/startWatchers.ts";
import { sweepSources } from "../ingest/sweepSources.ts";
import type { AppContext } from "../context.ts";
import { pipelineDisabled, sweepFailed } from "../telemetry/events.ts";
import { logOf } from "../telemetry/log.ts";

/** Finds what nobody told of: unannounced drops, unplanned events, a batch whose watcher is gone, a new definition. */
export function registerSweep(appContext: AppContext): void {
  app.timer("sweep", {
    schedule: "%SWEEP_SCHEDULE%",
    extraInputs: [df.input.durableClient()],
    handler: async (_timer: unknown, invocation: InvocationContext) => {
      const context = { ...appContext, log: logOf(invocation) };
      for (const [pipeline, mistake] of context.pipelines.disabled)
        pipelineDisabled(context.log, { pipeline, mistake });
      for (const pipeline of context.pipelines.definitions.keys()) {
        try {
          await sweepSources(context, pipeline);
          if (!(await hasWork(context, pipeline))) continue;
          await startWatchers(context, df.getClient(invocation), [pipeline]);
        } catch (error) {
          // One pipeline's trouble is not another's.
          sweepFailed(context.log, { pipeline, message: String(error) });
        }
      }
    },
  });
}
