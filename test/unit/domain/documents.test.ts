import {
  containerOf,
  documentOf,
  idPrefix,
  keyOfDocument,
  tombstoneOf,
} from "../../../src/domain/documents.ts";

const FENCE = "20260101T000000000Z-abcdef/0000000007";

test("a row becomes a document for ever, a deleted one a tombstone for two weeks", () => {
  const key = ["ORD", "a b"];
  const name = { partition: "ORD", id: "a~20b" };
  const value = '{"airport":"ORD","flights":3}';
  expect(documentOf({ op: "upsert", key, value }, 7, FENCE)).toEqual({
    ...{ ...name, batch: 7, fence: FENCE },
    value: { airport: "ORD", flights: 3 },
    exact: {},
    deleted: false,
    ttl: -1,
  });
  const tombstone = {
    ...{ ...name, batch: 7, fence: FENCE },
    value: null,
    exact: {},
    deleted: true,
    ttl: 1_209_600,
  };
  expect(documentOf({ op: "delete", key }, 7, FENCE)).toEqual(tombstone);
  expect(tombstoneOf(name, 7, FENCE)).toEqual(tombstone);
});

test("digits that a double does not hold are kept beside it, and what is no number of JSON is null", () => {
  const document = documentOf(
    {
      op: "upsert",
      key: ["a"],
      value: '{"big":9007199254740993,"a":0,"b":0,"c":0,"same":1}',
      exact: {
        big: "9007199254740993",
        ...{ a: "NaN", b: "Infinity", c: "-Infinity" },
      },
    },
    7,
    FENCE,
  );
  expect(document.exact).toEqual({ big: "9007199254740993" });
  expect(document.value).toEqual({
    big: Number("9007199254740993"),
    ...{ a: null, b: null, c: null, same: 1 },
  });
});

test("the documents of a key that has begun share the start of their ids, and those of a partition none", () => {
  expect(idPrefix(["ORD"])).toBe("");
  expect(idPrefix(["ORD", "2001:3"])).toBe("2001~3A3:");
  expect(idPrefix(["ORD", "a", "b"])).toBe("a:b:");
});

test("a key of one part is its partition, whatever the id says", () => {
  expect(keyOfDocument({ partition: "a~20b", id: "x" }, 1)).toEqual(["a b"]);
  expect(keyOfDocument({ partition: "a", id: "b:c" }, 3)).toEqual([
    ...["a", "b", "c"],
  ]);
});

test("a table of a pipeline has a container of its own", () => {
  expect(containerOf("flights", "routes")).toBe("flights_routes");
});
