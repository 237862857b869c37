import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { HttpRequest } from "@azure/functions";
import sdk from "durable-functions/lib/src/durableClient/DurableClient.js";
import { createDurableEngine } from "../../../local/src/functionsHost/durable/index.ts";
import { DurableBench, result } from "../../support/durable.ts";

test("the engine that the host creates serves its own paths and gives the binding of a client", async () => {
  const bench = new DurableBench({
    activities: { echo: (value) => value },
    orchestrators: {
      *greet({ df }) {
        return yield* result(df.callActivity("echo", df.getInput()));
      },
    },
  });
  bench.engine.kill();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const durable = createDurableEngine({ ...bench.options, baseUrl: origin });
  await durable.start();
  const handled: boolean[] = [];
  server.on("request", (request, response) => {
    void durable.handle(request, response).then((isOurs) => {
      handled.push(isOurs);
      if (!isOurs) response.end();
    });
  });
  const made = new sdk.DurableClient(durable.clientBinding());
  const id = await made.startNew("greet", { input: "Ann" });
  const response = await made.waitForCompletionOrCreateCheckStatusResponse(
    new HttpRequest({ url: `${origin}/api/any`, method: "GET" }),
    id,
    { timeoutInMilliseconds: 4_000, retryIntervalInMilliseconds: 5 },
  );
  expect([response.status, await response.json()]).toEqual([200, "Ann"]);
  await fetch(`${origin}/api/other`);
  expect(handled.at(-1)).toBe(false);
  expect(made.createHttpManagementPayload(id)).toMatchObject({
    id,
    statusQueryGetUri: `${origin}/runtime/webhooks/durabletask/instances/${id}?taskHub=TestHub&connection=Storage&code=key`,
  });
  await durable.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  bench.close();
});
