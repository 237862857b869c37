import type { AppContext } from "../context.ts";
import { sweepFailed } from "../telemetry/events.ts";
import { NOTHING_TAKEN, type TakenIn } from "../sources/kind.ts";
import { reportSweep, type SweepStep } from "./reportSweep.ts";
import { sweepSources } from "./sweepSources.ts";

/** One sweep of a pipeline, in several steps. */
export interface PipelineSweep {
  readonly pipeline: string;
  /** The steps that failed so far. */
  readonly failed: SweepStep[];
}

export const beginSweep = (pipeline: string): PipelineSweep => ({
  pipeline,
  failed: [],
});

/** What fails in one step, or for one pipeline, is no reason to leave the others out: it never rejects. */
export async function sweepStep(
  { log }: AppContext,
  { pipeline, failed }: PipelineSweep,
  step: SweepStep,
  run: () => Promise<void>,
): Promise<void> {
  try {
    await run();
  } catch (error) {
    sweepFailed(log, { pipeline, message: String(error) });
    failed.push(step);
  }
}

/** The last steps: takes in what nobody announced, has it planned, and leaves a report of all of them. */
export async function sweepInput(
  context: AppContext,
  sweep: PipelineSweep,
  onTaken: () => Promise<void>,
): Promise<void> {
  const { pipeline, failed } = sweep;
  let taken: TakenIn = NOTHING_TAKEN;
  await sweepStep(context, sweep, "sources", async () => {
    taken = await sweepSources(context, pipeline);
    if (taken.hasTaken) await onTaken();
  });
  try {
    await reportSweep(context, pipeline, { notTaken: taken.notTaken, failed });
  } catch (error) {
    sweepFailed(context.log, { pipeline, message: String(error) });
  }
}
