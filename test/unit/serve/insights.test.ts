import { describeRun, describeRuns } from "../../../src/serve/batches.ts";
import { findInsight } from "../../../src/serve/insights.ts";
import { documentOf, type Change } from "../../../src/domain/documents.ts";
import { fenceOf } from "../../../src/domain/fences.ts";
import { batchPaths } from "../../../src/domain/paths.ts";
import { aWorld, type World } from "../../support/app/world.ts";

const FENCE = fenceOf("20260101T000000000Z-abcdef", 7);

async function serve(world: World, ...changes: Change[]): Promise<void> {
  await world.store.write(
    "flights_airport_delays",
    changes.map((change) => ({
      kind: "create",
      document: documentOf(change, 7, FENCE),
    })),
  );
}

const row = (airport: string, day: string): Change => ({
  op: "upsert",
  key: [airport, day],
  value: { airport, day },
});

const ask = (world: World, key: string[], more: object = {}) =>
  findInsight(world, {
    pipeline: "flights",
    table: "airport_delays",
    key,
    limit: 100,
    after: "",
    ...more,
  });

test("a full key is one row, with the batch that it is as of and an ETag", async () => {
  const world = aWorld();
  await serve(world, row("ORD", "2001-03-31"));
  const answer = await ask(world, ["ORD", "2001-03-31"]);
  expect(answer).toEqual({
    body: {
      pipeline: "flights",
      table: "airport_delays",
      key: ["ORD", "2001-03-31"],
      value: { airport: "ORD", day: "2001-03-31" },
      asOf: { batch: 7 },
    },
    etag: '"1"',
  });
  expect(await ask(world, ["ORD", "2001-03-31"], { etag: '"1"' })).toBe(
    "unchanged",
  );
});

test("the first part of a key pages through its rows, and deleted ones are not among them", async () => {
  const world = aWorld();
  const days = ["01", "02", "03", "04", "05"].map((day) => `2001-03-${day}`);
  await serve(
    world,
    ...days.map((day) => row("ORD", day)),
    row("LAX", "2001-03-01"),
  );
  await serve(world, { op: "delete", key: ["ORD", "2001-03-09"] });
  const seen: unknown[] = [];
  let after = "";
  do {
    const answer = (await ask(world, ["ORD"], { limit: 2, after })) as {
      body: { items: { key: string[] }[]; continuation?: string };
    };
    seen.push(...answer.body.items.map(({ key }) => key[1]));
    after = Buffer.from(answer.body.continuation ?? "", "base64url").toString();
  } while (after !== "");
  expect(seen).toEqual(days);
});

test("what is not there is told from what was asked wrongly", async () => {
  const world = aWorld();
  await serve(world, { op: "delete", key: ["ORD", "2001-03-31"] });
  await expect(ask(world, ["ORD", "2001-03-31"])).rejects.toMatchObject({
    code: "KEY_NOT_FOUND",
    status: 404,
  });
  await expect(ask(world, ["ORD", "2001-03-30"])).rejects.toMatchObject({
    code: "KEY_NOT_FOUND",
  });
  await expect(ask(world, ["ORD", "x", "y"])).rejects.toMatchObject({
    code: "KEY_WRONG",
    status: 400,
  });
  await expect(ask(world, [])).rejects.toMatchObject({ code: "KEY_WRONG" });
  await expect(ask(world, ["ORD"], { table: "none" })).rejects.toMatchObject({
    code: "TABLE_UNKNOWN",
  });
  await expect(ask(world, ["ORD"], { pipeline: "none" })).rejects.toMatchObject(
    { code: "PIPELINE_UNKNOWN" },
  );
});

test("the state of a batch is told from the documents that it has", async () => {
  const world = aWorld();
  const manifest = {
    batch: 1,
    kind: "regular",
    definition: "d",
    createdAt: "t",
    ends: {},
    slices: [],
    files: [],
  };
  const paths = batchPaths("flights", 1);
  const state = async () =>
    (await describeRuns(world, "flights")).runs.map((run) => run.state);
  expect(await state()).toEqual([]);
  world.lake.put(paths.manifest, manifest);
  expect(await state()).toEqual(["planned"]);
  world.lake.put(paths.attempt("process", 1), {});
  expect(await state()).toEqual(["running"]);
  world.lake.put(paths.blocked, {
    version: 1,
    code: "X",
    message: "m",
    definition: "d",
    reason: "job",
  });
  expect(await describeRun(world, "flights", 1)).toMatchObject({
    state: "blocked",
    blocked: { code: "X" },
  });
  world.lake.files.delete(paths.blocked);
  world.lake.put(paths.process, {
    sources: {},
    gold: { airport_delays: { rows: 3, changes: [] } },
  });
  expect(await describeRun(world, "flights", 1)).toMatchObject({
    state: "publishing",
    gold: { airport_delays: { rows: 3 } },
  });
  world.lake.put(paths.done, { seconds: { process: 1, publish: 2 } });
  expect(await describeRun(world, "flights", 1)).toMatchObject({
    state: "done",
    seconds: { process: 1, publish: 2 },
  });
  await expect(describeRun(world, "flights", 2)).rejects.toMatchObject({
    code: "BATCH_UNKNOWN",
  });
});
