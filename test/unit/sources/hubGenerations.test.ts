import type { HubGeneration } from "../../../src/adapters/eventHubs/index.ts";
import {
  forgetGeneration,
  readDeliveredGeneration,
  readHubPositions,
  readPresentGeneration,
  rememberLanded,
} from "../../../src/sources/hub/generations.ts";
import { endsAt } from "../../support/app/looks.ts";
import { aWorld, type World } from "../../support/app/world.ts";

const RECREATED_ON = "2026-01-01T00:00:00.000Z";

/** How often the hub was asked for its generation. */
function questionsOf(world: World): () => number {
  let asked = 0;
  const ask = world.hubs.generation.bind(world.hubs);
  world.hubs.generation = (hub) => {
    asked += 1;
    return ask(hub);
  };
  return () => asked;
}

const read = (world: World) => readPresentGeneration(world, "flights");

test("a generation is registered with its partitions and where each began, and told once", async () => {
  const world = aWorld();
  world.hubs.positionsNow = [
    { partition: "0", begin: 5, last: 9 },
    { partition: "1", begin: 0, last: -1 },
  ];
  const stream = await read(world);
  expect(stream).toEqual({
    ...{
      version: 3,
      kind: "hub",
      name: "flights",
      namespace: "ns",
      epoch: "0",
    },
    generation: expect.stringMatching(/^[0-9a-f]{12}$/) as unknown,
    createdOn: "2025-12-31T00:00:00.000Z",
    ...{ partitions: ["0", "1"], begins: { "0": 5, "1": 0 } },
  });
  world.clock.now += 60_001;
  expect(await read(world)).toBe(stream);
  const { generation } = stream;
  expect(world.logged).toEqual([
    { event: "stream.registered", fields: { hub: "flights", generation } },
  ]);
});

test("what is known of a hub stands for a minute", async () => {
  const world = aWorld();
  const asked = questionsOf(world);
  await read(world);
  world.clock.now += 60_000;
  await read(world);
  expect(asked()).toBe(1);
  world.clock.now += 1;
  await read(world);
  expect(asked()).toBe(2);
  forgetGeneration(world, "flights");
  await read(world);
  expect(asked()).toBe(3);
});

test.each([
  // Right behind the last one and at once.
  [10, 4_999, 30_000, 0],
  // After a pause what was asked two seconds before still says it.
  [10, 5_000, 2_000, 0],
  [10, 5_000, 2_001, 1],
  // A delivery that steps back, or leaves events out.
  [9, 1, 1, 1],
  [11, 1, 1, 1],
])(
  "a delivery that begins with %i, %i ms after the last one, asks a hub that was asked %i ms ago %i times",
  async (first, landedMs, askedMs, questions) => {
    const world = aWorld();
    const asked = questionsOf(world);
    const end = world.now() + 60_000;
    const place = { hub: "flights", partition: "0" };
    const steps: [number, () => unknown][] = [
      [end - landedMs, () => rememberLanded(world, { ...place, last: 9 })],
      [end - askedMs, () => read(world)],
    ];
    for (const [at, step] of steps.sort(([a], [b]) => a - b)) {
      world.clock.now = at;
      await step();
    }
    world.clock.now = end;
    await readDeliveredGeneration(world, { ...place, first });
    expect(asked() - 1).toBe(questions);
  },
);

test.each([
  ["goes on from the watermark", 0, 9, 1],
  ["holds nothing before the watermark", 10, 12, 1],
  ["has dropped what follows the watermark", 11, 12, 2],
  ["ends before the watermark", 0, 8, 2],
])(
  "a hub that %s is asked as often for its generation",
  async (_, begin, last, questions) => {
    const world = aWorld();
    const asked = questionsOf(world);
    const ends = await endsAt(world, 9);
    world.clock.now += 1;
    world.hubs.positionsNow = [
      { partition: "0", begin, last },
      // No batch has named it.
      { partition: "1", begin: 5, last: 3 },
    ];
    const { positions, stream } = await readHubPositions(
      world,
      "flights",
      ends,
    );
    expect(positions).toBe(world.hubs.positionsNow);
    expect(stream.name).toBe("flights");
    // The first question was that for the watermark.
    expect(asked()).toBe(questions);
  },
);

test("one doubtful partition is enough", async () => {
  const world = aWorld();
  const { generation } = await read(world);
  const asked = questionsOf(world);
  const ends = { "hub/flights": { [generation]: { "0": 9, "1": 9 } } };
  world.hubs.positionsNow = [
    { partition: "0", begin: 0, last: 9 },
    { partition: "1", begin: 0, last: 8 },
  ];
  world.hubs.createdOn = RECREATED_ON;
  world.clock.now += 1;
  const { stream } = await readHubPositions(world, "flights", ends);
  expect(asked()).toBe(1);
  expect(stream.createdOn).toBe(RECREATED_ON);
});

/** The hub's answers, in the order of the questions: a test gives them. */
function answersOf(world: World) {
  const open: {
    resolve: (answer: HubGeneration) => void;
    reject: (error: Error) => void;
  }[] = [];
  world.hubs.generation = () =>
    new Promise((resolve, reject) => open.push({ resolve, reject }));
  const answer: HubGeneration = {
    ...{ namespace: "ns", hub: "flights", partitions: ["0"] },
    createdOn: RECREATED_ON,
  };
  return { open, answer };
}

test("a question that fails after a later one was asked leaves that one's answer", async () => {
  const world = aWorld();
  const { open, answer } = answersOf(world);
  const first = read(world);
  world.clock.now += 60_001;
  const second = read(world);
  open[0]?.reject(new Error("busy"));
  await expect(first).rejects.toThrow("busy");
  open[1]?.resolve(answer);
  const stream = await second;
  expect(await read(world)).toBe(stream);
  expect(open).toHaveLength(2);
});

test("a question whose hub was forgotten meanwhile fails as the hub does", async () => {
  const world = aWorld();
  const { open } = answersOf(world);
  const asked = read(world);
  forgetGeneration(world, "flights");
  open[0]?.reject(new Error("busy"));
  await expect(asked).rejects.toThrow("busy");
});
