import type { Line } from "../../../src/domain/documents.ts";
import { requestPath, sinkPaths } from "../../../src/domain/paths.ts";
import {
  aRow,
  beginHead,
  deliverOver,
  deliverToTheEnd,
  headOf,
  sealBatch,
  type SealedBatch,
} from "../../support/app/delivering.ts";
import { aBlock } from "../../support/app/ended.ts";
import { runsOf } from "../../support/app/watching.ts";
import { aDefinition, aWorld, type World } from "../../support/app/world.ts";
import type { DurableBench } from "../../support/durable.ts";

let world: World;
let bench: DurableBench;
beforeEach(() => {
  world = aWorld();
  bench = deliverOver(world);
  beginHead(world, "cosmos", {
    record: {
      containers: { airport_delays: "rid-of-flights_airport_delays" },
    },
  });
});
afterEach(() => bench.close());

const definition = aDefinition({
  sinks: {
    cosmos: { kind: "cosmos", tables: ["airport_delays"], settings: {} },
  },
});

const seal = (
  batch: number,
  parts: readonly (readonly Line[])[],
  more: SealedBatch = {},
): void =>
  sealBatch(world, batch, {
    definition,
    parts: { airport_delays: parts },
    ...more,
  });

const SNAPSHOT = { modes: { airport_delays: "snapshot" } } as const;

const deliver = (): Promise<string> => deliverToTheEnd(world, bench, "cosmos");
const head = () => headOf(world, "cosmos");
const writes = (): number => runsOf(bench, "cosmosWritePart");

/** A part whose documents are all too large. */
const large = (part: number, count: number): Line[] =>
  Array.from({ length: count }, (_, row) => aRow(`large-${part}-${row}`));
const small = (part: number): Line[] => [aRow(`small-${part}`)];

const refuseLarge: World["store"]["refuses"] = (_container, { document }) =>
  document.id.startsWith("large-") && !document.deleted
    ? { status: 413, substatus: 0 }
    : undefined;

const refusedFiles = (): number =>
  [...world.lake.files.keys()].filter((path) =>
    path.startsWith(`${sinkPaths("flights", "cosmos").refused}/`),
  ).length;

const range = (count: number): number[] =>
  Array.from({ length: count }, (_, index) => index);

test.each([
  ["changes", {}],
  ["a snapshot", SNAPSHOT],
])(
  "whatever the parts of %s hold, no more than a thousand documents are refused before the sink is blocked",
  async (_name, more) => {
    world.store.refuses = refuseLarge;
    seal(
      1,
      range(8).map((part) => large(part, 400)),
      more,
    );
    expect(await deliver()).toBe("blocked");
    expect(refusedFiles()).toBeLessThanOrEqual(1_000);
    expect(head()).toMatchObject({
      nextBatch: 1,
      refused: refusedFiles(),
      blocked: {
        code: "DOCUMENTS_REFUSED",
        fault: "input",
        message: "More than 1000 documents are refused.",
        failures: 1,
      },
    });
  },
  60_000,
);

test("of a snapshot that is refused as a whole, one part finds it out, and no pause is made", async () => {
  world.store.refuses = refuseLarge;
  seal(
    1,
    range(8).map((part) => large(part, 1_001)),
    SNAPSHOT,
  );
  const before = bench.clock.now();
  expect(await deliver()).toBe("blocked");
  expect(writes()).toBe(1);
  expect(bench.clock.now() - before).toBeLessThan(5_000);
  expect(head()).toMatchObject({
    nextBatch: 1,
    deliveredParts: 0,
    refused: 1_000,
  });
}, 60_000);

test("a part that needs more than its share of what may be refused is delivered alone, and nothing is blocked", async () => {
  world.store.refuses = refuseLarge;
  seal(1, [small(0), large(1, 999), ...range(8).map(small)]);
  expect(await deliver()).toBe("idle");
  expect(head()).toMatchObject({ nextBatch: 2, refused: 999 });
  expect(refusedFiles()).toBe(999);
});

test("a part that fails after it refused documents is not delivered, and they are counted", async () => {
  world.store.refuses = refuseLarge;
  seal(1, [[...large(0, 7), ...range(1_000).map((row) => aRow(`d${row}`))]]);
  const write = world.store.write.bind(world.store);
  world.store.write = (container, all) =>
    all.some(({ document }) => document.id === "d999")
      ? Promise.reject(new Error("gone"))
      : write(container, all);
  expect(await deliver()).toBe("blocked");
  expect(head()).toMatchObject({
    deliveredParts: 0,
    refused: 7,
    blocked: { code: "SINK_UNREACHABLE" },
  });
});

test("after too many, each probe delivers one part however much of it is refused, and the waits grow", async () => {
  world.store.refuses = refuseLarge;
  seal(
    1,
    range(3).map((part) => large(part, 1_001)),
  );
  expect(await deliver()).toBe("blocked");
  expect(head()).toMatchObject({ deliveredParts: 0, refused: 1_000 });
  const since = head()?.blocked?.since;
  // The other parts of the first wave came to their shares, of 333 each.
  for (const [part, seconds, refused] of [
    [1, 60, 1_001 + 2 * 333],
    [2, 120, 2 * 1_001 + 333],
  ] as const) {
    expect(await deliver()).toBe("blocked");
    expect(head()).toMatchObject({ deliveredParts: part - 1 });
    await bench.clock.advance(seconds * 1000);
    expect(await deliver()).toBe("blocked");
    expect(head()).toMatchObject({
      ...{ deliveredParts: part, refused },
      blocked: { code: "DOCUMENTS_REFUSED", since, failures: part + 1 },
    });
  }
  const id = "20260101T000000000Z-000001";
  world.lake.put(requestPath("flights", id), {
    version: 3,
    id,
    createdAt: "2026-01-01T00:00:00.000Z",
    kind: "retry",
    sink: "cosmos",
  });
  // An operator's retry does as much as a probe: the last part is delivered, and so is the batch.
  expect(await deliver()).toBe("idle");
  expect(head()).toMatchObject({ nextBatch: 2, refused: 3_003 });
}, 60_000);

test("a snapshot that comes later frees a sink that too many documents have blocked", async () => {
  world.store.refuses = refuseLarge;
  seal(
    1,
    range(3).map((part) => large(part, 1_001)),
  );
  expect(await deliver()).toBe("blocked");
  seal(2, [small(0), small(1)], SNAPSHOT);
  await bench.clock.advance(60_000);
  expect(await deliver()).toBe("idle");
  expect(head()).toMatchObject({ nextBatch: 3, refused: 0 });
  expect(head()?.blocked).toBeUndefined();
  expect(refusedFiles()).toBe(0);
}, 60_000);

test("behind a probe whose part is refused the sink stays blocked, whatever the next part holds", async () => {
  world.store.refuses = refuseLarge;
  seal(1, [large(0, 1_001), small(1)]);
  expect(await deliver()).toBe("blocked");
  await bench.clock.advance(60_000);
  expect(await deliver()).toBe("blocked");
  expect(head()).toMatchObject({
    ...{ deliveredParts: 1, refused: 1_001 },
    blocked: { code: "DOCUMENTS_REFUSED", failures: 2 },
  });
}, 60_000);

test("a probe that comes to a thousand refused documents in all goes on", async () => {
  world.store.refuses = refuseLarge;
  const blocked = aBlock({
    ...{ code: "DOCUMENTS_REFUSED", failedAt: "2025-12-31T00:00:00.000Z" },
    retryAt: "2025-12-31T00:01:00.000Z",
  });
  beginHead(world, "cosmos", { ...head(), blocked });
  seal(1, [large(0, 1_000), small(1)]);
  expect(await deliver()).toBe("idle");
  expect(head()).toMatchObject({ nextBatch: 2, refused: 1_000 });
});

test("parts of which nothing is refused are delivered, however much was refused before", async () => {
  beginHead(world, "cosmos", { ...head(), refused: 1_500 });
  seal(1, range(9).map(small));
  expect(await deliver()).toBe("idle");
  expect(head()).toMatchObject({ nextBatch: 2, refused: 1_500 });
});

test("what is accepted when an operator asks to try again is refused no more", async () => {
  world.store.refuses = refuseLarge;
  seal(1, [large(0, 3)]);
  await deliver();
  expect(refusedFiles()).toBe(3);
  world.store.refuses = () => undefined;
  const id = "20260101T000000000Z-000001";
  const request = { version: 3, id, kind: "retry", sink: "cosmos" };
  world.lake.put(requestPath("flights", id), {
    ...{ ...request, createdAt: "2026-01-01T00:00:00.000Z" },
  });
  seal(2, [large(0, 3)]);
  expect(await deliver()).toBe("idle");
  expect(refusedFiles()).toBe(0);
  expect(head()).toMatchObject({ nextBatch: 3, refused: 0 });
});

test("a probe whose part is the last one ends a snapshot, however much of it is refused", async () => {
  world.store.refuses = refuseLarge;
  seal(1, [large(0, 1_001)], SNAPSHOT);
  expect(await deliver()).toBe("blocked");
  await bench.clock.advance(60_000);
  expect(await deliver()).toBe("idle");
  expect(head()).toMatchObject({ nextBatch: 2, refused: 1_001 });
}, 60_000);
