import type { Line } from "../../../src/domain/documents.ts";
import { batchPaths, requestPath } from "../../../src/domain/paths.ts";
import {
  aRow,
  beginHead,
  deliverOver,
  deliverToTheEnd,
  headOf,
  sealBatch,
  type DeliverOptions,
} from "../../support/app/delivering.ts";
import { longestHistory, runsOf } from "../../support/app/watching.ts";
import { aDefinition, aWorld, type World } from "../../support/app/world.ts";
import type { DurableBench } from "../../support/durable.ts";

let bench: DurableBench;
afterEach(() => bench.close());

/** What the first batch owes to a new sink. */
const FIRST = { airport_delays: "snapshot", routes: "snapshot" } as const;

const withNotify = (after?: string) =>
  aDefinition({
    sinks: {
      cosmos: { kind: "cosmos", tables: ["airport_delays"], settings: {} },
      notify: {
        kind: "notify",
        tables: ["airport_delays"],
        ...(after === undefined ? {} : { after }),
        settings: {},
      },
    },
  });

/** A world whose notify sink has its settings, and what it sends. */
function aListeningWorld() {
  const world = aWorld();
  const sent: { batch: number; headers: Readonly<Record<string, string>> }[] =
    [];
  Object.assign(world.config, {
    sinkSetting: (name: string) =>
      ({
        NOTIFY_FLIGHTS_NOTIFY_URL: "https://receiver.example/hook",
        NOTIFY_FLIGHTS_NOTIFY_SECRET: "whsec_c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0",
      })[name],
  });
  world.webhooks.post = (_url, headers, body) => {
    const { data } = JSON.parse(body) as { data: { batch: number } };
    sent.push({ batch: data.batch, headers });
    return Promise.resolve(204);
  };
  return { world, sent };
}

const days = (first: number, count: number): Line[] =>
  Array.from({ length: count }, (_, index) =>
    aRow(`day-${String(first + index).padStart(5, "0")}`),
  );

const served = (world: World): Record<string, number> =>
  Object.fromEntries(
    [...world.store.documents.values()]
      .filter(({ deleted }) => !deleted)
      .map(({ id, batch }) => [id, batch]),
  );

test("batches are delivered in order, and the head says how far", async () => {
  const world = aWorld();
  bench = deliverOver(world);
  beginHead(world, "cosmos");
  sealBatch(world, 1, {
    parts: { airport_delays: [[aRow("a"), aRow("b")]] },
    modes: FIRST,
  });
  sealBatch(world, 2, {
    parts: {
      airport_delays: [
        [aRow("b"), { op: "delete", key: ["ORD", "a"] }, aRow("c")],
      ],
    },
  });
  expect(await deliverToTheEnd(world, bench, "cosmos")).toBe("idle");
  expect(served(world)).toEqual({ b: 2, c: 2 });
  expect(headOf(world, "cosmos")).toMatchObject({
    nextBatch: 3,
    deliveredParts: 0,
    refused: 0,
    record: {
      containers: { airport_delays: "rid-of-flights_airport_delays" },
    },
  });
});

test("parts go in waves of eight that are noted, and a killed delivery goes on with the next wave", async () => {
  const world = aWorld();
  bench = deliverOver(world);
  beginHead(world, "cosmos", {
    record: {
      containers: {
        airport_delays: "rid-of-flights_airport_delays",
        routes: "rid-of-flights_routes",
      },
    },
  });
  sealBatch(world, 1, {
    parts: {
      airport_delays: Array.from({ length: 60 }, (_, part) =>
        days(part * 10, 10),
      ),
    },
  });
  const write = world.store.write.bind(world.store);
  let writes = 0;
  world.store.write = (...parameters) => {
    writes += 1;
    if (writes === 20) bench.killAndRestart();
    return write(...parameters);
  };
  expect(await deliverToTheEnd(world, bench, "cosmos")).toBe("idle");
  expect(Object.keys(served(world))).toHaveLength(600);
  expect(headOf(world, "cosmos")).toMatchObject({
    nextBatch: 2,
    deliveredParts: 0,
  });
  expect(runsOf(bench, "cosmosWritePart")).toBeLessThanOrEqual(60 + 8);
  expect(longestHistory(bench)).toBeLessThanOrEqual(100 + 3 * 8);
}, 30_000);

test("a sink that fails is blocked after a while, and holds no other sink up but the one that waits for it", async () => {
  const { world, sent } = aListeningWorld();
  bench = deliverOver(world);
  const definition = aDefinition({
    sinks: {
      ...withNotify().sinks,
      notify_later: {
        kind: "notify",
        tables: ["airport_delays"],
        after: "cosmos",
        settings: {},
      },
    },
  });
  const settings = world.config.sinkSetting;
  Object.assign(world.config, {
    sinkSetting: (name: string) => settings(name.replace("_LATER", "")),
  });
  for (const sink of ["cosmos", "notify", "notify_later"])
    beginHead(world, sink);
  for (const batch of [1, 2, 3])
    sealBatch(world, batch, {
      definition,
      parts: { airport_delays: [[aRow(`day-${batch}`)]] },
      modes: batch === 1 ? FIRST : {},
    });
  world.store.refuses = () => ({ status: 503, substatus: 0 });
  expect(await deliverToTheEnd(world, bench, "cosmos")).toBe("blocked");
  expect(headOf(world, "cosmos")?.blocked).toMatchObject({
    code: "STORE_REFUSED",
    fault: "theirs",
    failures: 1,
    message: "flights_airport_delays answered 503 to a create.",
  });
  expect(await deliverToTheEnd(world, bench, "notify")).toBe("idle");
  expect(sent.map(({ batch }) => batch)).toEqual([1, 2, 3]);
  expect(await deliverToTheEnd(world, bench, "notify_later")).toBe("waiting");
  expect(sent).toHaveLength(3);

  world.store.refuses = () => undefined;
  expect(await deliverToTheEnd(world, bench, "cosmos")).toBe("blocked");
  await bench.clock.advance(60_000);
  expect(await deliverToTheEnd(world, bench, "cosmos")).toBe("idle");
  expect(headOf(world, "cosmos")).toMatchObject({ nextBatch: 4 });
  expect(headOf(world, "cosmos")?.blocked).toBeUndefined();
  expect(sent.map(({ batch }) => batch)).toEqual([1, 2, 3, 1, 2, 3]);
  expect(headOf(world, "notify_later")).toMatchObject({ nextBatch: 4 });
}, 30_000);

test("a probe is one part, and each one that fails doubles the wait", async () => {
  const world = aWorld();
  bench = deliverOver(world);
  beginHead(world, "cosmos");
  sealBatch(world, 1, {
    parts: { airport_delays: [days(0, 2), days(2, 2), days(4, 2)] },
    modes: FIRST,
  });
  world.store.refuses = () => ({ status: 503, substatus: 0 });
  await deliverToTheEnd(world, bench, "cosmos");
  const first = headOf(world, "cosmos")?.blocked;
  const runs = runsOf(bench, "cosmosWritePart");
  await bench.clock.advance(60_000);
  await deliverToTheEnd(world, bench, "cosmos");
  expect(runsOf(bench, "cosmosWritePart")).toBe(runs + 1);
  const second = headOf(world, "cosmos")?.blocked;
  expect(second).toMatchObject({ since: first?.since, failures: 2 });
  const waited =
    Date.parse(second?.retryAt ?? "") - Date.parse(first?.retryAt ?? "");
  expect(waited).toBeGreaterThanOrEqual(120_000);
  expect(await deliverToTheEnd(world, bench, "cosmos")).toBe("blocked");
  expect(runsOf(bench, "cosmosWritePart")).toBe(runs + 1);
}, 30_000);

test("an operator's retry frees a blocked sink, and the request is removed", async () => {
  const world = aWorld();
  bench = deliverOver(world);
  beginHead(world, "cosmos");
  sealBatch(world, 1, {
    parts: { airport_delays: [[aRow("a")]] },
    modes: FIRST,
  });
  world.store.refuses = () => ({ status: 503, substatus: 0 });
  await deliverToTheEnd(world, bench, "cosmos");
  world.store.refuses = () => undefined;
  const id = "20260101T000000000Z-000001";
  const path = requestPath("flights", id);
  world.lake.put(path, {
    version: 3,
    id,
    createdAt: "2026-01-01T00:00:00.000Z",
    kind: "retry",
    sink: "cosmos",
  });
  expect(await deliverToTheEnd(world, bench, "cosmos")).toBe("idle");
  expect(served(world)).toEqual({ a: 1 });
  expect(world.lake.json(path)).toBeNull();
}, 30_000);

test("a sink that is removed finishes its batches, is retired, and begins anew when a batch names it again", async () => {
  const { world, sent } = aListeningWorld();
  bench = deliverOver(world);
  beginHead(world, "cosmos");
  beginHead(world, "notify");
  const both = withNotify();
  const { cosmos } = both.sinks;
  const alone = aDefinition({ sinks: cosmos ? { cosmos } : {} });
  sealBatch(world, 1, { definition: both });
  sealBatch(world, 2, { definition: alone });
  expect(await deliverToTheEnd(world, bench, "notify")).toBe("retired");
  expect(sent.map(({ batch }) => batch)).toEqual([1]);
  expect(headOf(world, "notify")).toMatchObject({ nextBatch: 3 });
  expect(headOf(world, "notify")?.retiredAt).toBeDefined();
  sealBatch(world, 3, { definition: both });
  expect(await deliverToTheEnd(world, bench, "notify")).toBe("idle");
  expect(sent.map(({ batch }) => batch)).toEqual([1, 3]);
  expect(headOf(world, "notify")?.retiredAt).toBeUndefined();
});

test("skipped batches are passed over, and whoever waits for the sink goes on", async () => {
  const { world, sent } = aListeningWorld();
  bench = deliverOver(world);
  const definition = withNotify("cosmos");
  beginHead(world, "cosmos", { nextBatch: 1 });
  beginHead(world, "notify");
  world.lake.put(batchPaths("flights", 1).skipped, {
    version: 3,
    batch: 1,
    skippedAt: "2026-01-01T00:00:00.000Z",
    request: "20260101T000000000Z-000001",
    sources: {},
  });
  sealBatch(world, 2, { definition, modes: FIRST });
  expect(await deliverToTheEnd(world, bench, "cosmos")).toBe("idle");
  expect(sent.map(({ batch }) => batch)).toEqual([2]);
  expect(headOf(world, "notify")).toMatchObject({ nextBatch: 3 });
});

test("of two that deliver one batch the loser stops", async () => {
  const world = aWorld();
  bench = deliverOver(world);
  beginHead(world, "cosmos");
  sealBatch(world, 1, {
    parts: { airport_delays: [[aRow("a")]] },
    modes: FIRST,
  });
  const write = world.store.write.bind(world.store);
  world.store.write = (...parameters) => {
    const head = headOf(world, "cosmos");
    // The other one, with a clock of its own, is done with the batch.
    beginHead(world, "cosmos", { ...head, nextBatch: 2, deliveredParts: 0 });
    return write(...parameters);
  };
  expect(await deliverToTheEnd(world, bench, "cosmos")).toBe("lost");
  expect(headOf(world, "cosmos")).toMatchObject({
    nextBatch: 2,
    deliveredParts: 0,
  });
});

/** Two batches to two sinks, one of which waits for the other: what is served and sent in the end. */
async function deliverTwoBatches(options: DeliverOptions) {
  const { world, sent } = aListeningWorld();
  bench = deliverOver(world, options);
  const definition = withNotify("cosmos");
  beginHead(world, "cosmos");
  beginHead(world, "notify");
  sealBatch(world, 1, {
    definition,
    parts: { airport_delays: [[aRow("a"), aRow("b")], [aRow("c")]] },
    modes: FIRST,
  });
  sealBatch(world, 2, {
    definition,
    parts: { airport_delays: [[{ op: "delete", key: ["ORD", "a"] }]] },
  });
  await deliverToTheEnd(world, bench, "cosmos");
  const { documents } = world.store;
  return {
    documents: [...documents.values()].map((document) => ({
      ...document,
      _etag: "",
    })),
    notified: [...new Set(sent.map(({ batch }) => batch))],
    heads: ["cosmos", "notify"].map((sink) => headOf(world, sink)?.nextBatch),
  };
}

test("every activity of a delivery may run twice", async () => {
  const once = await deliverTwoBatches({});
  bench.close();
  expect(await deliverTwoBatches({ times: 2 })).toEqual(once);
  expect(once.heads).toEqual([3, 3]);
});

test("whichever activity a kill strikes, every document and every announcement comes through", async () => {
  const whole = await deliverTwoBatches({});
  const activities = bench.trace.runs.length;
  expect(activities).toBeGreaterThan(12);
  for (let killedAfter = 1; killedAfter <= activities; killedAfter += 1) {
    bench.close();
    expect(await deliverTwoBatches({ killedAfter })).toEqual(whole);
    expect(bench.trace.runs.length).toBeGreaterThan(activities);
  }
}, 60_000);

test("change sets go when all sinks have passed them and the newest twenty batches are kept", async () => {
  const { world } = aListeningWorld();
  bench = deliverOver(world);
  const definition = withNotify();
  beginHead(world, "cosmos");
  beginHead(world, "notify");
  const newest = 23;
  for (let batch = 1; batch <= newest; batch += 1)
    sealBatch(world, batch, {
      definition,
      parts: { airport_delays: [[aRow(`day-${batch}`)]] },
      modes: batch === 1 ? FIRST : {},
    });
  const kept = (): number[] =>
    Array.from({ length: newest }, (_, index) => index + 1).filter((batch) =>
      [...world.lake.files.keys()].some((path) =>
        path.startsWith(`${batchPaths("flights", batch).work}/`),
      ),
    );
  await deliverToTheEnd(world, bench, "cosmos");
  expect(kept()).toHaveLength(newest);
  await deliverToTheEnd(world, bench, "notify");
  expect(kept()).toEqual(Array.from({ length: 20 }, (_, index) => index + 4));
}, 30_000);
