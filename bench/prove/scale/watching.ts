import { planBatch } from "../../../src/activities/planBatch.ts";
import { batchPaths } from "../../../src/domain/paths.ts";
import { decide } from "../../../src/domain/waiting.ts";
import { readPipelineStatus } from "../../../src/process/pipelineStatus.ts";
import { endBatch } from "../../../test/support/app/endBatch.ts";
import type { World } from "../../../test/support/app/world.ts";

export const FLIGHTS = { pipeline: "flights" };

export interface Watched {
  readonly batches: number;
  readonly looks: number;
}

const JOB_SECONDS = 60;
const SWEEP_SECONDS = 60;
/** The newest ones are read; older ones are not held in memory. */
const KEPT = 3;

/** Plays the watcher and the job for so many seconds of the world's time. */
export async function watchFor(
  world: World,
  seconds: number,
): Promise<Watched> {
  const { clock } = world;
  const end = clock.now + seconds * 1000;
  let [batches, looks] = [0, 0];
  while (clock.now < end) {
    looks += 1;
    const next = decide(await readPipelineStatus(world, FLIGHTS));
    if (next.kind === "wait") clock.now += next.seconds * 1000;
    else if (next.kind === "end") clock.now += SWEEP_SECONDS * 1000;
    else {
      const planned = await planBatch(world, FLIGHTS);
      if (!planned) continue;
      batches += 1;
      clock.now += JOB_SECONDS * 1000;
      await endBatch(world.lake, planned.batch);
      forget(world, planned.batch - KEPT);
    }
  }
  return { batches, looks };
}

function forget({ lake }: World, batch: number): void {
  const { manifest, process } = batchPaths("flights", Math.max(batch, 0));
  if (batch > 1) lake.files.delete(process);
  const found = lake.files.get(manifest);
  // Its path stays: the newest batch is found by which manifests there are.
  if (found) lake.files.set(manifest, { ...found, content: Buffer.from("{}") });
}
