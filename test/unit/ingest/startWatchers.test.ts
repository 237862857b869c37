import type { StartResult } from "../../../src/adapters/startOrchestration.ts";
import { startWatchers } from "../../../src/ingest/startWatchers.ts";
import { aWorld } from "../../support/app/world.ts";

/** What is told of the starts of some pipelines, each of which ends as it is called. */
async function toldOf(...results: readonly StartResult[]) {
  const world = aWorld();
  const asked: string[] = [];
  const watchers = {
    start: (_client: unknown, pipeline: string) => {
      asked.push(pipeline);
      const result = results[Number(pipeline)];
      return Promise.resolve(result ?? { outcome: "started" as const });
    },
  };
  const names = results.map((_, index) => String(index));
  const client = { startNew: () => Promise.reject(new Error("Not asked.")) };
  await startWatchers({ ...world, watchers }, client, names);
  expect(asked).toEqual(names);
  return world.logged.map(({ event, fields }) => [event, { ...fields }]);
}

test("each watcher is asked for, and one that was asked for just now is not told again", async () => {
  expect(
    await toldOf(
      { outcome: "started" },
      { outcome: "recent" },
      { outcome: "running" },
    ),
  ).toEqual([
    ["watcher.asked", { pipeline: "0", outcome: "started" }],
    ["watcher.asked", { pipeline: "2", outcome: "running" }],
  ]);
});

test("a start that fails is told with its message, and holds no other up", async () => {
  expect(
    await toldOf(
      { outcome: "failed", message: "503" },
      { outcome: "failed" },
      { outcome: "started" },
    ),
  ).toEqual([
    ["watcher.startFailed", { pipeline: "0", message: "503" }],
    ["watcher.startFailed", { pipeline: "1", message: "" }],
    ["watcher.asked", { pipeline: "2", outcome: "started" }],
  ]);
});
