import type { Starter } from "../adapters/startOrchestration.ts";
import type { AppContext } from "../context.ts";
import type { Work } from "../domain/unplanned.ts";
import { defineCache } from "../ledger/caches.ts";
import { sweepFailed } from "../telemetry/events.ts";
import { NOTHING_TAKEN, type TakenIn } from "../sources/kind.ts";
import { reportSweep, type SweepStep } from "./reportSweep.ts";
import { startWatcher } from "./startWatchers.ts";
import { sweepSources } from "./sweepSources.ts";

/** One sweep of a pipeline, in several steps. */
export interface PipelineSweep {
  readonly pipeline: string;
  /** This process has not swept the pipeline yet: its watcher is started, whatever happened before. */
  readonly isFirst: boolean;
  /** The steps that failed so far. */
  readonly failed: Set<SweepStep>;
  /** What the step `work` has found. */
  work: Work;
}

/** Pipelines that this process has swept. */
const sweptPipelines = defineCache(() => new Set<string>());

export function beginSweep(
  context: Pick<AppContext, "caches">,
  pipeline: string,
): PipelineSweep {
  const swept = sweptPipelines(context);
  const isFirst = !swept.has(pipeline);
  swept.add(pipeline);
  return { pipeline, isFirst, failed: new Set(), work: "unknown" };
}

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

/** The last steps: takes in what nobody announced, has it planned, and leaves a report of all of them. */
export async function sweepInput(
  context: AppContext,
  sweep: PipelineSweep,
  client: Starter,
): Promise<void> {
  const { pipeline } = sweep;
  let taken: TakenIn = NOTHING_TAKEN;
  await sweepStep(context, sweep, "sources", async () => {
    taken = await sweepSources(context, pipeline);
  });
  if (taken.hasTaken)
    await sweepStep(context, sweep, "work", () =>
      startWatcher(context, client, pipeline),
    );
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
