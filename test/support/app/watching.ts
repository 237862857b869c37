import type { DurableClient } from "durable-functions";
import { createActivities } from "../../../src/activities/index.ts";
import { databricksRun } from "../../../src/orchestrators/databricksRun.ts";
import { deliveryIdOf } from "../../../src/adapters/deliveries/index.ts";
import { createDeliver } from "../../../src/orchestrators/deliver.ts";
import { watch } from "../../../src/orchestrators/watch.ts";
import { sinkKinds } from "../../../src/sinks/index.ts";
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
    orchestrators: { watch, databricksRun, deliver: createDeliver(sinkKinds) },
    activities,
  });
  Object.defineProperty(world.clock, "now", {
    get: () => bench.clock.now(),
    configurable: true,
  });
  return bench;
}

/** Has the world's deliveries run on the same engine. */
export function deliverOn(world: World, bench: DurableBench): void {
  const deliveries: World["deliveries"] = {
    start(_client, pipeline, sink) {
      const id = deliveryIdOf(pipeline, sink);
      const known = bench.engine.store.instance(id);
      if (known && !hasEnded(known.status))
        return Promise.resolve({ outcome: "running" });
      bench.start("deliver", { pipeline, sink }, id);
      return Promise.resolve({ outcome: "started" });
    },
  };
  // Nobody calls the client: this world starts what it is asked for itself.
  const durable = Object.create(null) as DurableClient;
  Object.assign(world, { deliveries, durable });
}

const STEP_MS = 250;

/** Starts the watcher of `flights`, and lets time pass until it, and all that it started, have ended. */
export async function watchToTheEnd(
  bench: DurableBench,
  mostSeconds = 3600,
): Promise<Instance> {
  bench.start("watch", { pipeline: "flights" }, "watch-flights");
  for (let passed = 0; passed < mostSeconds * 1000; passed += STEP_MS) {
    await settled();
    const { page } = bench.client.list({});
    if (page.every(({ status }) => hasEnded(status)))
      return bench.client.find("watch-flights");
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
