import { get } from "node:http";
import { json } from "node:stream/consumers";
import { jest } from "@jest/globals";
import {
  appDir,
  startHost,
  type RunningHost,
} from "../../support/functions/host.ts";
import { masterKey } from "../../../local/src/shared/keys.ts";

// A host is a process of its own: on a busy machine it takes seconds to start.
jest.setTimeout(60_000);

interface Echo {
  method: string;
  url: string;
  params: Record<string, string>;
  query: Record<string, string>;
  headers: Record<string, string>;
}

let host: RunningHost;
const echo = async (path: string, headers?: Record<string, string>) =>
  (await (await host.get(path, headers)).json()) as Echo;

/** The route values of a path that is sent as it stands: `fetch` would take its dots out. */
const rawParams = (path: string): Promise<unknown> =>
  new Promise((resolve, reject) => {
    get(`${host.url}/`, { path }, (response) => {
      json(response).then((answer) => resolve((answer as Echo).params), reject);
    }).once("error", reject);
  });

beforeAll(async () => {
  host = await startHost({
    appDir: appDir("http"),
    settings: { PREFIX: "from-setting" },
  });
});
afterAll(() => host.stop());

test("route values, a repeated query name and an empty one arrive as the host gives them", async () => {
  const { params, query, url } = await echo("/api/open/7?a=1&a=2&empty=");
  expect(params).toEqual({ id: "7" });
  expect(query).toEqual({ a: "1,2", empty: "" });
  expect(url).toBe(`${host.url}/api/open/7?a=1&a=2&empty=`);
});

test("an absent optional route value is missing", async () => {
  expect((await echo("/api/open")).params).toEqual({});
});

test("a route value that breaks its constraint makes it another route", async () => {
  expect((await host.get("/api/open/seven")).status).toBe(404);
});

test("a catch-all takes the rest of the path, decoded", async () => {
  const { params } = await echo("/api/files/a/b/c%20d");
  expect(params).toEqual({ folder: "a", path: "b/c d" });
});

test("a literal route goes before one with parameters", async () => {
  const response = await host.get("/api/files/special/one");
  expect(await response.text()).toBe("literal");
});

test("a path's . and .., encoded or not, are taken out before any route sees them", async () => {
  for (const [path, rest] of [
    ["/api/files/a/x/../b", "b"],
    ["/api/files/a/x/%2E%2e/./b", "b"],
    ["/api/files/a/..c/.d", "..c/.d"],
  ] as const)
    expect(await rawParams(path)).toEqual({ folder: "a", path: rest });
});

test("HEAD is answered as GET without a body where a function names it, and is not found elsewhere", async () => {
  const head = (path: string) =>
    fetch(`${host.url}${path}`, { method: "HEAD" });
  const response = await head("/api/headed");
  expect(response.status).toBe(200);
  expect(response.headers.get("etag")).toBe('"1"');
  expect(response.headers.get("content-length")).toBe("6");
  expect(await response.text()).toBe("");
  expect(await (await host.get("/api/headed")).text()).toBe("a body");
  expect((await head("/api/headless")).status).toBe(404);
});

test("settings are filled into routes, and the default route is the function's name", async () => {
  expect((await host.get("/api/from-setting/x")).status).toBe(200);
  expect((await host.get("/api/defaultRoute")).status).toBe(200);
});

test("headers of Easy Auth from outside are dropped, empty ones too, names are in lower case", async () => {
  const { headers } = await echo("/api/open", {
    "X-MS-CLIENT-PRINCIPAL": "forged",
    "x-ms-client-principal-id": "forged",
    "X-Own": "yes",
    "x-empty": "",
  });
  expect(headers["x-own"]).toBe("yes");
  expect(Object.keys(headers)).not.toContain("x-empty");
  expect(Object.keys(headers).join()).not.toContain("client-principal");
});

test("the function key opens level function, by header or by query; the master key opens admin", async () => {
  const { key } = host;
  const master = masterKey(host.stateDir);
  const statusOf = async (path: string, given?: string) =>
    (await host.get(path, given ? { "x-functions-key": given } : {})).status;
  expect(await statusOf("/api/closed")).toBe(401);
  expect(await statusOf("/api/closed", "wrong")).toBe(401);
  expect(await statusOf("/api/closed", key)).toBe(200);
  expect(await statusOf(`/api/closed?code=${key}`)).toBe(200);
  expect(await statusOf("/api/guarded", key)).toBe(401);
  expect(await statusOf("/api/guarded", master)).toBe(200);
});

test("a wrong method and an unknown path are not found", async () => {
  const response = await fetch(`${host.url}/api/open`, { method: "DELETE" });
  expect(response.status).toBe(404);
  expect((await host.get("/api/unknown")).status).toBe(404);
  expect((await host.get("/")).status).toBe(404);
});

test("no result is 204; a failure, a status out of range and a result that is no object are 500 without a word", async () => {
  expect((await host.get("/api/nothing")).status).toBe(204);
  for (const path of ["failing", "badStatus", "text"]) {
    const response = await host.get(`/api/${path}`);
    expect(response.status).toBe(500);
    expect(await response.text()).toBe("");
  }
});

test("cookies keep their attributes, each in a header of its own", async () => {
  const response = await host.get("/api/cookies");
  expect(response.status).toBe(201);
  expect(response.headers.get("x-own")).toBe("yes");
  expect(response.headers.getSetCookie()).toEqual([
    "a=1%202; Path=/; HttpOnly; SameSite=Lax",
    "b=2; Max-Age=60; Path=/x; Secure",
  ]);
});

test("a body comes back byte by byte, and a chunked upload has none", async () => {
  const bytes = new Uint8Array([0, 255, 128, 10]);
  const send = async (init: RequestInit) => {
    const response = await fetch(`${host.url}/api/body`, {
      method: "POST",
      ...init,
    });
    return new Uint8Array(await response.arrayBuffer());
  };
  expect(await send({ body: bytes })).toEqual(bytes);
  const body = new Blob([bytes]).stream();
  expect(await send({ body, duplex: "half" })).toHaveLength(0);
});

test("an HTTP function has no trigger metadata, and the process looks like Azure's", async () => {
  const response = await host.get("/api/second");
  expect(await response.json()).toEqual({
    triggerMetadata: null,
    functionName: "second",
    hostname: new URL(host.url).host,
    folder: appDir("http"),
  });
});

test("what a function logs is in the host's log with its level; reasons of failures are, bodies are not", async () => {
  await host.get("/api/second");
  await host.get("/api/failing");
  const noted = await host.logged(
    (line) => line.event === "user.log" && line.function === "second",
  );
  expect(noted).toMatchObject({
    level: "warning",
    message: "noted { answer: 42 }",
  });
  const failed = await host.logged(
    (line) => line.function === "failing" && line.level === "error",
  );
  expect(failed.message).toContain("a secret reason");
});
