import {
  DurableBench,
  result,
  settled,
  type DurableApp,
} from "../../support/durable.ts";

let bench: DurableBench;
const begin = (app: DurableApp): DurableBench =>
  (bench = new DurableBench(app));
afterEach(() => bench.close());

test("an event that comes early waits for its waiter, first in first out", async () => {
  begin({
    orchestrators: {
      *wait({ df }) {
        yield df.waitForExternalEvent("start");
        const first = yield* result<number>(df.waitForExternalEvent("n"));
        const second = yield* result<number>(df.waitForExternalEvent("n"));
        return [first, second];
      },
    },
  });
  bench.start("wait");
  bench.raise("n", 1);
  bench.raise("n", 2);
  bench.raise("start");
  expect((await bench.ended()).output).toBe("[1,2]");
});

test("of several waiters for one name the last is served first", async () => {
  begin({
    orchestrators: {
      *wait({ df }) {
        return yield* result(
          df.Task.all([
            df.waitForExternalEvent("n"),
            df.waitForExternalEvent("n"),
          ]),
        );
      },
    },
  });
  bench.start("wait");
  await bench.turns(1);
  bench.raise("n", 1);
  bench.raise("n", 2);
  expect((await bench.ended()).output).toBe("[2,1]");
});

test("the SDK takes the name of an event with its case", async () => {
  begin({
    orchestrators: {
      *wait({ df }) {
        return yield* result(df.waitForExternalEvent("Go"));
      },
    },
  });
  bench.start("wait");
  bench.raise("go", 1);
  await bench.turns(1);
  expect(bench.client.find("one").status).toBe("Running");
  bench.raise("Go", 2);
  expect((await bench.ended()).output).toBe("2");
});

test("an event named like the id of an open task completes that task in the SDK", async () => {
  begin({
    activities: { echo: () => new Promise(() => undefined) },
    orchestrators: {
      *wait({ df }) {
        return yield* result(df.callActivity("echo", 1));
      },
    },
  });
  bench.start("wait");
  await bench.turns(1);
  bench.raise("0", "not from the activity");
  await bench.turns(2);
  expect(bench.trace.answers[1]).toMatchObject({
    isDone: true,
    output: "not from the activity",
  });
});

test("Task.all over tasks that have all ended never resolves in the SDK", async () => {
  begin({
    orchestrators: {
      *stuck({ df }) {
        const one = df.waitForExternalEvent("one");
        yield one;
        yield df.Task.all([one]);
        return "never";
      },
    },
  });
  bench.start("stuck");
  bench.raise("one", 1);
  await bench.turns(1);
  expect(bench.client.find("one").status).toBe("Running");
});

test("an instance that continues as new takes along the events that nobody waited for", async () => {
  begin({
    orchestrators: {
      *count({ df }) {
        const { seen } = df.getInput<{ seen: number[] }>();
        if (seen.length === 3) return seen;
        const n = yield* result<number>(df.waitForExternalEvent("n"));
        df.continueAsNew({ seen: [...seen, n] });
        return undefined;
      },
    },
  });
  bench.start("count", { seen: [] });
  bench.raise("n", 1);
  bench.raise("n", 2);
  bench.raise("n", 3);
  expect((await bench.ended()).output).toBe("[1,2,3]");
});

test("an instance continues as new only when its open timer has fired, and events meanwhile go to the next execution", async () => {
  begin({
    orchestrators: {
      *watch({ df }) {
        const { round } = df.getInput<{ round: number }>();
        if (round === 1) return yield* result(df.waitForExternalEvent("go"));
        yield df.Task.any([
          df.waitForExternalEvent("go"),
          df.createTimer(new Date(df.currentUtcDateTime.getTime() + 60_000)),
        ]);
        df.continueAsNew({ round: round + 1 });
        return undefined;
      },
    },
  });
  bench.start("watch", { round: 0 });
  await bench.turns(1);
  bench.raise("go", "first");
  await bench.turns(2);
  bench.raise("go", "second");
  await bench.turns(3);
  expect(bench.client.find("one")).toMatchObject({
    status: "Running",
    input: '{"round":0}',
  });
  await bench.clock.advance(60_000);
  expect(await bench.ended()).toMatchObject({
    output: '"second"',
    input: '{"round":1}',
  });
});

test("a text given to continueAsNew arrives in quotation marks, as on Azure", async () => {
  begin({
    orchestrators: {
      // eslint-disable-next-line require-yield -- the SDK takes generators only
      *again({ df }) {
        const input = df.getInput<string | null>();
        if (input !== null) return input;
        df.continueAsNew("x");
        return undefined;
      },
    },
  });
  expect(JSON.parse(String((await bench.run("again")).output))).toBe('"x"');
});

test("continueAsNew begins an empty history under a new execution id", async () => {
  begin({
    activities: { echo: (value) => value },
    orchestrators: {
      *loop({ df }) {
        const { left } = df.getInput<{ left: number }>();
        yield df.callActivity("echo", left);
        if (left === 0) return "out";
        df.continueAsNew({ left: left - 1 });
        return undefined;
      },
    },
  });
  expect((await bench.run("loop", { left: 2 })).output).toBe('"out"');
  expect(bench.trace.runs).toHaveLength(3);
  expect(bench.history().map(({ EventType }) => EventType)).toEqual([
    12, 0, 4, 13, 12, 5, 1, 13,
  ]);
});

test("a suspended instance stands still until it is resumed", async () => {
  begin({
    orchestrators: {
      *wait({ df }) {
        return yield* result(df.waitForExternalEvent("go"));
      },
    },
  });
  bench.start("wait");
  await bench.turns(1);
  bench.client.suspend("one", "lunch");
  await settled();
  expect(bench.client.find("one").status).toBe("Suspended");
  bench.client.suspend("one", "again");
  bench.raise("go", 7);
  await settled();
  expect(bench.trace.answers).toHaveLength(1);
  bench.killAndRestart();
  await settled();
  expect(bench.client.find("one").status).toBe("Suspended");
  bench.client.resume("one", "back");
  expect((await bench.ended()).output).toBe("7");
});

test("a terminated instance ends with the reason as its output, also while suspended", async () => {
  begin({
    orchestrators: {
      *wait({ df }) {
        yield df.waitForExternalEvent("go");
      },
    },
  });
  bench.start("wait");
  await bench.turns(1);
  bench.client.suspend("one", "");
  bench.client.terminate("one", "enough");
  expect(await bench.ended()).toMatchObject({
    status: "Terminated",
    output: "enough",
  });
  expect(bench.engine.store.messages()).toEqual([]);
});
