import { batchPaths, definitionPath } from "../../../src/domain/paths.ts";
import { ensureHeads } from "../../../src/ledger/heads.ts";
import { findDueSinks } from "../../../src/sinks/findDueSinks.ts";
import { sinkKinds } from "../../../src/sinks/index.ts";
import {
  aRow,
  beginHead,
  deliverOver,
  deliverToTheEnd,
  headOf,
  sealBatch,
} from "../../support/app/delivering.ts";
import {
  aDefinition,
  aWorld,
  pipelinesOf,
  type World,
} from "../../support/app/world.ts";
import type { DurableBench } from "../../support/durable.ts";

let world: World;
let bench: DurableBench;
let sent: number[];
beforeEach(() => {
  world = aWorld();
  sent = [];
  Object.assign(world.config, {
    sinkSetting: (name: string) =>
      name.endsWith("_URL")
        ? "https://receiver.example/hook"
        : "whsec_c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0",
  });
  world.webhooks.post = (_url, _headers, body) => {
    const { data } = JSON.parse(body) as { data: { batch: number } };
    sent.push(data.batch);
    return Promise.resolve(204);
  };
  bench = deliverOver(world);
});
afterEach(() => bench.close());

const cosmos = { kind: "cosmos", tables: ["airport_delays"], settings: {} };
const notify = { kind: "notify", tables: ["airport_delays"], settings: {} };
const both = aDefinition({
  sinks: { cosmos, notify: { ...notify, after: "cosmos" } },
});
const onlyNotify = aDefinition({ sinks: { notify } });

const package_ = (definition: typeof both): void => {
  Object.assign(world, { pipelines: pipelinesOf(definition) });
};

const SNAPSHOT = { airport_delays: "snapshot" } as const;

const seal = (
  batch: number,
  definition: typeof both,
  days: readonly string[],
  modes = {},
): void =>
  sealBatch(world, batch, {
    definition,
    parts: { airport_delays: [days.map((day) => aRow(day))] },
    modes,
  });

/** Plans a batch, and leaves it without an end. */
function plan(batch: number, definition: typeof both): void {
  const { digest } = definition;
  world.lake.put(definitionPath("flights", digest), definition);
  world.lake.put(batchPaths("flights", batch).manifest, {
    version: 3,
    pipeline: "flights",
    incarnation: "20260101T000000000Z-abcdef",
    batch,
    kind: "regular",
    definition: digest,
    createdAt: "2026-01-01T00:00:00.000Z",
    slices: [],
    files: [],
    ends: {},
    reloads: [],
    requests: [],
  });
}

const deliver = (sink: string) => deliverToTheEnd(world, bench, sink);

const served = () =>
  [...world.store.documents.values()]
    .map(({ id, batch }) => `${id}@${batch}`)
    .sort();

/** Cosmos lags, the second batch does not name it, the third is planned and does. */
async function nameAgain(): Promise<void> {
  beginHead(world, "cosmos");
  beginHead(world, "notify", { nextBatch: 3 });
  seal(1, both, ["a"], SNAPSHOT);
  seal(2, onlyNotify, ["b"]);
  await ensureHeads(world, both, 3);
  plan(3, both);
}

test.each([
  ["the newest manifest names it", onlyNotify],
  ["the package names it", both],
])(
  "a sink that catches up after it was named again is not retired: %s",
  async (_, packaged) => {
    package_(packaged);
    await nameAgain();
    if (packaged === both)
      world.lake.files.delete(batchPaths("flights", 3).manifest);
    expect(await deliver("cosmos")).toBe("idle");
    expect(headOf(world, "cosmos")).toMatchObject({ nextBatch: 3 });
    expect(headOf(world, "cosmos")?.retiredAt).toBeUndefined();
  },
);

test("a batch that was unblocked with a definition that names the sink keeps it at work", async () => {
  package_(onlyNotify);
  await nameAgain();
  plan(3, onlyNotify);
  world.lake.put(batchPaths("flights", 3).definition, {
    version: 3,
    definition: both.digest,
    firstAttempt: 2,
  });
  expect(await deliver("cosmos")).toBe("idle");
  expect(headOf(world, "cosmos")?.retiredAt).toBeUndefined();
});

/** It was retired between the look of the planner at its head and the manifest. */
async function retireTooLate(): Promise<void> {
  await nameAgain();
  seal(3, both, ["a", "b", "c"], SNAPSHOT);
  beginHead(world, "cosmos", {
    nextBatch: 3,
    retiredAt: "2026-01-01T00:00:00.000Z",
  });
}

test("a sink that was retired too late is started by the sweep, and whoever waits for it waits", async () => {
  package_(both);
  await retireTooLate();
  expect(await findDueSinks(world, "flights")).toContain("cosmos");
  expect(await deliver("notify")).toBe("waiting");
  expect(sent).toEqual([]);
  expect(await deliver("cosmos")).toBe("idle");
  expect(served()).toEqual(["a@3", "b@3", "c@3"]);
  expect(sent).toEqual([3]);
});

test("the plan of the next batch does not take a sink past a batch that names it", async () => {
  package_(both);
  await retireTooLate();
  await ensureHeads(world, both, 4);
  expect(headOf(world, "cosmos")).toMatchObject({ nextBatch: 3 });
  expect(headOf(world, "cosmos")?.retiredAt).toBeUndefined();
  seal(4, both, ["d"]);
  expect(await deliver("cosmos")).toBe("idle");
  expect(served()).toEqual(["a@3", "b@3", "c@3", "d@4"]);
});

const withoutNotify = () => {
  bench.close();
  const kinds = Object.fromEntries(
    Object.entries(sinkKinds).filter(([kind]) => kind !== "notify"),
  );
  bench = deliverOver(world, { kinds });
};

test("an instance that has not the kind of a sink keeps its place, and one that has it goes on at once", async () => {
  beginHead(world, "notify");
  seal(1, onlyNotify, ["a"]);
  plan(2, onlyNotify);
  // The older version's package does not name the sink, either.
  package_(aDefinition({ sinks: { cosmos } }));
  withoutNotify();
  expect(await deliver("notify")).toBe("blocked");
  expect(headOf(world, "notify")).toMatchObject({
    nextBatch: 1,
    blocked: { code: "SINK_KIND_UNKNOWN", fault: "ours", failures: 1 },
  });
  bench.close();
  bench = deliverOver(world);
  expect(await deliver("notify")).toBe("idle");
  expect(sent).toEqual([1]);
  expect(headOf(world, "notify")?.blocked).toBeUndefined();
});

test("a sink whose kind is gone, and that nothing names any more, is retired with a warning and holds none up", async () => {
  const turned = aDefinition({
    sinks: { notify, cosmos: { ...cosmos, after: "notify" } },
  });
  const alone = aDefinition({ sinks: { cosmos } });
  beginHead(world, "cosmos");
  beginHead(world, "notify");
  seal(1, turned, ["a"], SNAPSHOT);
  seal(2, alone, ["b"]);
  package_(alone);
  withoutNotify();
  expect(await deliver("notify")).toBe("retired");
  expect(headOf(world, "notify")?.retiredAt).toBeDefined();
  expect(world.logged.map(({ event }) => event)).toContain("sink.kindUnknown");
  expect(await findDueSinks(world, "flights")).toEqual(["cosmos"]);
  expect(await deliver("cosmos")).toBe("idle");
  expect(served()).toEqual(["a@1", "b@2"]);
});

/** The batches whose change sets are there, of as many. */
const keptOf = (batches: number): number[] =>
  Array.from({ length: batches }, (_, index) => index + 1).filter((batch) =>
    [...world.lake.files.keys()].some((path) =>
      path.startsWith(`${batchPaths("flights", batch).work}/`),
    ),
  );

test.each([
  ["that nobody else is owed", 230, 230, 211],
  ["but what another sink has still to deliver", 230, 100, 100],
])(
  "a sink that is given up takes its change sets along, however many they are, %s",
  async (_, newest, other, firstKept) => {
    const turned = aDefinition({ sinks: { cosmos, notify } });
    beginHead(world, "cosmos", { nextBatch: other });
    beginHead(world, "notify");
    for (let batch = 1; batch < newest; batch += 1) seal(batch, turned, ["a"]);
    const alone = aDefinition({ sinks: { cosmos } });
    seal(newest, alone, ["a"]);
    package_(alone);
    withoutNotify();
    expect(await deliver("notify")).toBe("retired");
    expect(headOf(world, "notify")).toMatchObject({ nextBatch: newest });
    const kept = Array.from(
      { length: newest - firstKept + 1 },
      (_, index) => firstKept + index,
    );
    expect(keptOf(newest)).toEqual(kept);
  },
);

test("whoever gives a sink up and is too late removes nothing of what another one delivers", async () => {
  beginHead(world, "notify");
  for (let batch = 1; batch < 30; batch += 1) seal(batch, onlyNotify, ["a"]);
  const alone = aDefinition({ sinks: { cosmos } });
  seal(30, alone, ["a"]);
  package_(alone);
  withoutNotify();
  const replace = world.lake.replace.bind(world.lake);
  world.lake.replace = async (path, content, etag) => {
    if (path.endsWith("/notify/head.json"))
      beginHead(world, "notify", { deliveredParts: 1 });
    return replace(path, content, etag);
  };
  expect(await deliver("notify")).toBe("lost");
  expect(keptOf(30)).toHaveLength(30);
});
