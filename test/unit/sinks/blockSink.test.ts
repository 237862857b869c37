import { blockSink } from "../../../src/sinks/blockSink.ts";
import type { Failure } from "../../../src/sinks/kind.ts";
import { beginHead, headOf } from "../../support/app/delivering.ts";
import { aWorld, START, type World } from "../../support/app/world.ts";

const failure: Failure = {
  code: "STORE_REFUSED",
  message: "It answered 503.",
  fault: "theirs",
};
const at = (seconds: number): string =>
  new Date(START + seconds * 1000).toISOString();

const block = (world: World, seconds: number, batch = 1) =>
  blockSink(world, {
    ...{ pipeline: "flights", sink: "cosmos", failure },
    ...{ from: { batch, part: 0 }, at: at(seconds) },
  });

test("a sink is tried again after a minute, then after twice as long each time, an hour at most", async () => {
  const world = aWorld();
  beginHead(world, "cosmos");
  const waits: number[] = [];
  for (let seconds = 0; waits.length < 8; seconds += 10_000) {
    await block(world, seconds);
    const blocked = headOf(world, "cosmos")?.blocked;
    expect(blocked).toMatchObject({ ...failure, since: at(0) });
    expect(blocked?.failedAt).toBe(at(seconds));
    waits.push(
      (Date.parse(blocked?.retryAt ?? "") - Date.parse(at(seconds))) / 1000,
    );
    expect(blocked?.failures).toBe(waits.length);
  }
  expect(waits).toEqual([60, 120, 240, 480, 960, 1920, 3600, 3600]);
});

test("run again, it blocks no second time, and says the same", async () => {
  const world = aWorld();
  beginHead(world, "cosmos");
  await block(world, 5);
  const head = headOf(world, "cosmos");
  await block(world, 5);
  expect(headOf(world, "cosmos")).toEqual(head);
  const told = world.logged.filter(({ event }) => event === "sink.blocked");
  expect(told.map(({ fields }) => fields)).toMatchObject([
    { sink: "cosmos", batch: 1, code: "STORE_REFUSED", failures: 1 },
    { failures: 1 },
  ]);
});

test("a head that stands elsewhere is not blocked, and nothing is told", async () => {
  const world = aWorld();
  beginHead(world, "cosmos", { nextBatch: 2 });
  await block(world, 5);
  expect(headOf(world, "cosmos")?.blocked).toBeUndefined();
  expect(world.logged).toEqual([]);
});
