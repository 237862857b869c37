import { hash } from "node:crypto";
import fc from "fast-check";
import { canonical, digestOf } from "../../../src/domain/canonical.ts";

test("the same content is the same text, in whatever order its keys came", () => {
  expect(canonical({ b: [1, { d: null, c: "x" }], a: true })).toBe(
    '{"a":true,"b":[1,{"c":"x","d":null}]}',
  );
  expect(canonical({ a: undefined, b: 1 })).toBe('{"b":1}');
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const turned = Object.fromEntries(Object.entries(value).reverse());
      expect(canonical(turned)).toBe(canonical(value));
      expect(JSON.parse(canonical(value))).toEqual(
        JSON.parse(JSON.stringify(value)),
      );
    }),
  );
});

test("the digest of a definition is of all that it says but the digest itself", () => {
  const digest = hash("sha256", '{"a":1,"b":2}', "hex");
  expect(digestOf({ b: 2, a: 1, digest: "x" })).toBe(digest);
  expect(digestOf({ b: 2, a: 1 })).toBe(digest);
  expect(digestOf({ b: 2, a: 2 })).not.toBe(digest);
});
