import type { AppContext } from "../context.ts";
import { sweepFailed } from "../telemetry/events.ts";
import { reportSweep, type SweepStep, type Swept } from "./reportSweep.ts";
import { sweepSources } from "./sweepSources.ts";

/**
 * Sweeps the sources of a pipeline, does the other steps, and leaves a report. What fails in one step, or for one
 * pipeline, is no reason to leave the others out: it never rejects.
 */
export async function sweepPipeline(
  context: AppContext,
  pipeline: string,
  steps: Readonly<Record<Exclude<SweepStep, "sources">, () => Promise<void>>>,
): Promise<void> {
  const { log } = context;
  const failed: SweepStep[] = [];
  const attempt = async (
    run: () => Promise<void>,
    step?: SweepStep,
  ): Promise<void> => {
    try {
      await run();
    } catch (error) {
      sweepFailed(log, { pipeline, message: String(error) });
      if (step !== undefined) failed.push(step);
    }
  };
  let notTaken: Swept["notTaken"] = [];
  await attempt(async () => {
    notTaken = await sweepSources(context, pipeline);
  }, "sources");
  await attempt(steps.work, "work");
  await attempt(steps.deliveries, "deliveries");
  await attempt(() => reportSweep(context, pipeline, { notTaken, failed }));
}
