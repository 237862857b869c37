import { app, type InvocationContext } from "@azure/functions";
import * as df from "durable-functions";
import { hasWork } from "../activities/hasWork.ts";
import { startWatchers } from "../activities/startWatchers.ts";
import { sweepLanding } from "../activities/sweepLanding.ts";
import type { Ports } from "../ports.ts";
import { pipelineSetAside, sweepFailed } from "../telemetry/events.ts";
import { logOf } from "../telemetry/log.ts";

/** Finds what nobody told of: unannounced drops, unplanned events, a batch whose watcher is gone, a new definition. */
export function registerSweep(ports: Ports): void {
  app.timer("sweep", {
    schedule: "%SWEEP_SCHEDULE%",
    extraInputs: [df.input.durableClient()],
    handler: async (_timer: unknown, context: InvocationContext) => {
      const log = logOf(context);
      for (const [pipeline, mistake] of ports.pipelines.setAside)
        pipelineSetAside(log, { pipeline, mistake });
      for (const pipeline of ports.pipelines.definitions.keys()) {
        try {
          await sweepLanding(ports, pipeline, log);
          if (!(await hasWork(ports, pipeline, log))) continue;
          await startWatchers(ports, df.getClient(context), [pipeline], log);
        } catch (error) {
          // One pipeline's trouble is not another's.
          sweepFailed(log, { pipeline, message: String(error) });
        }
      }
    },
  });
}
