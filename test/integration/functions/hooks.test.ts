import { jest } from "@jest/globals";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  appDir,
  startHost,
  type RunningHost,
} from "../../support/functions/host.ts";

// A host is a process of its own: on a busy machine it takes seconds to start.
jest.setTimeout(60_000);

const farewell = join(mkdtempSync(join(tmpdir(), "assay-hooks-")), "bye");
let host: RunningHost;

const traceOf = async (path: string): Promise<[number, string, string[]]> => {
  await host.get("/api/trace");
  const response = await host.get(path);
  const trace = (await (await host.get("/api/trace")).json()) as string[];
  // The last two are of the request for the trace itself.
  return [response.status, await response.text(), trace.slice(2, -2)];
};

beforeAll(async () => {
  host = await startHost({
    appDir: appDir("hooks"),
    settings: { FAREWELL: farewell },
  });
});

test("hooks run in order of registration around the handler, each awaited", async () => {
  expect(await traceOf("/api/plain")).toEqual([
    200,
    "plain",
    ["pre1", "pre2", "handler", "post1:null", "post2:no app data"],
  ]);
});

test("a preInvocation hook that throws fails the invocation, and no postInvocation hook runs", async () => {
  expect(await traceOf("/api/stopped")).toEqual([500, "", ["pre1"]]);
});

test("a preInvocation hook may replace inputs and handler", async () => {
  const [, text, trace] = await traceOf("/api/replaced");
  expect(text).toBe("another input");
  expect(trace.slice(0, 3)).toEqual(["pre1", "pre2", "wrapped"]);
});

test("a postInvocation hook may take away the error and give a result", async () => {
  const [status, text, trace] = await traceOf("/api/swallowed");
  expect([status, text]).toEqual([200, "all is well"]);
  expect(trace).toContain("post1:oh no");
});

test("something thrown that is no Error is logged as its JSON", async () => {
  expect((await host.get("/api/failing")).status).toBe(500);
  const { message } = await host.logged(
    (line) => line.function === "failing" && line.level === "error",
  );
  expect(message).toMatch(/^Failed in .*: \{"reason":"an object"\}$/);
});

test("a log hook changes what is logged", async () => {
  await host.get("/api/plain");
  const { message } = await host.logged(
    (line) => line.event === "user.log" && line.function === "plain",
  );
  expect(message).toBe("the ******** is here");
});

test("appStart runs before all, appTerminate at the end", async () => {
  const first = await startHost({
    appDir: appDir("hooks"),
    settings: { FAREWELL: farewell },
  });
  const trace = (await (await first.get("/api/trace")).json()) as string[];
  await first.stop();
  expect(trace[0]).toBe("appStart");
  await host.stop();
  expect(readFileSync(farewell, "utf8")).toContain("post2");
});
