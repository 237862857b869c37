import fc from "fast-check";
import { isRequestId, parseRequest } from "../../../src/domain/parseRequest.ts";
import { documentSchemas } from "../../../src/domain/schemas/index.ts";
import { requestDocument } from "../../../local/src/cli/operatorRequests.ts";

const ID = "20260101T000000000Z-abcdef";

const value = fc.constantFrom<unknown>(
  ...["retry", "skip", "reload", "cosmos", "../..", "Cosmos", ""],
  ...[0, 1, 2, 3, 1.5, -1, 2 ** 60],
  ...[null, true, [], {}],
);
const name = fc.constantFrom("cosmos", "routes");
const right = {
  version: fc.constant(3),
  id: fc.constant(ID),
  createdAt: fc.constant("2026-01-01T00:00:00.000Z"),
};
const request = fc.oneof(
  fc.record({ ...right, kind: fc.constant("retry") }),
  fc.record({ ...right, kind: fc.constant("retry"), sink: name }),
  fc.record(
    {
      ...right,
      kind: fc.constant("skip"),
      batch: fc.nat(),
      withoutRows: fc.constant(true),
    },
    { requiredKeys: ["version", "id", "createdAt", "kind", "batch"] },
  ),
  fc.record({ ...right, kind: fc.constant("reload"), sink: name, table: name }),
);
const key = fc.constantFrom(
  ...["version", "id", "createdAt", "kind", "sink", "table", "batch"],
  ...["withoutRows", "more"],
);
/** Requests with up to two keys that are wrong, too many, or left out. */
const nearly = fc
  .tuple(
    request,
    fc.dictionary(key, value, { maxKeys: 2 }),
    fc.option(key, { nil: "" }),
  )
  .map(([right, wrong, left]) =>
    Object.fromEntries(
      Object.entries({ ...right, ...wrong }).filter(([each]) => each !== left),
    ),
  );

test("what is taken for a request is what the schema of requests takes", () => {
  const seen = new Set<boolean>();
  fc.assert(
    fc.property(fc.oneof(nearly, value, request), (document) => {
      const isRight = documentSchemas.request.safeParse(document).success;
      seen.add(isRight);
      const parsed = parseRequest(ID, JSON.stringify(document));
      expect(parsed !== undefined).toBe(isRight);
    }),
    { numRuns: 2_000 },
  );
  expect(seen.size).toBe(2);
});

test("what the command writes has the name and the form of a request", () => {
  const asked = { pipeline: "flights", request: { kind: "retry" } } as const;
  const { path, text } = requestDocument(asked);
  const id = path.replace(/^.*\//, "").replace(/\.json$/, "");
  expect(isRequestId(id)).toBe(true);
  expect(parseRequest(id, text)).toMatchObject({ id, kind: "retry" });
});
