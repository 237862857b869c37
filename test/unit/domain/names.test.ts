import fc from "fast-check";
import {
  documentName,
  idPrefix,
  keyOfDocument,
} from "../../../src/domain/documents.ts";
import { fenceOf, notNewerThan } from "../../../src/domain/fences.ts";
import {
  fileIdOf,
  generationOf,
  incarnationOf,
  runTokenOf,
} from "../../../src/domain/identity.ts";
import { decodeName, encodeName } from "../../../src/domain/names.ts";
import {
  bronzeEventsPath,
  bronzeFilePath,
  parseLandingPath,
  rangeOfPath,
} from "../../../src/domain/paths.ts";

const part = fc.string({ minLength: 1, unit: "grapheme" });

test("an encoded name holds safe characters only and can be read back", () => {
  fc.assert(
    fc.property(part, (text) => {
      expect(encodeName(text)).toMatch(/^[A-Za-z0-9._~-]+$/);
      expect(decodeName(encodeName(text))).toBe(text);
    }),
  );
  expect(encodeName("São Paulo/ä")).toBe("S~C3~A3o~20Paulo~2F~C3~A4");
});

test.each([".", ".."])("a name of dots is not the folder %s", (dots) => {
  expect(encodeName(dots)).not.toContain(".");
  expect(decodeName(encodeName(dots))).toBe(dots);
});

test("two keys never share a document, and the key can be read from its name", () => {
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (key) => {
      expect(keyOfDocument(documentName(key), key.length)).toEqual(key);
    }),
  );
  expect(documentName(["ORD", "2001-03-31"])).toEqual({
    partition: "ORD",
    id: "2001-03-31",
  });
  expect(documentName(["ORD"])).toEqual({ partition: "ORD", id: "ORD" });
  expect(
    documentName(["a", "b", "c"]).id.startsWith(idPrefix(["a", "b"])),
  ).toBe(true);
  expect(
    documentName(["a", "bc", "c"]).id.startsWith(idPrefix(["a", "b"])),
  ).toBe(false);
});

test("a path is a function of the position, and sorts as the numbers do", () => {
  const stream = {
    stream: "hub/flights",
    generation: "0123456789ab",
    partition: "3",
  };
  const path = bronzeEventsPath(stream, 2 ** 20 + 5, 2 ** 20 + 9);
  expect(path).toBe(
    "bronze/events/flights/0123456789ab/3/00000001/00000000000001048581-00000000000001048585.avro",
  );
  expect(rangeOfPath(path)).toEqual({ first: 2 ** 20 + 5, last: 2 ** 20 + 9 });
  expect(rangeOfPath("bronze/events/x/y/0/00000000/notes.txt")).toBeUndefined();
});

test("a dropped name may hold anything", () => {
  expect(parseLandingPath("landing/airports/2024/a b.csv")).toEqual({
    folder: "airports",
    name: "2024/a b.csv",
  });
  expect(bronzeFilePath("airports", "0123", "2024/a b.csv")).toBe(
    "bronze/files/airports/0123/2024~2Fa~20b.csv",
  );
  for (const name of ["a\u2028b.csv", "\u2029", "a\nb.csv", "😀.csv"])
    expect(parseLandingPath(`landing/airports/${name}`)).toEqual({
      folder: "airports",
      name,
    });
  expect(parseLandingPath("landing/stray.csv")).toBeUndefined();
});

test("a file's identity is its path and content, with or without quotes around the ETag", () => {
  expect(fileIdOf("landing/a", '"0x1"')).toBe(fileIdOf("landing/a", "0x1"));
  expect(fileIdOf("landing/a", "0x1")).not.toBe(fileIdOf("landing/a", "0x2"));
  expect(fileIdOf("landing/a", "0x1")).toMatch(/^[0-9a-f]{16}$/);
});

test("a hub that is created again is another generation", () => {
  const life = {
    namespace: "ns",
    hub: "h",
    createdOn: "2026-01-01T00:00:00.000Z",
    epoch: "0",
  };
  expect(generationOf(life)).toMatch(/^[0-9a-f]{12}$/);
  expect(
    generationOf({ ...life, createdOn: "2026-01-02T00:00:00.000Z" }),
  ).not.toBe(generationOf(life));
});

test("a token has at most 64 characters and names the attempt", () => {
  const attempt = {
    pipeline: "p".repeat(60),
    incarnation: "i",
    batch: 9_999_999_999,
    step: "process",
    attempt: 1,
  };
  expect(runTokenOf(attempt).length).toBeLessThanOrEqual(64);
  expect(runTokenOf({ ...attempt, attempt: 2 })).not.toBe(runTokenOf(attempt));
  expect(runTokenOf({ ...attempt, incarnation: "j" })).not.toBe(
    runTokenOf(attempt),
  );
});

test("fences sort by incarnation, then by batch, and hold no quote", () => {
  const early = incarnationOf(
    new Date("2026-01-01T00:00:00.001Z"),
    Buffer.from([255, 255, 255]),
  );
  const late = incarnationOf(
    new Date("2026-01-01T00:00:00.002Z"),
    Buffer.from([0, 0, 0]),
  );
  expect(early).toBe("20260101T000000001Z-ffffff");
  expect(fenceOf(early, 10) > fenceOf(early, 9)).toBe(true);
  expect(fenceOf(late, 1) > fenceOf(early, 999)).toBe(true);
  expect(notNewerThan(fenceOf(early, 9))).toBe(
    'FROM c WHERE c.fence <= "20260101T000000001Z-ffffff/0000000009"',
  );
  expect(() => fenceOf('x" OR 1=1 --', 1)).toThrow(RangeError);
});
