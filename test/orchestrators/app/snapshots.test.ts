import type { Line } from "../../../src/domain/documents.ts";
import {
  aRow,
  beginHead,
  deliverOver,
  deliverToTheEnd,
  headOf,
  sealBatch,
} from "../../support/app/delivering.ts";
import { runsOf } from "../../support/app/watching.ts";
import { aDefinition, aWorld, type World } from "../../support/app/world.ts";
import type { DurableBench } from "../../support/durable.ts";

let world: World;
let bench: DurableBench;
beforeEach(() => {
  world = aWorld();
  bench = deliverOver(world);
  beginHead(world, "cosmos");
});
afterEach(() => bench.close());

const definition = aDefinition({
  sinks: { cosmos: { kind: "cosmos", tables: ["routes"], settings: {} } },
});
const SNAPSHOT = { routes: "snapshot" } as const;

const seal = (batch: number, lines: readonly Line[], modes = {}): void =>
  sealBatch(world, batch, { definition, parts: { routes: [lines] }, modes });

const deliver = (): Promise<string> => deliverToTheEnd(world, bench, "cosmos");

const rows = (count: number): Line[] =>
  Array.from({ length: count }, (_, row) => aRow(`${row}`));

const live = (): number =>
  [...world.store.documents.values()].filter(({ deleted }) => !deleted).length;

test("ten runs of a removal are one generation, and the next one goes on with the rest", async () => {
  seal(1, rows(410), SNAPSHOT);
  await deliver();
  expect(runsOf(bench, "cosmosRemoveOlder")).toBe(1);
  const before = runsOf(bench, "prepareDelivery");
  // A run takes forty pages, of one document each: the eleventh takes nine, and finds no more.
  world.store.pageOfOlder = 1;
  seal(2, [aRow("0")], SNAPSHOT);
  expect(await deliver()).toBe("idle");
  expect(live()).toBe(1);
  expect(runsOf(bench, "cosmosRemoveOlder")).toBe(1 + 11);
  expect(runsOf(bench, "prepareDelivery") - before).toBe(3);
}, 30_000);

test("a removal that fails blocks the sink behind the parts that are written", async () => {
  seal(1, rows(3), SNAPSHOT);
  world.store.findOlder = () => Promise.reject(new Error("gone"));
  expect(await deliver()).toBe("blocked");
  expect(live()).toBe(3);
  expect(headOf(world, "cosmos")).toMatchObject({
    ...{ nextBatch: 1, deliveredParts: 1 },
    blocked: { code: "SINK_UNREACHABLE", failures: 1 },
  });
  expect(runsOf(bench, "cosmosRemoveOlder")).toBe(3);
});

test("changes remove nothing, and count nothing anew that was refused before", async () => {
  seal(1, rows(3), SNAPSHOT);
  await deliver();
  const removals = runsOf(bench, "cosmosRemoveOlder");
  const head = headOf(world, "cosmos");
  beginHead(world, "cosmos", { ...head, refused: 5 });
  seal(2, [aRow("9")]);
  const notes = runsOf(bench, "noteParts");
  expect(await deliver()).toBe("idle");
  expect(headOf(world, "cosmos")).toMatchObject({ nextBatch: 3, refused: 5 });
  expect(runsOf(bench, "cosmosRemoveOlder")).toBe(removals);
  expect(runsOf(bench, "noteParts")).toBe(notes);
  seal(3, [aRow("9")], SNAPSHOT);
  await deliver();
  expect(headOf(world, "cosmos")).toMatchObject({ nextBatch: 4, refused: 0 });
});

test("who finds the head moved while its containers are opened writes nothing", async () => {
  seal(1, rows(3), SNAPSHOT);
  world.store.findContainer = (name) => {
    beginHead(world, "cosmos", { nextBatch: 2 });
    return Promise.resolve(`rid-of-${name}`);
  };
  expect(await deliver()).toBe("lost");
  expect(live()).toBe(0);
  expect(runsOf(bench, "cosmosWritePart")).toBe(0);
});

test("a snapshot begins with one part, and goes on with eight at once where some of it is delivered", async () => {
  const notes = async (part: number): Promise<number> => {
    bench.close();
    world = aWorld();
    bench = deliverOver(world);
    const record = { containers: { routes: "rid-of-flights_routes" } };
    beginHead(world, "cosmos", { deliveredParts: part, record });
    const parts = Array.from({ length: 8 + part }, (_, at) => [aRow(`${at}`)]);
    sealBatch(world, 1, {
      definition,
      parts: { routes: parts },
      modes: SNAPSHOT,
    });
    expect(await deliver()).toBe("idle");
    return runsOf(bench, "noteParts");
  };
  expect(await notes(0)).toBe(2);
  expect(await notes(1)).toBe(1);
});
