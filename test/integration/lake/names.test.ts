import { join, relative, sep } from "node:path";
import fc from "fast-check";
import {
  checkNewPath,
  isServedName,
  parseAddress,
} from "../../../local/src/services/lake/names.ts";

const segment = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 40 })
  .filter((text) => !text.includes("/") && isServedName(text));
const path = fc
  .array(segment, { minLength: 1, maxLength: 8 })
  .map((segments) => segments.join("/"));

test("a path comes out as it went in, with slashes encoded or not", () => {
  fc.assert(
    fc.property(path, (name) => {
      const whole = `/assay/lake/${encodeURIComponent(name)}`;
      const parts = `/assay/lake/${name.split("/").map(encodeURIComponent).join("/")}`;
      const expected = { container: "lake", path: name };
      expect(parseAddress(whole, "assay")).toEqual(expected);
      expect(parseAddress(parts, "assay")).toEqual(expected);
      expect(parseAddress(parts.slice("/assay".length), undefined)).toEqual(
        expected,
      );
    }),
  );
});

test("whatever the bytes of a URL, a path that is taken stays below its container", () => {
  const nasty = fc.oneof(
    fc.constantFrom(
      ".",
      "..",
      "%2e",
      "%2E%2e",
      "/",
      "%2f",
      "\\",
      "%5c",
      "%00",
      "..;",
      "．．",
    ),
    fc.webUrl().map((url) => url.slice(0, 20)),
    fc.string({ maxLength: 5 }),
  );
  fc.assert(
    fc.property(fc.array(nasty, { maxLength: 12 }), (pieces) => {
      let taken: string;
      try {
        taken = parseAddress(`/assay/lake/${pieces.join("")}`, "assay").path;
        checkNewPath(taken);
      } catch {
        return;
      }
      const root = `${sep}state${sep}lake`;
      const inside = relative(root, join(root, ...taken.split("/")));
      expect(inside.startsWith("..")).toBe(false);
      expect(inside.split(sep).join("/")).toBe(taken);
    }),
    { numRuns: 2000 },
  );
});
