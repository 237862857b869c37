import type { Batch } from "../../../local/src/platform/batches.ts";
import type { Clients } from "../../../local/src/platform/clients.ts";
import type { Sinks } from "../../../local/src/platform/sinks.ts";
import { waitUntilIdle } from "../../../local/src/platform/waitUntilIdle.ts";
import { weather } from "./definitions.ts";

interface App {
  readonly last: number;
  readonly files?: readonly string[];
  readonly batch: Partial<Batch>;
  readonly sinks: Sinks;
}

const idle = { state: "idle", behind: { batches: 0, seconds: 0 }, refused: 0 };
const idleSinks = { cosmos: idle, bell: idle } as Sinks;
const processed: Batch = {
  batch: 2,
  state: "processed",
  definition: "d1",
  ends: { "hub/readings": { g: { "0": 41 } } },
  sinks: { cosmos: "delivered", bell: "delivered" },
};

/** Answers of an app that goes on to its next state with each look at the batches; it stays in the last one. */
function clientsFor(...apps: readonly App[]): Clients {
  let at = -1;
  const now = (): App | undefined =>
    apps[Math.min(Math.max(at, 0), apps.length - 1)];
  const clients = {
    producer: () => ({
      getPartitionIds: () => Promise.resolve(["0"]),
      getPartitionProperties: () =>
        Promise.resolve({
          beginningSequenceNumber: 0,
          lastEnqueuedSequenceNumber: apps[0]?.last,
          isEmpty: false,
        }),
      close: () => Promise.resolve(),
    }),
    lake: () => ({
      async *listPaths({ path }: { path: string }) {
        await Promise.resolve();
        for (const name of now()?.files ?? [])
          if (name.startsWith(`${path}/`)) yield { name, isDirectory: false };
      },
    }),
    get: (path: string) => {
      if (path === "/api/batches/weather") {
        at += 1;
        const batches = [{ ...processed, ...now()?.batch }];
        return Promise.resolve({ status: 200, body: { batches } });
      }
      const body = {
        state: "ok",
        sinks: apps[Math.min(at + 1, apps.length - 1)]?.sinks,
      };
      return Promise.resolve({ status: 200, body });
    },
  };
  // Of the clients only what is asked of them here.
  return clients as unknown as Clients;
}

const look = (...apps: readonly App[]) =>
  waitUntilIdle(clientsFor(...apps), "lake", weather);

test("a pipeline whose newest batch takes in the hub's last event is idle once its sinks have it", async () => {
  const app = { last: 41, batch: {}, sinks: idleSinks };
  expect(await look(app)).toEqual({ stuck: [], isServed: true });
});

test("events, a batch that runs, another definition, a dropped file and a sink that delivers are waited for", async () => {
  const done = { last: 41, batch: {}, sinks: idleSinks };
  const delivering = {
    ...idleSinks,
    bell: { ...idle, state: "delivering" },
  } as Sinks;
  const seen: string[] = [];
  const waits: App[] = [
    { ...done, batch: { ends: {} } },
    { ...done, batch: { state: "running" } },
    { ...done, batch: { definition: "older" } },
    { ...done, files: ["landing/stations/a.csv"] },
    { ...done, files: ["_assay/pipelines/weather/requests/1.json"] },
    { ...done, sinks: delivering },
  ];
  for (const wait of waits) {
    const found = await look(wait, done);
    seen.push(...found.stuck.map(({ text }) => text));
    expect(found.isServed).toBe(true);
  }
  expect(seen).toEqual([]);
}, 20_000);

test("a file of which it is known that nobody takes it up is not waited for", async () => {
  const files = ["landing/stations/empty.csv"];
  const app = { last: 41, batch: {}, sinks: idleSinks, files };
  const found = await waitUntilIdle(
    clientsFor(app),
    "lake",
    weather,
    (path) => path === files[0],
  );
  expect(found).toEqual({ stuck: [], isServed: true });
});

test("a dropped file that nobody claims for a minute ends the wait, and one that is claimed does not", async () => {
  const realNow = Date.now;
  let now = 0;
  // Each look at the clock is half a minute later.
  Date.now = () => (now += 30_000);
  try {
    const done = { last: 41, batch: {}, sinks: idleSinks };
    const pending = "_assay/pipelines/weather/files/pending/1.json";
    const claimed = { ...done, files: [pending] };
    expect(await look(...Array<App>(5).fill(claimed), done)).toMatchObject({
      stuck: [],
    });
    const dropped = { ...done, files: ["landing/stations/a.csv", pending] };
    const { stuck } = await look(dropped);
    expect(stuck.map(({ text }) => text)).toEqual([
      "landing/stations/a.csv of weather is not taken up.",
    ]);
  } finally {
    Date.now = realNow;
  }
}, 20_000);

test("a batch that is blocked by the packaged definition ends the wait and is named", async () => {
  const { stuck, isServed } = await look({
    last: 41,
    sinks: idleSinks,
    batch: {
      state: "blocked",
      blocked: {
        definition: "d1",
        reason: "input",
        code: "UNRESOLVED_COLUMN",
        message: "There is no dealy.",
        file: "gold/days.sql",
        line: 15,
      },
    },
  });
  expect(isServed).toBe(false);
  expect(stuck).toHaveLength(1);
  expect(stuck[0]?.text).toContain("Batch 2 of weather is blocked");
  expect(stuck[0]?.text).toContain("pipelines/weather/gold/days.sql:15");
  expect(stuck[0]?.text).toContain("npm run skip -- weather 2");
});

test("a batch that another definition has blocked is waited for: the new one unblocks it", async () => {
  const blocked = {
    definition: "older",
    reason: "job",
    code: "X",
    message: "",
  } as const;
  const found = await look(
    { last: 41, sinks: idleSinks, batch: { state: "blocked", blocked } },
    { last: 41, sinks: idleSinks, batch: {} },
  );
  expect(found).toEqual({ stuck: [], isServed: true });
});

test("a blocked sink is named; the figures are compared only if it is not the one that serves", async () => {
  const blocked = {
    ...idle,
    state: "blocked",
    blocked: { code: "C", message: "m", fault: "theirs", retryAt: "later" },
  };
  const bell = await look({
    last: 41,
    batch: {},
    sinks: { ...idleSinks, bell: blocked } as Sinks,
  });
  expect(bell.stuck).toHaveLength(1);
  expect(bell.isServed).toBe(true);
  const cosmos = await look({
    last: 41,
    batch: {},
    sinks: { ...idleSinks, cosmos: blocked } as Sinks,
  });
  expect(cosmos.isServed).toBe(false);
});
