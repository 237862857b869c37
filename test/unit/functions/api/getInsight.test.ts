import { apiOf } from "../../../support/app/api.ts";
import { aTable, putHead, putProcessed } from "../../../support/app/ended.ts";
import { aWorld } from "../../../support/app/world.ts";

const PAGE = { pipeline: "flights", table: "airport_delays", key: "ORD" };

const ask = (query: Record<string, string>, params = PAGE) => {
  const world = aWorld();
  putProcessed(world, 1, { airport_delays: aTable("airport", "day") });
  putHead(world, "cosmos", 2);
  return apiOf(world).ask("getInsight", params, { query });
};

test("a continuation that no answer gave is refused", async () => {
  for (const continuation of ["{}", "a", "MjAwMQ==", "_w", "M jAw"])
    expect(await ask({ continuation })).toMatchObject({
      status: 400,
      body: { code: "QUERY_WRONG", detail: `continuation is ${continuation}.` },
    });
});

test("a continuation that an answer gave, and none, are pages", async () => {
  const continuation = Buffer.from("2001-03-31").toString("base64url");
  for (const query of [{ continuation }, { continuation: "" }, {}])
    expect(await ask(query)).toMatchObject({ status: 200 });
});

test("a limit is a whole number up to a thousand", async () => {
  for (const limit of ["0", "1001", "x", "1.5", ""])
    expect(await ask({ limit })).toMatchObject({
      status: 400,
      body: { code: "QUERY_WRONG", detail: `limit is ${limit}.` },
    });
  expect(await ask({ limit: "1000" })).toMatchObject({ status: 200 });
});

test("a query that the route does not know, such as the host's key, is left alone", async () => {
  expect(await ask({ code: "secret" })).toMatchObject({ status: 200 });
});

test("a path without a key is refused as one", async () => {
  const { pipeline, table } = PAGE;
  expect(await ask({}, { pipeline, table } as typeof PAGE)).toMatchObject({
    status: 400,
    body: { code: "KEY_WRONG" },
  });
});

test("a slash that the host left encoded belongs to its part of the key", async () => {
  const answer = await ask({}, { ...PAGE, key: "A%2FB" });
  expect(answer.body).toMatchObject({ key: ["A/B"] });
});
