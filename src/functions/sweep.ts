import { app, type InvocationContext } from "@azure/functions";
import * as df from "durable-functions";
import type { AppContext } from "../context.ts";
import { failUnlessStarted, startWatcher } from "../ingest/startWatchers.ts";
import { beginSweep, sweepInput, sweepStep } from "../ingest/sweepPipeline.ts";
import { findWork } from "../process/findWork.ts";
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
      const durable = df.getClient(invocation);
      await sweep({ ...appContext, log: logOf(invocation), durable }, durable);
    },
  });
}

/**
 * What waits for a start costs a dozen calls a pipeline and comes first, for all of them at once: none waits for the
 * hub or for the files of another. Then their dropped files, of each no more than one sweep takes.
 */
export async function sweep(
  context: AppContext,
  durable: df.DurableClient,
): Promise<void> {
  const { definitions, disabled } = context.pipelines;
  for (const [pipeline, mistake] of disabled)
    pipelineDisabled(context.log, { pipeline, mistake });
  const sweeps = [...definitions.keys()].map((each) =>
    beginSweep(context, each),
  );
  await Promise.all(
    sweeps.map(async (each) => {
      const { pipeline } = each;
      await sweepStep(context, each, "deliveries", async () => {
        const sinks = await findDueSinks(context, pipeline);
        if (sinks.length === 0) return;
        const { failed } = await startDeliveries(context, { pipeline, sinks });
        failUnlessStarted(failed, "delivery.startFailed");
      });
      await sweepStep(context, each, "work", async () => {
        const start = () => startWatcher(context, durable, pipeline);
        if (each.isFirst) await start();
        each.work = await findWork(context, pipeline);
        if (!each.isFirst && each.work !== "none") await start();
      });
    }),
  );
  for (const each of sweeps) await sweepInput(context, each, durable);
}
