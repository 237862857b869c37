/**
 * Records the histories that `test/orchestrators/app/replay.test.ts` replays: `node test/support/app/recordHistories.ts`,
 * then prettier.
 * To be run only when an orchestrator is meant to do other things than before; what then runs in production on the
 * old histories ends as non-deterministic, and the sweep starts it anew.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { landEvents } from "../../../src/sources/hub/landEvents.ts";
import { aBatch } from "./events.ts";
import { aChange, playJob, type JobOptions } from "./job.ts";
import { deliverOn, watchOver, watchToTheEnd } from "./watching.ts";
import { aWorld } from "./world.ts";

const folder = join(
  dirname(fileURLToPath(import.meta.url)),
  "../../orchestrators/app/histories",
);

interface Life extends JobOptions {
  /** The serving store refuses everything, until an operator retries. */
  readonly isRefused?: boolean;
}

const lives: Readonly<Record<string, Life>> = {
  batch: { seconds: 40, changes: [aChange("2001-03-31")] },
  retried: { failing: [1] },
  blocked: { mistaken: [1] },
  undelivered: { changes: [aChange("2001-03-31")], isRefused: true },
};

mkdirSync(folder, { recursive: true });
for (const [name, job] of Object.entries(lives)) {
  const world = aWorld();
  const bench = watchOver(world);
  deliverOn(world, bench);
  await landEvents(world, aBatch(0, 9));
  world.hubs.positionsNow = [{ partition: "0", begin: 0, last: 9 }];
  playJob(world, job);
  if (job.isRefused === true)
    world.store.refuses = () => ({ status: 503, substatus: 0 });
  await watchToTheEnd(bench);
  const { payloads, answers } = bench.trace;
  const generations = payloads.flatMap((payload, turn) => {
    const answer = answers[turn];
    return answer?.isDone === true ? [{ payload, answer }] : [];
  });
  writeFileSync(
    join(folder, `${name}.json`),
    `${JSON.stringify(generations, null, 1)}\n`,
  );
  bench.close();
}
