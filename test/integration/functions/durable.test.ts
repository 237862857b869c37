import { jest } from "@jest/globals";
import {
  appDir,
  startHost,
  type RunningHost,
} from "../../support/functions/host.ts";

// A host is a process of its own: on a busy machine it takes seconds to start.
jest.setTimeout(60_000);

interface Links {
  id: string;
  statusQueryGetUri: string;
}
interface Status {
  runtimeStatus: string;
  output: unknown;
}

let host: RunningHost;

beforeAll(async () => {
  host = await startHost({ appDir: appDir("durable") });
});
afterAll(() => host.stop());

const post = (path: string, body?: unknown) =>
  fetch(host.url + path, { method: "POST", body: JSON.stringify(body) });

async function ended({ statusQueryGetUri }: Links): Promise<Status> {
  for (;;) {
    const status = (await (await fetch(statusQueryGetUri)).json()) as Status;
    if (!["Running", "Pending"].includes(status.runtimeStatus)) return status;
  }
}

test("an app starts an orchestration through its client binding, and its activities run in the app", async () => {
  const response = await post("/api/start", ["Ann", "Bob"]);
  expect(response.status).toBe(202);
  const links = (await response.json()) as Links;
  expect((await post(`/api/reply/${links.id}`)).status).toBe(202);
  expect(await ended(links)).toMatchObject({
    runtimeStatus: "Completed",
    output: {
      greetings: ["Hello Ann from greet", "Hello Bob from greet"],
      reply: "well",
    },
  });
});

test("an activity that fails fails its orchestration with its message", async () => {
  const response = await post("/api/start", ["nobody"]);
  const status = await ended((await response.json()) as Links);
  expect(status.runtimeStatus).toBe("Failed");
  expect(String(status.output)).toContain("nobody to greet");
});

test("an activity with a client as an extra input starts another orchestration", async () => {
  const response = await post("/api/startInActivity", {
    name: "greetAll",
    id: "deliver-weather-cosmos",
    names: ["Ann"],
  });
  const links = (await response.json()) as Links;
  expect(await ended(links)).toMatchObject({
    runtimeStatus: "Completed",
    output: { id: "deliver-weather-cosmos", asked: ["Ann"] },
  });
  expect((await post("/api/reply/deliver-weather-cosmos")).status).toBe(202);
  const other = links.statusQueryGetUri.replace(
    links.id,
    "deliver-weather-cosmos",
  );
  expect(await ended({ ...links, statusQueryGetUri: other })).toMatchObject({
    runtimeStatus: "Completed",
    output: { greetings: ["Hello Ann from greet"], reply: "well" },
  });
});

test("an activity that starts an orchestration under the id of one that runs fails with the refusal", async () => {
  const start = { name: "greetAll", id: "only-one", names: ["Ann"] };
  const ask = async (): Promise<Status> =>
    ended((await (await post("/api/startInActivity", start)).json()) as Links);
  expect((await ask()).runtimeStatus).toBe("Completed");
  const second = await ask();
  expect(second.runtimeStatus).toBe("Failed");
  expect(String(second.output)).toContain(
    "An Orchestration instance with the status Running already exists.",
  );
});
