import { HttpResponse } from "@azure/functions";
import { JsonResponse } from "../../../../src/functions/api/jsonResponse.ts";

const BODY = { key: ["Zürich"], value: { delay: 1.5 }, asOf: { batch: 7 } };

test("a lean response is read as the library's own, with the same bytes", async () => {
  const lean = new JsonResponse({ body: BODY, etag: '"7"' });
  const theirs = new HttpResponse({ jsonBody: BODY, headers: { etag: '"7"' } });
  expect(lean).toBeInstanceOf(HttpResponse);
  expect(lean.status).toBe(theirs.status);
  expect(new Map(lean.headers)).toEqual(new Map(theirs.headers));
  expect(lean.cookies).toEqual(theirs.cookies);
  const bytes = await Promise.all([lean.arrayBuffer(), theirs.arrayBuffer()]);
  expect(Buffer.from(bytes[0])).toEqual(Buffer.from(bytes[1]));
});

test("a response without an ETag has none", () => {
  expect(new JsonResponse({ body: BODY }).headers.has("etag")).toBe(false);
});

test("a text is sent as it is, with its own status and type", async () => {
  const lean = new JsonResponse({
    body: '{"a":1}',
    status: 404,
    contentType: "application/problem+json",
  });
  expect(lean.status).toBe(404);
  expect(lean.headers.get("content-type")).toBe("application/problem+json");
  expect(Buffer.from(await lean.arrayBuffer()).toString()).toBe('{"a":1}');
});
