import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { DurableClient } from "durable-functions";
import { EntityId, OrchestrationRuntimeStatus } from "durable-functions";
import sdk from "durable-functions/lib/src/durableClient/DurableClient.js";
import { clientBinding } from "../../../local/src/functionsHost/durable/bindings.ts";
import { serve } from "../../../local/src/functionsHost/durable/management.ts";
import { DurableBench, result, settled, until } from "../../support/durable.ts";

let bench: DurableBench;
let server: Server;
let origin: string;
let client: DurableClient;

beforeEach(async () => {
  bench = new DurableBench({
    activities: { echo: (value) => value },
    orchestrators: {
      *wait({ df }) {
        df.setCustomStatus("waiting");
        return yield* result(df.waitForExternalEvent("go"));
      },
      *greet({ df }) {
        return yield* result(df.callActivity("echo", df.getInput()));
      },
      // eslint-disable-next-line require-yield -- the SDK takes generators only
      *fail() {
        throw new Error("no");
      },
    },
  });
  server = createServer((request, response) => {
    const wait = (ms: number): Promise<void> =>
      new Promise((resolve) => bench.clock.after(ms, resolve));
    const on = {
      engine: bench.engine,
      client: bench.client,
      addresses: { baseUrl: origin, systemKey: "key", taskHub: "TestHub" },
      wait,
    };
    void serve(request, response, on).then((isOurs) => {
      if (!isOurs) response.writeHead(418).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = clientOf(true);
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  bench.close();
});

/** The SDK's client, with the rpc address or, as for old extensions, with the webhook's addresses only. */
function clientOf(rpc: boolean): DurableClient {
  const binding = clientBinding({
    baseUrl: origin,
    systemKey: "key",
    taskHub: "TestHub",
  });
  return new sdk.DurableClient(
    rpc ? binding : { ...binding, rpcBaseUrl: undefined },
  );
}

const webhook = (path: string, init?: RequestInit): Promise<Response> =>
  fetch(
    `${origin}/runtime/webhooks/durabletask/${path}${path.includes("?") ? "&" : "?"}code=key`,
    init,
  );

const json = (body: unknown): RequestInit => ({
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body),
});

test.each([true, false])(
  "the SDK's client starts, asks, raises and purges (rpc: %s)",
  async (rpc) => {
    client = clientOf(rpc);
    expect(
      await client.startNew("WAIT", { instanceId: "one", input: { a: 1 } }),
    ).toBe("one");
    await settled();
    const waiting = await client.getStatus("one");
    expect(waiting).toMatchObject({
      name: "wait",
      instanceId: "one",
      runtimeStatus: "Running",
      input: { a: 1 },
      customStatus: "waiting",
      output: null,
    });
    expect(waiting.createdTime).toEqual(new Date("2026-01-01T00:00:00Z"));
    await client.raiseEvent("one", "go", { b: 2 });
    await bench.ended();
    expect(await client.getStatus("one")).toMatchObject({
      runtimeStatus: "Completed",
      output: { b: 2 },
    });
    await client.raiseEvent("one", "go", "too late, and no error");
    expect(await client.purgeInstanceHistory("one")).toEqual({
      instancesDeleted: 1,
    });
    expect(await client.purgeInstanceHistory("one")).toEqual({
      instancesDeleted: 0,
    });
    await expect(client.getStatus("one")).rejects.toThrow(/HTTP 404/);
    await expect(client.raiseEvent("one", "go", 1)).rejects.toThrow(
      "No instance with ID 'one' found.",
    );
  },
);

test.each([true, false])(
  "the SDK's client suspends, resumes and terminates (rpc: %s)",
  async (rpc) => {
    client = clientOf(rpc);
    const id = await client.startNew("wait");
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    await client.suspend(id, "lunch");
    await until(
      () => bench.client.find(id).status === "Suspended",
      () => "not suspended",
    );
    expect((await client.getStatus(id)).runtimeStatus).toBe(
      OrchestrationRuntimeStatus.Suspended,
    );
    await client.resume(id, "back");
    await until(
      () => bench.client.find(id).status === "Running",
      () => "not resumed",
    );
    await client.terminate(id, "enough");
    await bench.ended(id);
    expect(await client.getStatus(id)).toMatchObject({
      runtimeStatus: "Terminated",
      output: "enough",
    });
    await client.terminate(id, "again");
  },
);

test("an id that runs is refused, and may be used again when its instance has ended", async () => {
  await client.startNew("wait", { instanceId: "one" });
  await expect(client.startNew("wait", { instanceId: "one" })).rejects.toThrow(
    /unexpected status code: 409.*already exists/,
  );
  bench.raise("go");
  await bench.ended();
  const first = bench.client.find("one").executionId;
  await client.startNew("wait", { instanceId: "one" });
  expect(bench.client.find("one").executionId).not.toBe(first);
});

test("a start answers with the addresses of the instance, which work", async () => {
  const response = await webhook("orchestrators/greet/one", json("Ann"));
  expect(response.status).toBe(202);
  expect(response.headers.get("retry-after")).toBe("10");
  const urls = (await response.json()) as Record<string, string>;
  expect(Object.keys(urls)).toEqual([
    "id",
    "statusQueryGetUri",
    "sendEventPostUri",
    "terminatePostUri",
    "purgeHistoryDeleteUri",
    "restartPostUri",
    "suspendPostUri",
    "resumePostUri",
  ]);
  expect(response.headers.get("location")).toBe(urls["statusQueryGetUri"]);
  await bench.ended();
  const status = await fetch(urls["statusQueryGetUri"] ?? "");
  expect(await status.json()).toMatchObject({
    runtimeStatus: "Completed",
    output: "Ann",
  });
  expect(
    (await fetch(urls["restartPostUri"] ?? "", { method: "POST" })).status,
  ).toBe(202);
  expect(bench.client.list({}).page).toHaveLength(2);
  expect(
    (await fetch(urls["purgeHistoryDeleteUri"] ?? "", { method: "DELETE" }))
      .status,
  ).toBe(200);
});

test("a start may wait for the output", async () => {
  const waiting = webhook(
    "orchestrators/greet?timeout=10&pollingInterval=1",
    json("Ann"),
  );
  await until(
    () => bench.client.list({ statuses: ["Completed"] }).page.length === 1,
    () => "not completed",
  );
  for (let poll = 0; poll < 3; poll += 1) {
    await settled();
    await bench.clock.advance(1_000);
  }
  const response = await waiting;
  expect([response.status, await response.json()]).toEqual([200, "Ann"]);
});

test("a running instance is asked about with 202, a failed one with 200 or, on demand, 500", async () => {
  bench.start("wait");
  bench.start("fail", null, "two");
  await bench.ended("two");
  const running = await webhook("instances/one");
  expect([running.status, running.headers.get("retry-after")]).toEqual([
    202,
    "5",
  ]);
  expect((await webhook("instances/two")).status).toBe(200);
  expect(
    (await webhook("instances/two?returnInternalServerErrorOnFailure=true"))
      .status,
  ).toBe(500);
  expect(
    await (await webhook("instances/one?showInput=false")).json(),
  ).toMatchObject({ input: null });
});

test("the history of a status tells what was scheduled with its completion", async () => {
  bench.start("greet", "Ann");
  await bench.ended();
  const Timestamp = "2026-01-01T00:00:00.000Z";
  const shown = await (
    await webhook("instances/one?showHistory=true&showHistoryOutput=true")
  ).json();
  expect(shown).toMatchObject({
    historyEvents: [
      {
        EventType: "ExecutionStarted",
        FunctionName: "greet",
        Timestamp,
        Input: '"Ann"',
      },
      {
        EventType: "TaskCompleted",
        FunctionName: "echo",
        ScheduledTime: Timestamp,
        Timestamp,
        Result: "Ann",
        Input: '["\\"Ann\\""]',
      },
      {
        EventType: "ExecutionCompleted",
        OrchestrationStatus: "Completed",
        Timestamp,
        Result: "Ann",
      },
    ],
  });
  // The extension calls it historyEvents, the SDK reads history.
  expect(
    (await client.getStatus("one", { showHistory: true })).history,
  ).toBeUndefined();
});

test("the SDK's client lists instances page by page", async () => {
  for (let n = 0; n < 250; n += 1)
    bench.start("wait", null, `i${String(n).padStart(3, "0")}`);
  bench.raise("go", null, "i007");
  await bench.ended("i007");
  expect(await client.getStatusAll()).toHaveLength(250);
  const done = await client.getStatusBy({
    runtimeStatus: [OrchestrationRuntimeStatus.Completed],
  });
  expect(done.map(({ instanceId }) => instanceId)).toEqual(["i007"]);
  const first = await webhook("instances?top=2&instanceIdPrefix=i01");
  expect(
    ((await first.json()) as { instanceId: string }[]).map(
      ({ instanceId }) => instanceId,
    ),
  ).toEqual(["i010", "i011"]);
  expect(first.headers.get("x-ms-continuation-token")).not.toBe("");
});

test("instances that have ended are purged by time and status", async () => {
  bench.start("wait");
  bench.start("greet", 1, "two");
  await bench.ended("two");
  expect((await webhook("instances", { method: "DELETE" })).status).toBe(400);
  const purge = {
    createdTimeFrom: new Date(0),
    runtimeStatus: [OrchestrationRuntimeStatus.Completed],
  };
  expect(await client.purgeInstanceHistoryBy(purge)).toEqual({
    instancesDeleted: 1,
  });
  expect(await client.purgeInstanceHistoryBy(purge)).toEqual({
    instancesDeleted: 0,
  });
  expect(bench.client.list({}).page).toHaveLength(1);
});

test.each([
  ["POST", "orchestrators/nobody", 400],
  ["POST", "orchestrators/wait/@one", 400],
  ["POST", "orchestrators/wait/a%2Fb", 400],
  ["POST", `orchestrators/wait/${"x".repeat(257)}`, 400],
  ["GET", "orchestrators/wait", 404],
  ["GET", "instances/nobody", 404],
  ["DELETE", "instances/nobody", 404],
  ["POST", "instances/nobody/terminate", 404],
  ["POST", "instances/nobody/restart", 400],
  ["POST", "instances/nobody/rewind", 404],
  ["POST", "instances/ended/rewind", 410],
  ["POST", "instances/failed/rewind", 501],
  ["POST", "instances/one/rewind", 501],
  ["POST", "instances/ended/suspend", 410],
  ["POST", "instances/ended/raiseEvent/go", 410],
  ["POST", "instances/one/raiseEvent/go", 400],
  ["GET", "entities/counter/one", 501],
])("%s %s answers %i", async (method, path, status) => {
  bench.start("wait");
  bench.start("greet", 1, "ended");
  bench.start("fail", 1, "failed");
  await bench.ended("ended");
  await bench.ended("failed");
  expect((await webhook(path, { method })).status).toBe(status);
});

test("bodies that are no JSON, or too large, are refused", async () => {
  bench.start("wait");
  const headers = { "Content-Type": "application/json" };
  expect(
    (
      await webhook("orchestrators/wait", {
        method: "POST",
        body: "{",
        headers,
      })
    ).status,
  ).toBe(400);
  expect(
    (
      await webhook("instances/one/raiseEvent/go", {
        method: "POST",
        body: "{",
        headers,
      })
    ).status,
  ).toBe(400);
  expect(
    (await webhook("orchestrators/wait", json("x".repeat(46_080)))).status,
  ).toBe(400);
  expect(
    (await webhook("orchestrators/wait", json("x".repeat(1_100_000)))).status,
  ).toBe(413);
});

test("the webhook asks for the host's key, and the rpc address turns browsers away", async () => {
  const path = "/runtime/webhooks/durabletask/instances";
  expect((await fetch(`${origin}${path}`)).status).toBe(401);
  expect((await fetch(`${origin}${path}?code=other`)).status).toBe(401);
  expect(
    (await fetch(`${origin}${path}`, { headers: { "x-functions-key": "key" } }))
      .status,
  ).toBe(200);
  expect((await fetch(`${origin}/durabletask/instances`)).status).toBe(200);
  expect(
    (
      await fetch(`${origin}/durabletask/instances`, {
        headers: { Origin: "http://evil.example" },
      })
    ).status,
  ).toBe(403);
  expect((await fetch(`${origin}/api/other`)).status).toBe(418);
});

test("the SDK tells that entities and rewind are not supported", async () => {
  bench.start("fail");
  await bench.ended();
  await expect(
    client.readEntityState(new EntityId("counter", "one")),
  ).rejects.toThrow(/501.*Entities are not supported/);
  await expect(
    client.signalEntity(new EntityId("counter", "one"), "add", 1),
  ).rejects.toThrow(/501/);
  await expect(client.rewind("one", "again")).rejects.toThrow();
});
