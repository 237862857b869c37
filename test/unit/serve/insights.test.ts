import { setImmediate as nextTurn } from "node:timers/promises";
import type { ProcessedTable } from "../../../src/domain/records.ts";
import { findInsight } from "../../../src/serve/insights.ts";
import { apiOf } from "../../support/app/api.ts";
import { aTable, putHead, putProcessed } from "../../support/app/ended.ts";
import { putDocument } from "../../support/app/documents.ts";
import {
  aDefinition,
  aWorld,
  pipelinesOf,
  type World,
} from "../../support/app/world.ts";

/** The table's key has two parts, and a batch has reached the store. */
function aServingWorld(pipelines = pipelinesOf(aDefinition())): World {
  const world = aWorld({ pipelines });
  putProcessed(world, 1, { airport_delays: aTable("airport", "day") });
  putHead(world, "cosmos", 2);
  return world;
}

const put = (world: World, airport: string, day: string, more: object = {}) => {
  putDocument(world, "flights_airport_delays", [airport, day], {
    value: { airport, day },
    ...more,
  });
};

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
  const world = aServingWorld();
  put(world, "ORD", "2001-03-31");
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
  expect(await ask(world, ["ORD", "2001-03-31"], { known: ['"1"'] })).toEqual({
    unchanged: '"1"',
  });
});

test("a key that no document can have is not found, though the store would refuse the question; the longest one is", async () => {
  const world = aServingWorld();
  const longest = ["x".repeat(2048), "é".repeat(170) + "abc"] as const;
  put(world, ...longest);
  put(world, "\ufffd", "2001-03-31");
  const refuse = (): never => {
    throw new Error("The store refuses the question.");
  };
  const store = { ...world.store, read: refuse, page: refuse };
  const strict: World = { ...world, store };
  for (const key of [
    ["x".repeat(2049), "2001-03-31"],
    ["/".repeat(683), "2001-03-31"],
    ["ORD", "é".repeat(170) + "abcd"],
    ["\ud800", "2001-03-31"],
  ])
    await expect(ask(strict, key)).rejects.toMatchObject({
      code: "KEY_NOT_FOUND",
    });
  expect(await ask(strict, ["x".repeat(2049)])).toMatchObject({
    body: { items: [] },
  });
  expect(await ask(world, [...longest])).toMatchObject({
    body: { key: longest },
  });
});

test("the first part of a key pages through its rows, and deleted ones are not among them", async () => {
  const world = aServingWorld();
  const days = ["01", "02", "03", "04", "05"].map((day) => `2001-03-${day}`);
  for (const day of days) put(world, "ORD", day);
  put(world, "LAX", "2001-03-01");
  put(world, "ORD", "2001-03-09", { value: null, deleted: true });
  const seen: unknown[] = [];
  let after = "";
  do {
    const answer = await ask(world, ["ORD"], { limit: 2, after });
    if ("unchanged" in answer || !("items" in answer.body))
      throw new Error("That is no page.");
    const { items, continuation = "" } = answer.body;
    seen.push(...items.map(({ key }) => key[1]));
    after = Buffer.from(continuation, "base64url").toString();
  } while (after !== "");
  expect(seen).toEqual(days);
});

test("numbers that a double cannot hold are answered with all their digits, in rows and in pages", async () => {
  const world = aServingWorld();
  // As Cosmos DB gives them back: the value rounded, the digits beside it.
  put(world, "ORD", "2001-03-31", {
    value: {
      n: 9007199254740992,
      d: Number("12345678901234567.89"),
      small: 0.5,
      none: null,
    },
    exact: { n: "9007199254740993", d: "12345678901234567.89" },
  });
  const value =
    '{"n":9007199254740993,"d":12345678901234567.89,"small":0.5,"none":null}';
  const path = { pipeline: "flights", table: "airport_delays" };
  for (const key of ["ORD/2001-03-31", "ORD"]) {
    const { text } = await apiOf(world).ask("getInsight", { ...path, key });
    expect(text).toContain(`"value":${value}`);
  }
});

test("what is not there is told from what was asked wrongly", async () => {
  const world = aServingWorld();
  put(world, "ORD", "2001-03-31", { value: null, deleted: true });
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

const TURNED = ["day", "airport"];

/** A table of a batch whose key is turned: all of its rows, in so many parts. */
const turned = (parts: number): ProcessedTable => ({
  ...aTable(...TURNED),
  changes: Array.from({ length: parts }, (_, part) => ({
    ...{ path: `part-${part}.json`, rows: 1 },
  })),
});

/**
 * The package and batch 2 have the key (day, airport), batch 1 was delivered with (airport, day). Of batch 2 so many of
 * two parts are noted.
 */
function aTurningWorld(deliveredParts: number): World {
  const definition = aDefinition();
  const { airport_delays: table } = definition.gold;
  if (table === undefined) throw new Error("The definition lost its table.");
  const gold = {
    ...definition.gold,
    airport_delays: { ...table, key: TURNED },
  };
  const world = aServingWorld(pipelinesOf(aDefinition({ gold })));
  put(world, "ORD", "2001-03-31", { batch: 1 });
  put(world, "ORD", "2001-04-01", { batch: 1 });
  putProcessed(world, 2, { airport_delays: turned(2) });
  putHead(world, "cosmos", 2, { deliveredParts });
  return world;
}

const CHANGING = { code: "TABLE_CHANGING", status: 409 };

test("while a changed key is not delivered, documents are served by the key that they were written with", async () => {
  // Its delivery is blocked in the middle.
  for (const deliveredParts of [0, 1]) {
    const world = aTurningWorld(deliveredParts);
    expect(await ask(world, ["ORD", "2001-03-31"])).toMatchObject({
      body: { key: ["ORD", "2001-03-31"], value: { airport: "ORD" } },
    });
    expect(await ask(world, ["ORD"])).toMatchObject({
      body: { items: [{ key: ["ORD", "2001-03-31"] }, {}] },
    });
    await expect(ask(world, ["a", "b", "c"])).rejects.toMatchObject({
      code: "KEY_WRONG",
    });
  }
});

test("no row of the one key is given for a row of the other, though their documents have the same names", async () => {
  for (const deliveredParts of [0, 1]) {
    const world = aTurningWorld(deliveredParts);
    // Of the airport 2001-03-31 on the day ORD, so to say: written over the other, or a tombstone that it has left.
    put(world, "ORD", "2001-03-31", { batch: 2 });
    put(world, "LAX", "2001-03-31", { batch: 2, deleted: true, value: null });
    for (const key of [["ORD", "2001-03-31"], ["ORD"], ["LAX", "2001-03-31"]])
      await expect(ask(world, key)).rejects.toMatchObject(CHANGING);
    // Nobody knows of the batch yet: the documents tell.
    expect(await ask(world, ["ORD", "2001-04-01"])).toMatchObject({
      body: { asOf: { batch: 1 } },
    });
  }
});

test("between a sink's last part and the move of its head nothing is said of what is being removed", async () => {
  const world = aTurningWorld(2);
  for (const key of [["ORD", "2001-03-31"], ["ORD"], ["SFO"]])
    await expect(ask(world, key)).rejects.toMatchObject(CHANGING);
  // Another process may have looked at the head a moment before.
  const before = aTurningWorld(1);
  await ask(before, ["ORD"]);
  putHead(before, "cosmos", 2, { deliveredParts: 2 });
  before.store.documents.clear();
  await expect(ask(before, ["ORD"])).rejects.toMatchObject(CHANGING);
  putHead(before, "cosmos", 3);
  await expect(ask(before, ["ORD"])).rejects.toMatchObject(CHANGING);
  before.clock.now += 1_000;
  await ask(before, ["2001-03-31"]).catch(() => undefined);
  await nextTurn();
  put(before, "2001-03-31", "ORD", { batch: 2 });
  expect(await ask(before, ["2001-03-31"])).toMatchObject({
    body: { items: [{ key: ["2001-03-31", "ORD"] }] },
  });
});

test("documents of a batch that is delivered just now are served where it leaves the key as it was", async () => {
  const world = aServingWorld();
  putProcessed(world, 2, { airport_delays: aTable("airport", "day") });
  putHead(world, "cosmos", 2, { deliveredParts: 1 });
  put(world, "ORD", "2001-03-31", { batch: 2 });
  expect(await ask(world, ["ORD", "2001-03-31"])).toMatchObject({
    body: { asOf: { batch: 2 } },
  });
  const reads = world.lake.counts.get("read");
  for (const key of [["ORD"], ["ORD", "2001-03-31"]]) await ask(world, key);
  expect(world.lake.counts.get("read")).toBe(reads);
});
