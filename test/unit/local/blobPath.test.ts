import { compileBlobPath } from "../../../local/src/functionsHost/triggers/blob/path.ts";

test("the last name of a blob's path reaches over slashes and ends of lines", () => {
  const path = compileBlobPath("lake/landing/{folder}/{name}", "a test");
  for (const name of ["a.csv", "2024/a.csv", "a\u2028b.csv", "a\nb.csv"])
    expect(path.match(`lake/landing/airports/${name}`)).toEqual({
      folder: "airports",
      name,
    });
  expect(path.match("lake/landing/a.csv")).toBeUndefined();
});

test("a container alone is all of its blobs", () => {
  expect(compileBlobPath("lake", "a test").match("lake/a\u2028/b")).toEqual({});
});
