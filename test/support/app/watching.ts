import { createActivities } from "../../../src/activities/index.ts";
import { databricksRun } from "../../../src/orchestrators/databricksRun.ts";
import { watch } from "../../../src/orchestrators/watch.ts";
import type { Instance } from "../../../local/src/functionsHost/durable/instance.ts";
import { hasEnded } from "../../../local/src/functionsHost/durable/instance.ts";
import { DurableBench, settled } from "../durable.ts";
import type { World } from "./world.ts";

/** The app's own orchestrators and activities on the local engine, over a world in memory. Time is the engine's. */
export function watchOver(world: World, repeatActivities = 1): DurableBench {
  const activities = Object.fromEntries(
    Object.entries(createActivities(world)).map(([name, activity]) => [
      name,
      async (input: unknown) => {
        let answer: unknown;
        for (let time = 0; time < repeatActivities; time += 1)
          answer = await activity(input as never);
        return answer;
      },
    ]),
  );
  const bench = new DurableBench({
    orchestrators: { watch, databricksRun },
    activities,
  });
  Object.defineProperty(world.clock, "now", {
    get: () => bench.clock.now(),
    configurable: true,
  });
  return bench;
}

const STEP_MS = 250;

/** Starts the watcher of `flights`, and lets time pass until it has ended. */
export async function watchToTheEnd(
  bench: DurableBench,
  mostSeconds = 3600,
): Promise<Instance> {
  bench.start("watch", { pipeline: "flights" }, "watch-flights");
  for (let passed = 0; passed < mostSeconds * 1000; passed += STEP_MS) {
    await settled();
    const instance = bench.client.find("watch-flights");
    if (hasEnded(instance.status)) return instance;
    await bench.clock.advance(STEP_MS);
  }
  throw new Error("The watcher has not ended.");
}

/** How often an activity ran. */
export const runsOf = (bench: DurableBench, activity: string): number =>
  bench.trace.runs.filter((run) => run.startsWith(`${activity} `)).length;

/** The longest history that an orchestrator was given. */
export const longestHistory = (bench: DurableBench): number =>
  Math.max(...bench.trace.payloads.map(({ history }) => history.length));
