import type { AppContext } from "../context.ts";
import type { Work } from "../domain/unplanned.ts";
import { sweepFailed } from "../telemetry/events.ts";
import { NOTHING_TAKEN, type TakenIn } from "../sources/kind.ts";
import { reportSweep, type SweepStep } from "./reportSweep.ts";
import { sweepSources } from "./sweepSources.ts";

/** One sweep of a pipeline, in several steps. */
export interface PipelineSweep {
  readonly pipeline: string;
  /** The steps that failed so far. */
  readonly failed: Set<SweepStep>;
  /** What the step `work` has found. */
  work: Work;
}

export const beginSweep = (pipeline: string): PipelineSweep => ({
  pipeline,
  failed: new Set(),
  work: "unknown",
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
    failed.add(step);
  }
}

/** Starts never reject: what failed of them fails the step. `line`: of the log, where the reason is. */
export function failUnlessStarted(
  failed: readonly string[],
  line: "watcher.startFailed" | "delivery.startFailed",
): void {
  if (failed.length > 0)
    throw new Error(`No start of ${failed.join(", ")}: ${line} says why.`);
}

/** The last steps: takes in what nobody announced, has it planned, and leaves a report of all of them. */
export async function sweepInput(
  context: AppContext,
  sweep: PipelineSweep,
  onTaken: () => Promise<void>,
): Promise<void> {
  const { pipeline } = sweep;
  let taken: TakenIn = NOTHING_TAKEN;
  await sweepStep(context, sweep, "sources", async () => {
    taken = await sweepSources(context, pipeline);
  });
  if (taken.hasTaken) await sweepStep(context, sweep, "work", onTaken);
  try {
    const { failed, work } = sweep;
    const { notTaken } = taken;
    await reportSweep(context, pipeline, {
      notTaken,
      failed: [...failed],
      work,
    });
  } catch (error) {
    sweepFailed(context.log, { pipeline, message: String(error) });
  }
}
