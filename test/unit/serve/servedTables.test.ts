import { setImmediate as nextTurn } from "node:timers/promises";
import { AssayError, errorTable } from "../../../src/errors.ts";
import { findInsight } from "../../../src/serve/insights.ts";
import { sinkPaths } from "../../../src/domain/paths.ts";
import {
  aTable,
  putHead,
  putProcessed,
  putSkipped,
} from "../../support/app/ended.ts";
import {
  aDefinition,
  aWorld,
  pipelinesOf,
  type World,
} from "../../support/app/world.ts";

/** How many parts the key has by which the table is served; the code of the error where it is not. */
async function partsOf(
  world: World,
  table = "airport_delays",
): Promise<number | string> {
  // No key has so many parts: the refusal says how many there are.
  const key = Array.from({ length: 9 }, (_, part) => `${part}`);
  const question = { pipeline: "flights", table, key, limit: 1, after: "" };
  try {
    await findInsight(world, question);
    return "answered";
  } catch (error) {
    if (!(error instanceof AssayError)) throw error;
    const [, parts] = /has (\d) parts/.exec(error.detail) ?? [];
    return parts === undefined ? error.code : Number(parts);
  }
}

const SECOND = 1_000;

/** A while later, once a request has had the tables read anew: a memory's answers are all in once the event loop turns. */
async function later(world: World): Promise<void> {
  world.clock.now += 10 * SECOND;
  await partsOf(world);
  await nextTurn();
}

test("a table is served from the first batch that was delivered with it", async () => {
  const world = aWorld();
  expect(await partsOf(world)).toBe("TABLE_NOT_SERVED");
  expect(await partsOf(world, "none")).toBe("TABLE_UNKNOWN");
  putProcessed(world, 1, { airport_delays: aTable("airport", "day") });
  putHead(world, "cosmos", 1);
  await later(world);
  expect(await partsOf(world)).toBe("TABLE_NOT_SERVED");
  putHead(world, "cosmos", 2);
  await later(world);
  expect(await partsOf(world)).toBe(2);
  expect(await partsOf(world, "routes")).toBe("TABLE_NOT_SERVED");
});

test("a changed key counts once its batch is delivered, not when it is deployed or processed", async () => {
  const world = aWorld();
  putProcessed(world, 1, { airport_delays: aTable("day") });
  putProcessed(world, 2, { airport_delays: aTable("day", "airport", "hour") });
  putHead(world, "cosmos", 2, { deliveredParts: 1 });
  expect(await partsOf(world)).toBe(1);
  putHead(world, "cosmos", 3);
  await later(world);
  expect(await partsOf(world)).toBe(3);
});

test("a table that the package has no more is served until a batch without it is delivered", async () => {
  const world = aWorld();
  putProcessed(world, 1, { old: aTable("id") });
  putHead(world, "cosmos", 2);
  expect(await partsOf(world, "old")).toBe(1);
  putProcessed(world, 2, { airport_delays: aTable("day") });
  putHead(world, "cosmos", 3);
  await later(world);
  expect(await partsOf(world, "old")).toBe("TABLE_UNKNOWN");
});

test("skipped batches change no key", async () => {
  const world = aWorld();
  putProcessed(world, 1, { airport_delays: aTable("day") });
  putSkipped(world, 2);
  putSkipped(world, 3);
  putHead(world, "cosmos", 4);
  expect(await partsOf(world)).toBe(1);
  putSkipped(world, 4);
  putHead(world, "cosmos", 5);
  await later(world);
  expect(await partsOf(world)).toBe(1);
});

test("answers within a second read nothing of the lake; later ones go by what is known while one read is under way", async () => {
  const world = aWorld();
  putProcessed(world, 1, { airport_delays: aTable("day") });
  putHead(world, "cosmos", 2);
  await partsOf(world);
  const reads = () => world.lake.counts.get("read");
  const before = reads() ?? 0;
  await Promise.all([partsOf(world), partsOf(world)]);
  expect(reads()).toBe(before);
  putProcessed(world, 2, { airport_delays: aTable("day", "airport") });
  putHead(world, "cosmos", 3);
  world.clock.now += SECOND;
  expect(await Promise.all([partsOf(world), partsOf(world)])).toEqual([1, 1]);
  expect(reads()).toBe(before + 2);
  // The read has no caller who waits for it: a memory's answers are all in once the event loop turns.
  await nextTurn();
  expect(await partsOf(world)).toBe(2);
});

test("while the lake does not answer, what is known serves on", async () => {
  const world = aWorld();
  putProcessed(world, 1, { airport_delays: aTable("day") });
  putHead(world, "cosmos", 2);
  await partsOf(world);
  world.lake.read = () => Promise.reject(new Error("gone"));
  world.clock.now += 60 * SECOND;
  expect(await partsOf(world)).toBe(1);
});

test("while the lake hangs, every answer goes by what is known, and the first read that ends counts", async () => {
  const world = aWorld();
  putProcessed(world, 1, { airport_delays: aTable("day") });
  putHead(world, "cosmos", 2);
  await partsOf(world);
  const read = world.lake.read.bind(world.lake);
  let hung = 0;
  world.lake.read = () => {
    hung += 1;
    return new Promise(() => undefined);
  };
  for (const seconds of [60, 1, 8]) {
    world.clock.now += seconds * SECOND;
    expect(await partsOf(world)).toBe(1);
  }
  expect(hung).toBe(1);
  world.lake.read = read;
  putProcessed(world, 2, { airport_delays: aTable("day", "airport") });
  putHead(world, "cosmos", 3);
  await later(world);
  expect(await partsOf(world)).toBe(2);
});

test("before the first answer a lake that does not answer is an error, and asked again by the next", async () => {
  const world = aWorld();
  putProcessed(world, 1, { airport_delays: aTable("day") });
  putHead(world, "cosmos", 2);
  const read = world.lake.read.bind(world.lake);
  world.lake.read = (path) =>
    path === sinkPaths("flights", "cosmos").head
      ? Promise.reject(new Error("gone"))
      : read(path);
  await expect(partsOf(world)).rejects.toThrow("gone");
  world.lake.read = read;
  expect(await partsOf(world)).toBe(1);
});

test("a table that no sink of kind cosmos gets is refused as its author's choice, with and without such a sink", async () => {
  const notify = { kind: "notify", tables: ["routes"], settings: {} };
  const some = { kind: "cosmos", tables: ["airport_delays"], settings: {} };
  for (const sinks of [{ notify }, { notify, cosmos: some }]) {
    const world = aWorld({ pipelines: pipelinesOf(aDefinition({ sinks })) });
    expect(await partsOf(world, "routes")).toBe("TABLE_IN_NO_SINK");
    expect(await partsOf(world, "none")).toBe("TABLE_UNKNOWN");
  }
  expect(errorTable.TABLE_IN_NO_SINK.retryable).toBe(false);
});

test("a table that was taken out of the sink is served until a batch without it is delivered", async () => {
  const cosmos = { kind: "cosmos", tables: ["airport_delays"], settings: {} };
  const pipelines = pipelinesOf(aDefinition({ sinks: { cosmos } }));
  const world = aWorld({ pipelines });
  putProcessed(world, 1, { routes: aTable("route") });
  putHead(world, "cosmos", 2);
  expect(await partsOf(world, "routes")).toBe(1);
  putProcessed(world, 2, { airport_delays: aTable("day") });
  putHead(world, "cosmos", 3);
  await later(world);
  expect(await partsOf(world, "routes")).toBe("TABLE_IN_NO_SINK");
});
