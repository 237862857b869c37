import { createCaches } from "../../../src/ledger/caches.ts";
import {
  purgeHistory,
  type Purger,
} from "../../../src/process/purgeHistory.ts";
import { DurableBench, result, until } from "../../support/durable.ts";

const DAY_MS = 86_400_000;

let bench: DurableBench;
beforeEach(() => {
  bench = new DurableBench({
    orchestrators: {
      *watch({ df }) {
        return yield* result(df.waitForExternalEvent("go"));
      },
      *attempt({ df }) {
        return yield* result(df.callSubOrchestrator("databricksRun"));
      },
      // eslint-disable-next-line require-yield -- the SDK takes generators only
      *databricksRun() {
        return "ended";
      },
    },
  });
});
afterEach(() => {
  bench.close();
});

/** The client's one call, straight into the engine: its way over HTTP is the engine's own test. */
const client: Purger = {
  purgeInstanceHistoryBy({ createdTimeFrom, createdTimeTo, runtimeStatus }) {
    const statuses = runtimeStatus?.map((status) => status.valueOf());
    expect(statuses).toEqual(["Completed", "Failed", "Terminated"]);
    const instancesDeleted = bench.client.purgeAll({
      createdFrom: createdTimeFrom?.toISOString() ?? "",
      createdTo: createdTimeTo?.toISOString() ?? "",
      statuses: ["Completed", "Failed", "Terminated"],
    });
    return Promise.resolve(instancesDeleted);
  },
};

test("what ended a week ago is removed with its children, once a day, and nothing that runs", async () => {
  const context = {
    caches: createCaches(),
    log: () => undefined,
    now: () => bench.clock.now(),
  };
  const left = (): string[] =>
    bench.client
      .list({})
      .page.map(({ name }) => name)
      .sort();
  const all = ["attempt", "databricksRun", "watch"];
  bench.client.start("watch", "running", "null");
  bench.client.start("attempt", "old", "null");
  await until(
    () => bench.client.find("old").status === "Completed",
    () => "the attempt has not ended",
  );
  await purgeHistory(context, client);
  expect(left()).toEqual(all);
  await bench.clock.advance(7 * DAY_MS - 1_000);
  await purgeHistory(context, client);
  expect(left()).toEqual(all);
  // A week is over, and the next look is a day after the last.
  await bench.clock.advance(2_000);
  await purgeHistory(context, client);
  expect(left()).toEqual(all);
  await bench.clock.advance(DAY_MS);
  await purgeHistory(context, client);
  expect(left()).toEqual(["watch"]);
});

test("a purge that fails is told, and is not tried again for a day", async () => {
  const logged: unknown[] = [];
  let now = 5 * DAY_MS;
  let calls = 0;
  const context = {
    caches: createCaches(),
    log: (...line: readonly unknown[]) => void logged.push(line.slice(1)),
    now: () => now,
  };
  const failing: Purger = {
    purgeInstanceHistoryBy: () => {
      calls += 1;
      return Promise.reject(new Error("busy"));
    },
  };
  await purgeHistory(context, failing);
  expect(logged).toEqual([["history.purgeFailed", { message: "Error: busy" }]]);
  for (const [later, expected] of [
    [DAY_MS - 1, 1],
    [DAY_MS, 2],
  ] as const) {
    now = 5 * DAY_MS + later;
    await purgeHistory(context, failing);
    expect(calls).toBe(expected);
  }
});
