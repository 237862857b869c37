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

test("while a changed key is not delivered, documents are served by the key that they were written with", async () => {
  // The package and the newest batch have another key; its delivery is blocked.
  const definition = aDefinition();
  const { airport_delays: table } = definition.gold;
  if (table === undefined) throw new Error("The definition lost its table.");
  const turned = { ...table, key: ["day", "airport", "hour"] };
  const gold = { ...definition.gold, airport_delays: turned };
  const world = aServingWorld(pipelinesOf(aDefinition({ gold })));
  put(world, "ORD", "2001-03-31");
  putProcessed(world, 2, {
    airport_delays: aTable("day", "airport", "hour"),
  });
  putHead(world, "cosmos", 2, { deliveredParts: 1 });
  expect(await ask(world, ["ORD", "2001-03-31"])).toMatchObject({
    body: { key: ["ORD", "2001-03-31"], value: { airport: "ORD" } },
  });
  expect(await ask(world, ["ORD"])).toMatchObject({
    body: { items: [{ key: ["ORD", "2001-03-31"] }] },
  });
  await expect(ask(world, ["2001-03-31", "ORD", "12"])).rejects.toMatchObject({
    code: "KEY_WRONG",
  });
});
