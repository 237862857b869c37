import { apiOf } from "../../../support/app/api.ts";
import { aTable, putHead, putProcessed } from "../../../support/app/ended.ts";
import { putDocument } from "../../../support/app/documents.ts";
import { aWorld, type World } from "../../../support/app/world.ts";

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

/** A serving world with a document of this key. */
function aWorldWith(...key: string[]): World {
  const world = aWorld();
  putProcessed(world, 1, { airport_delays: aTable("airport", "day") });
  putHead(world, "cosmos", 2);
  putDocument(world, "flights_airport_delays", key, { value: { n: 1 } });
  return world;
}

test("a key as a JSON array in the query holds what no path can", async () => {
  for (const key of [
    ["..", "."],
    ["A/B", "%2F"],
    ["a b", "é"],
    ["ORD", "x,y"],
  ]) {
    const query = { key: JSON.stringify(key) };
    const answer = await apiOf(aWorldWith(...key)).ask(
      "getInsight",
      { ...PAGE, key: "" },
      { query },
    );
    expect(answer).toMatchObject({
      status: 200,
      body: { key, value: { n: 1 } },
    });
  }
});

test("a key in the query that is no array of texts, or stands beside one in the path, is refused", async () => {
  for (const key of ["ORD", '"ORD"', "[1]", "{}", ""])
    expect(await ask({ key }, { ...PAGE, key: "" })).toMatchObject({
      status: 400,
      body: { code: "QUERY_WRONG", detail: `key is ${key}.` },
    });
  for (const [key, inPath] of [
    ['["ORD"]', "ORD"],
    ["[]", ""],
    ['["ORD",""]', ""],
  ] as const)
    expect(await ask({ key }, { ...PAGE, key: inPath })).toMatchObject({
      status: 400,
      body: { code: "KEY_WRONG" },
    });
});

test("a caller that has the row's tag, weak, in a list or as any, is sent nothing but the tag", async () => {
  const api = apiOf(aWorldWith("ORD", "1"));
  const read = (etag?: string) =>
    api.ask(
      "getInsight",
      { ...PAGE, key: "ORD/1" },
      etag === undefined ? {} : { etag },
    );
  const { headers } = await read();
  const tag = headers.get("etag") ?? "";
  expect(tag).toMatch(/^".+"$/);
  for (const has of [tag, `W/${tag}`, `"x", W/${tag}`, `"a,b",${tag}`, "*"]) {
    const answer = await read(has);
    expect(answer).toMatchObject({ status: 304, text: "" });
    expect(answer.headers.get("etag")).toBe(tag);
  }
  for (const has of ['"x"', 'W/"x"', '"x", "y"', "x", tag.slice(1, -1)])
    expect(await read(has)).toMatchObject({ status: 200 });
});

test("a row that is not there is not found, whatever tags the caller has", async () => {
  for (const etag of ["*", '"1"', '"1", "2"'])
    expect(
      await apiOf(aWorldWith("ORD", "1")).ask(
        "getInsight",
        { ...PAGE, key: "ORD/2" },
        { etag },
      ),
    ).toMatchObject({ status: 404, body: { code: "KEY_NOT_FOUND" } });
});
